"""docs/rules.md, section 4.2: Σ deposits = Σ allocated + Σ unallocated + Σ refunded, to the cent, at every moment."""

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError
from tests.accounts import on_record
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    NOBODY,
    VAN_DER_MERWE,
    rands,
    register,
    session,
    statement,
)

from ancadmin.db.schema import (
    allocation,
    approval_request,
    batch,
    bulk_schedule,
    deposit,
    member,
    refund,
    standing,
)
from ancadmin.domain.roles import Role
from ancadmin.errors import AncadminError
from ancadmin.services.approvals import deciding
from ancadmin.services.batch.undo import undo_batch
from ancadmin.services.config.adopt import adopt
from ancadmin.services.deposits.balance import balances
from ancadmin.services.deposits.bulk import approving, schedules
from ancadmin.services.deposits.matching.match import match_deposits
from ancadmin.services.deposits.officer import allocate, refund_deposit, reverse
from ancadmin.services.deposits.statements.importing import import_statements
from ancadmin.services.deposits.suspense.moving import move
from ancadmin.services.deposits.suspense.returned import returned

NARRATIVES = [MOKOENA, NAIDOO, VAN_DER_MERWE, NOBODY, f"{MOKOENA} {NAIDOO}", "BULK 9 MEMBERS", "X", ""]
AMOUNTS = [1200, 2000, 5001, 60000, -2000, -5001]
WHY = "A reason"


class Clerks:
    """Someone who draws what to do next. Thandi asks and the sole operator approves, from a small amount on."""

    def __init__(self, office, seed):
        self.office, self.draw = office, Random(seed)
        on_record(office, "thandi", ("national_officer", "national"))
        work = session(office)
        officer = ((Role.NATIONAL_OFFICER, "national"),)
        numbers = tuple(replace(one, alone_cents=1500) for one in work.policy.numbers)
        self.work = replace(work, policy=replace(work.policy, numbers=numbers))
        adopt(self.work)
        self.thandi = replace(self.work, account="thandi", sole_operator=False, roles=officer)
        days = range(1, 29)
        self.paid_in = [(f"2020-03-{day:02}", self.draw.choice(AMOUNTS), self.draw.choice(NARRATIVES)) for day in days]

    def does(self, what):
        """One command; its batch."""
        return getattr(self, what)()

    def takes_in(self):
        first = self.draw.randrange(len(self.paid_in))
        path = statement(self.office, "some.csv", self.paid_in[first : first + 8])
        return import_statements(self.work, [path], account=self.draw.choice(["A", "B"])).batch

    def matches(self):
        return match_deposits(self.work).batch

    def allocates(self):
        cents = self.draw.choice([None, 1, 500])
        return allocate(self.work, self.some(), self.draw.choice([MOKOENA, NAIDOO]), cents, WHY).batch

    def reverses(self):
        of = self.draw.choice([None, None, MOKOENA])
        who = self.draw.choice([self.work, self.thandi])
        return reverse(who, self.some(deposit.c.state.in_(["matched", "refunded"])), WHY, of).batch

    def refunds(self):
        return refund_deposit(self.draw.choice([self.work, self.thandi]), self.some(), WHY).batch

    def moves(self):
        sender, receiver = self.draw.sample([MOKOENA, NAIDOO], 2)
        cents = self.draw.choice([None, 700])
        who = self.draw.choice([self.work, self.thandi])
        return move(who, self.some(deposit.c.state == "matched"), sender, receiver, cents, WHY).batch

    def returns(self):
        number = self.some(deposit.c.cents.in_([2000, 5001]))
        debit = deposit.alias("debit")
        fits = (
            select(debit.c.id)
            .join(deposit, deposit.c.account == debit.c.account)
            .where(
                deposit.c.id == number,
                debit.c.cents == -deposit.c.cents,
                debit.c.value_date >= deposit.c.value_date,
                debit.c.reversed_by.is_(None),
            )
        )
        return returned(self.work, number, self.any(fits.order_by(debit.c.id)), WHY).batch

    def schedules(self):
        number = self.some(deposit.c.state == "bulk")
        with self.work.store.connect() as connection:
            cents = connection.scalar(select(deposit.c.cents).where(deposit.c.id == number)) or 0
        lines = [f"{MOKOENA},{rands(cents - 900)}", f"{NAIDOO},9.00"]
        path = self.office.write("schedule.csv", "\n".join(["ID number,Amount", *lines]))
        return schedules.schedule(self.thandi, number, path).batch

    def splits(self):
        return approving.approve(self.work, self.any(self.scheduled()), WHY, ["all"]).batch

    def refuses_a_split(self):
        return schedules.refuse(self.work, self.any(self.scheduled()), WHY)["batch"]

    def approves(self):
        return deciding.approve(self.work, self.any(self.asked()), WHY)["batch"]

    def refuses(self):
        return deciding.refuse(self.work, self.any(self.asked()), WHY)["batch"]

    def undoes(self):
        wanted = batch.c.command.not_in(["init", "batch undo"]) & batch.c.undone_by.is_(None)
        work = wanted & (batch.c.command.like("deposits %") | batch.c.command.like("approvals %"))
        return undo_batch(self.work, self.any(select(batch.c.number).where(work).order_by(batch.c.number))).batch

    def scheduled(self):
        waits = (bulk_schedule.c.reversed_by.is_(None), bulk_schedule.c.approved_in.is_(None))
        return select(bulk_schedule.c.deposit).where(*waits).order_by(bulk_schedule.c.id)

    def asked(self):
        waits = (approval_request.c.verdict.is_(None), approval_request.c.reversed_by.is_(None))
        return select(approval_request.c.id).where(*waits).order_by(approval_request.c.id)

    def some(self, *conditions):
        return self.any(select(deposit.c.id).where(deposit.c.cents > 0, *conditions).order_by(deposit.c.id))

    def any(self, query):
        with self.work.store.connect() as connection:
            return self.draw.choice([*connection.scalars(query), 99999])


