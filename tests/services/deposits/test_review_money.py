"""Suggestions decided about between other work on deposits: the money adds up throughout, and all of it undone in any
legal order leaves what there was.
"""

import pytest
from sqlalchemy import select
from tests.services.deposits import test_money_stays as money
from tests.services.deposits.reviewing import people
from tests.services.deposits.test_money_stays import WHY, Clerks
from tests.services.deposits.working import MOKOENA, statement

from ancadmin.db.schema import alias, deposit, suggestion
from ancadmin.domain.deposits import Reason
from ancadmin.errors import AncadminError
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.deposits.balance import balances
from ancadmin.services.deposits.listing import Wanted
from ancadmin.services.deposits.matching.match import match_deposits
from ancadmin.services.deposits.review import deciding
from ancadmin.services.deposits.review.accepting import accept_class
from ancadmin.services.deposits.statements.importing import import_statements

# One digit of Mokoena's number is not as it should be; or two are swapped.
NARRATIVES = (f"{MOKOENA[:8]}1{MOKOENA[9:]}", f"{MOKOENA[:5]}{MOKOENA[6]}{MOKOENA[5]}{MOKOENA[7:]} FEE", MOKOENA)
REVIEW = ("accepts", "accepts_a_class", "refuses", "marks", "allocates", "reverses", "matches")


class Reviewers(Clerks):
    """Someone who draws what to decide next."""

    def accepts(self):
        number = self.some(deposit.c.state == "suggested")
        held = select(suggestion.c.member).where(suggestion.c.deposit == number).order_by(suggestion.c.member)
        return deciding.accept(self.work, number, self.any(held)).batch

    def accepts_a_class(self):
        return accept_class(self.work, Reason.NEAR_MISS, least=1, why=WHY, among=Wanted(account="B")).batch

    def refuses(self):
        return deciding.refuse(self.work, self.some(deposit.c.state == "suggested"), why=WHY).batch

    def marks(self):
        return deciding.mark(self.work, self.some(deposit.c.state == "suggested"), why=WHY).batch


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("seed", [1, 2])
def test_ten_decisions_undone_in_any_legal_order_leave_what_there_was(office, seed):
    people(office)
    clerks = Reviewers(office, seed)
    lines = [(f"2021-03-{day:02}", 2000, NARRATIVES[day % 3]) for day in range(1, 19)]
    for account in ("A", "B"):
        import_statements(clerks.work, [statement(office, f"{account}.csv", lines)], account=account)
    match_deposits(clerks.work)
    before = known(clerks.work)
    made = []
    while len(made) < 10:
        try:
            made.append(clerks.does(clerks.draw.choice(REVIEW)))
        except AncadminError:
            continue
        assert all(one.holds for one in balances(clerks.work))
        assert money._each_deposit_holds(clerks.work)
    assert known(clerks.work) != before
    left = list(made)
    for _ in range(200):
        if not left:
            break
        number = clerks.draw.choice(left)
        try:
            kept = undo_batch(clerks.work, number).kept
        except AncadminError as refused:
            kept = "undone already" not in str(refused)
        assert all(one.holds for one in balances(clerks.work))
        if not kept:
            left.remove(number)
    assert not left
    match_deposits(clerks.work)  # what a run that was undone had answered anew is open
    assert known(clerks.work) == before
    assert money._each_deposit_holds(clerks.work)


def known(work):
    """What is on record of money, and what was learnt."""
    with work.store.connect() as connection:
        learnt = select(alias.c.kind, alias.c.key, alias.c.member).where(alias.c.reversed_by.is_(None))
        return [*money._ledger(work), sorted(tuple(row) for row in connection.execute(learnt))]
