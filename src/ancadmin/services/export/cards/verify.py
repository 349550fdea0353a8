"""What a card's code is worth today: the card is made again, and held against the code (docs/rules.md, section 6).

The register keeps no cards. What a member's card of a day says follows from the record; so the code is compared with
what follows now, and where that is something else, with what was known on that day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, select

from ancadmin.db.schema import member
from ancadmin.domain.cards import CARDS, Card, CardCode, Holder, card_of, read_code
from ancadmin.domain.standing import Status
from ancadmin.errors import InputRefused
from ancadmin.services.export.cards.contents import holder
from ancadmin.services.export.scope import place_of
from ancadmin.services.member.whose import merged_together
from ancadmin.services.member.within import EVERY_ROLE
from ancadmin.services.operator.reach import reaches
from ancadmin.services.session import Session
from ancadmin.services.standing.known import as_known, reckon


class CardVerdict(StrEnum):
    """What a code is: of a card that holds; of one that is over, because of its own last day or what the member is by
    now; of one the register would write otherwise by now; of none this register has given.
    """

    GENUINE = "genuine"
    OVER = "over"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class VerifiedCard:
    """The verdict and a sentence that gives the reason. `differs` names the parts of the card the register would write
    otherwise. The fields after it are None for unknown codes, and about members out of the caller's reach.
    """

    verdict: CardVerdict
    why: str
    issued_on: str
    differs: tuple[str, ...] = ()
    member: int | None = None
    kind: str | None = None
    name: str | None = None
    branch: str | None = None
    valid_until: str | None = None
    status: str | None = None


_NEVER = "neither what the register says of that day nor what it said on it: mistyped, or made up"


def is_card_code(text: str) -> bool:
    """Whether a text, typed or scanned, is the code of a membership card."""
    return read_code(text) is not None


def verify_code(session: Session, text: str) -> VerifiedCard:
    """Says what the code of a card is worth today. Anybody may ask, wherever the member belongs: what the answer tells
    of members out of reach is the verdict alone. Raises InputRefused for a text that is no code.
    """
    code = read_code(text)
    if code is None:
        raise InputRefused(
            "not the code of a membership card",
            "Type it as it stands at the foot of the card: MC-1234-20260415 9F86D081884C7D65",
            value=text,
        )
    issued_on = code.day.isoformat()
    with session.reading("export verify", card=code.number, on=issued_on) as connection:
        if code.day > session.today:
            return VerifiedCard(CardVerdict.UNKNOWN, "its day has not come yet", issued_on)
        kept = select(func.coalesce(member.c.merged_into, member.c.id)).where(member.c.id == code.number)
        number = connection.scalar(kept)
        if number is None:
            return VerifiedCard(CardVerdict.UNKNOWN, _NEVER, issued_on)
        return _held_against(session, connection, code, number)


def _held_against(session: Session, connection: Connection, code: CardCode, number: int) -> VerifiedCard:
    """`number`: the record that answers for the member by now."""
    now = _cards(connection, holder(connection, session.policy, number, code.day), code.day)
    today = holder(connection, session.policy, number, session.today)
    matching = _matching(now, code)
    if matching is not None:
        card = now[matching]
        verdict, why = _holds(card, today, session.today)
        return _told(session, connection, VerifiedCard(verdict, why, card.issued_on), card, today)
    found = _right_then(session, connection, code)
    if found is None:
        return VerifiedCard(CardVerdict.UNKNOWN, _NEVER, code.day.isoformat())
    matching, card = found
    differs = _differing(card, now[matching]) if now else ("kind",)
    why = f"the register says otherwise by now: {', '.join(differs).replace('_', ' ')}"
    if not now:
        why = "the register gives the member no card for that day any more"
    return _told(session, connection, VerifiedCard(CardVerdict.DIFFERS, why, card.issued_on, differs), card, today)


def _cards(connection: Connection, found: Holder | None, day: date) -> tuple[Card, ...]:
    """The card with the ID number masked, and in full; nothing for somebody who has none."""
    if found is None:
        return ()
    place = place_of(connection, found.branch)
    made = (card_of(found, place, day, full_ids=full_ids) for full_ids in (False, True))
    return tuple(card for card in made if card is not None)


def _right_then(session: Session, connection: Connection, code: CardCode) -> tuple[int, Card] | None:
    """The card as it followed from what was known on its day, at the end of it or, as others work on after a card is
    printed, at its beginning.
    """
    related = merged_together(connection, code.number)
    for known in (code.day, code.day - timedelta(days=1)):
        with as_known(session, connection, known, related) as then:
            reckon(then, connection, select(member.c.id).where(member.c.id == code.number))
            made = _cards(connection, holder(connection, then.policy, code.number, code.day), code.day)
        matching = _matching(made, code)
        if matching is not None:
            return matching, made[matching]
    return None


def _matching(cards: tuple[Card, ...], code: CardCode) -> int | None:
    found = (at for at, card in enumerate(cards) if card.number == code.number and code.digest == _digest(card))
    return next(found, None)


def _digest(card: Card) -> str:
    return card.code.rpartition(" ")[2]


def _holds(card: Card, today: Holder | None, day: date) -> tuple[CardVerdict, str]:
    """Whether a card that agrees with the register holds on `day`, and why."""
    status = None if today is None else Status(today.status)
    if status not in (*CARDS, Status.GRACE, Status.NOT_IN_GOOD_STANDING):
        words = "not on record" if status is None else status.words
        return CardVerdict.OVER, f"as the register says, but the member is {words} by now"
    if status not in CARDS or day.isoformat() > card.valid_until:
        return CardVerdict.OVER, f"as the register says, but it was valid until {card.valid_until}"
    return CardVerdict.GENUINE, f"as the register says, and valid until {card.valid_until}"


def _differing(one: Card, other: Card) -> tuple[str, ...]:
    """The parts two cards say differently; a record merged into another is another member."""
    parts = tuple(name for name, said in one.said().items() if said != other.said()[name])
    return parts if one.number == other.number else ("member", *parts)


def _told(
    session: Session, connection: Connection, found: VerifiedCard, card: Card, today: Holder | None
) -> VerifiedCard:
    """The verdict with what the card says, for those whose places reach the member; the verdict alone for others."""
    branch = card.place.code if today is None else today.branch
    if not reaches(session, connection, EVERY_ROLE, branch):
        return VerifiedCard(found.verdict, _PLAIN[found.verdict], found.issued_on)
    return VerifiedCard(
        found.verdict,
        found.why,
        found.issued_on,
        found.differs,
        member=card.number,
        kind=card.kind.value,
        name=card.name,
        branch=card.place.code,
        valid_until=card.valid_until,
        status=None if today is None else today.status,
    )


_PLAIN = {
    CardVerdict.GENUINE: "as the register says, and valid",
    CardVerdict.OVER: "as the register says, but not valid any more",
    CardVerdict.DIFFERS: "the register says otherwise by now",
    CardVerdict.UNKNOWN: _NEVER,
}