MONEY = ("allocates", "reverses", "refunds", "moves", "returns", "splits", "approves")
WORK = ("takes_in", "matches", *MONEY, "schedules", "refuses_a_split", "refuses")


@pytest.mark.parametrize("seed", [1])
def test_after_any_sequence_of_commands(office, seed):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    clerks = Clerks(office, seed)
    done = dict.fromkeys((*WORK, "undoes"), 0)
    tries = 0
    while tries < 30 or (not all(done.values()) and tries < 400):
        tries += 1
        # Whatever was not done yet comes first, so that every kind of work is among them.
        what = clerks.draw.choice([one for one in done if not done[one]] or list(done))
        what = clerks.draw.choice([what, clerks.draw.choice(list(done))])
        try:
            clerks.does(what)
            done[what] += 1
        except AncadminError:
            continue  # refused: then nothing changed, and that is looked at too
        finally:
            assert all(one.holds for one in balances(clerks.work))
            assert _each_deposit_holds(clerks.work)
    assert all(done.values()), done


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_commands_undone_in_any_legal_order_leave_the_ledger_as_it_was(office, seed):
    register(office, [{"id_number": MOKOENA}, {"id_number": NAIDOO}])
    clerks = Clerks(office, seed)
    path = statement(office, "all.csv", clerks.paid_in)
    import_statements(clerks.work, [path], account="A")
    match_deposits(clerks.work)
    before = _ledger(clerks.work)
    made: list[int] = []
    while len(made) < 10:
        try:
            made.append(clerks.does(clerks.draw.choice([*WORK, *MONEY, "schedules"])))
        except AncadminError:
            continue
    assert _ledger(clerks.work) != before
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
    assert _ledger(clerks.work) == before
    assert _each_deposit_holds(clerks.work)


def _ledger(work):
    """What is on record of money, without the numbers of entries: deposits, what was credited and given back, whose
    schedules and requests wait, and what follows for standing.
    """
    with work.store.connect() as connection:

        def rows(query):
            return sorted(tuple(map(str, row)) for row in connection.execute(query))

        lines = select(deposit).where(deposit.c.reversed_by.is_(None))
        names = (
            "account",
            "value_date",
            "cents",
            "narrative",
            "state",
            "reason",
            "unallocated_cents",
            "member",
            "flags",
        )
        credited = select(*(allocation.c[name] for name in ("deposit", "member", "cents", "value_date", "reason")))
        given = select(refund.c.deposit, refund.c.cents, refund.c.debit)
        waits = (bulk_schedule.c.reversed_by.is_(None), bulk_schedule.c.approved_in.is_(None))
        derived = [column for column in standing.columns if column.name not in ("status", "status_on")]
        return [
            sorted(tuple(str(getattr(row, name)) for name in names) for row in connection.execute(lines)),
            rows(credited.where(allocation.c.reversed_by.is_(None))),
            rows(given.where(refund.c.reversed_by.is_(None))),
            rows(select(bulk_schedule.c.deposit).where(*waits)),
            rows(select(approval_request.c.id).where(approval_request.c.reversed_by.is_(None))),
            rows(select(*derived)),
        ]


