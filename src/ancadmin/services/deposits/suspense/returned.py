"""Money the bank took back: the deposit is undone by the debit line in which it left (docs/rules.md, section 4.2)."""

from sqlalchemy import RowMapping, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import deposit, refund
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.money import rands
from ancadmin.errors import InputRefused, NotAllowed
from ancadmin.services.deposits.allowed import require_officer
from ancadmin.services.deposits.entries import DepositRow, deposit_row
from ancadmin.services.deposits.works import Decided, concluded, give_back, require_reach_of_all, take_back
from ancadmin.services.member.decide import require_reason
from ancadmin.services.session import Session


def returned(session: Session, number: int, line: int, why: str) -> Decided:
    """Records that the bank took the whole of deposit `number` back in the debit `line` of the same account: what was
    credited counts on no day any more. It needs no approval, for it has happened. Raises InputRefused where the two do
    not fit, NotAllowed where the line serves another deposit, money was given back already, or somebody it is credited
    to is out of reach.
    """
    why = require_reason(why)
    require_officer(session, "record that the bank took money back")
    with session.batch("deposits returned") as batch:
        found = deposit_row(batch.connection, number)
        if found.refunded:
            raise NotAllowed(
                f"{rands(found.refunded)} of deposit {number} was given back already",
                f'Take that back first, if it never went out: ancadmin deposits reverse {number} --why "..."',
            )
        _check(batch, found, line)
        require_reach_of_all(session, batch, number)
        take_back(batch, found, why)
        give_back(batch, found, found.cents, why, debit=line)
        return concluded(batch, found, State.REFUNDED, Reason.RETURNED, found.cents)


def _check(batch: Batch, found: DepositRow, line: int) -> None:
    debit = _debit(batch, line)
    account = batch.connection.scalar(select(deposit.c.account).where(deposit.c.id == found.number))
    see = "See: ancadmin deposits list --state not_a_deposit"
    if debit["account"] != account:
        raise InputRefused(f"line {line} is of account {debit['account']}, deposit {found.number} of {account}", see)
    if -debit["cents"] != found.cents:
        raise InputRefused(
            f"line {line} took out {rands(-debit['cents'])}, deposit {found.number} is {rands(found.cents)}", see
        )
    if debit["value_date"] < found.value_date:
        raise InputRefused(f"line {line} is of {debit['value_date']}, before the deposit came in", see)
    served = batch.connection.scalar(
        select(refund.c.deposit).where(refund.c.debit == line, refund.c.reversed_by.is_(None))
    )
    if served is not None:
        raise NotAllowed(f"in line {line} the bank took deposit {served} back", see)


def _debit(batch: Batch, line: int) -> RowMapping:
    query = select(deposit.c.account, deposit.c.cents, deposit.c.value_date).where(
        deposit.c.id == line, deposit.c.reversed_by.is_(None), deposit.c.state == State.NOT_A_DEPOSIT.value
    )
    row = batch.connection.execute(query).mappings().first()
    if row is None or row["cents"] >= 0:
        raise InputRefused(
            "no line of this number took money out",
            "See: ancadmin deposits list --state not_a_deposit",
            value=str(line),
        )
    return row
