"""Deposits with suggestions to review: people, a statement, and suggestions as matching would have made them."""

import json
from dataclasses import replace

from sqlalchemy import insert, select, update
from tests.services.deposits.working import MOKOENA, NAIDOO, VAN_DER_MERWE, match, register, session, statement, take_in

from ancadmin.db.schema import deposit, member, suggestion
from ancadmin.services.deposits.review.waiting import ReviewDesk

# Narratives, each of another kind: an old reference, a number with a digit off, words of a depositor, and nothing that
# tells anybody from anybody else.
OLD_REFERENCE, MISTYPED, WORDS, NOTHING = "REF XYZ00423", "8001015019087 FEE", "EFT SIPHO MKHIZE SPAZA", "SUBS"


def suggest(office, narrative, *suggestions, state="suggested"):
    """Lets the one deposit with this narrative wait with suggestions: (ID number, score, reason)."""
    with session(office).batch("deposits match") as batch:
        connection = batch.connection
        number = connection.scalar(
            select(deposit.c.id).where(deposit.c.narrative == narrative, deposit.c.reversed_by.is_(None))
        )
        reason = suggestions[0][2]
        connection.execute(
            update(deposit)
            .where(deposit.c.id == number)
            .values(state=state, reason=reason, member=None, matched_in=batch.number)
        )
        for id_number, score, why in suggestions:
            connection.execute(
                insert(suggestion).values(
                    deposit=number,
                    batch=batch.number,
                    member=select(member.c.id).where(member.c.id_number == id_number).scalar_subquery(),
                    reason=why,
                    score=score,
                    evidence=json.dumps([f"{why.replace('_', ' ')} speaks for it", "the amount is one fee"]),
                )
            )
    return number


def people(office):
    """Three members, who owe dues; the last is dead."""
    register(
        office,
        [
            {"id_number": MOKOENA, "last_payment_on": "2020-06-01", "last_payment": "20.00"},
            {"id_number": NAIDOO, "surname": "Naidoo", "first_names": "Priya", "branch": "10501001"},
            {"id_number": VAN_DER_MERWE, "surname": "van der Merwe", "status": "deceased", "status_on": "2020-02-01"},
        ],
    )


def waiting(office):
    """A deposit of each kind of narrative, matched; of the first two a suggestion, of the third a tie."""
    people(office)
    lines = [(f"2021-03-0{day}", 2000, text) for day, text in enumerate((OLD_REFERENCE, MISTYPED, WORDS, NOTHING), 1)]
    take_in(office, statement(office, "one.csv", lines))
    match(office)
    return {
        OLD_REFERENCE: suggest(
            office, OLD_REFERENCE, (MOKOENA, 93, "legacy_reference"), (NAIDOO, 4, "legacy_reference")
        ),
        MISTYPED: suggest(office, MISTYPED, (MOKOENA, 88, "near_miss")),
        WORDS: suggest(office, WORDS, (MOKOENA, 40, "name"), (NAIDOO, 40, "name")),
    }


def at_desk(office, **more):
    """The desk of the account that runs the tests, or with `account` another's."""
    return ReviewDesk(replace(session(office), **more))