@pytest.mark.parametrize("table", ["allocation", "refund"])
def test_the_store_itself_lets_no_deposit_give_more_than_it_holds(office, table):
    register(office, [{"id_number": MOKOENA}])
    office("deposits", "import", statement(office, "one.csv", [("2020-03-02", 2000, MOKOENA)]), "--account", "A")
    office("deposits", "match")
    store = session(office).store
    with store.connect() as connection:
        who, number = connection.scalar(select(member.c.id)), connection.scalar(select(func.min(batch.c.number)))
    rows = {
        "allocation": insert(allocation).values(
            deposit=1, member=who, cents=1, value_date="2020-03-02", reason="officer", batch=number
        ),
        "refund": insert(refund).values(deposit=1, cents=1, why=WHY, batch=number),
    }
    wrong = [
        rows[table],
        update(allocation).values(cents=2001),
        update(deposit).where(deposit.c.id == 1).values(cents=1999),
    ]
    for statement_ in wrong:
        with pytest.raises(DBAPIError, match="beyond its amount"), store.write() as connection:
            connection.execute(statement_)
    with store.write() as connection:  # what was taken back may be given again, and no more
        connection.execute(update(allocation).values(reversed_by=number))
        connection.execute(rows[table])
        connection.execute(update(allocation).where(allocation.c.cents == 1).values(cents=2000))
    again = update(allocation).where(allocation.c.reversed_by == number).values(reversed_by=None)
    with pytest.raises(DBAPIError, match="beyond its amount"), store.write() as connection:
        connection.execute(again)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_payments_give_the_same_standing_in_whatever_order_their_value_dates_come(office):
    register(office, [{"id_number": MOKOENA, "last_payment_on": "2015-03-01", "last_payment": "20.00"}])
    days = ["2019-05-05", "2016-01-01", "2017-07-07"]
    found = set()
    work = session(office)
    for order in (days, days[::-1]):
        batches = []
        for day in order:  # one statement each: late and back-dated ones re-settle the member
            path = statement(office, f"{day}.csv", [(day, 2000, MOKOENA)])
            batches += [import_statements(work, [path], account="A").batch, match_deposits(work).batch]
        told = [
            office("member", "explain", MOKOENA, "--on", f"{year}-12-31", "--json").json for year in range(2016, 2020)
        ]
        found.add(tuple((one["status"], one["facts"]["paid_until"], one["facts"]["arrears_cents"]) for one in told))
        for number in reversed(batches):
            undo_batch(work, number)
    assert len(found) == 1


def _each_deposit_holds(work):
    with work.store.connect() as connection:
        credited = (
            select(allocation.c.deposit, func.sum(allocation.c.cents).label("cents"))
            .where(allocation.c.reversed_by.is_(None))
            .group_by(allocation.c.deposit)
            .subquery()
        )
        rows = connection.execute(
            select(deposit, func.coalesce(credited.c.cents, 0).label("credited"))
            .select_from(deposit.outerjoin(credited, credited.c.deposit == deposit.c.id))
            .where(deposit.c.reversed_by.is_(None))
        ).all()
    return all(
        row.credited + row.unallocated_cents <= max(row.cents, 0)
        and (row.state != "matched" or (row.credited and not row.unallocated_cents))
        and (row.state not in ("open", "bulk") or row.unallocated_cents == row.cents)
        for row in rows
    )


def test_a_cent_gone_astray_shows(office):
    register(office, [{"id_number": MOKOENA}])
    office("deposits", "import", statement(office, "one.csv", [("2020-03-02", 2000, "X")]), "--account", "A")
    office("deposits", "import", statement(office, "two.csv", [("2020-03-02", 2000, "X")]), "--account", "B")
    with session(office).store.write() as connection:
        connection.execute(update(deposit).where(deposit.c.account == "A").values(unallocated_cents=1999))
    answer = office("deposits", "balance", "--json", code=10)
    assert [(row["account"], row["holds"]) for row in answer.json] == [("A", False), ("B", True)]
    assert "does not hold: A" in answer.err
