"""Someone paying for others: many deposits on one day from one terminal, or for one branch (docs/rules.md, 4.2)."""

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    String,
    Table,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from ancadmin.db.schema import branch, deposit, statement
from ancadmin.domain.deposits import Flag, State
from ancadmin.domain.policy import Policy
from ancadmin.services.deposits.matching.ladder import number_on

_DAYS = Table("looked_days", MetaData(), Column("value_date", String, primary_key=True), prefixes=["TEMPORARY"])
# Codes seen often on one day; `kind` is the deposit's column they stand in.
_BUSY = Table(
    "busy_codes",
    MetaData(),
    Column("kind", String, primary_key=True),
    Column("value_date", String, primary_key=True),
    Column("code", String, primary_key=True),
    prefixes=["TEMPORARY"],
)
_KINDS = {"terminal": deposit.c.terminal, "branch": deposit.c.branch}


class Patterns:
    """The codes seen in at least as many deposits of one day as its policy says, all accounts together, whatever became
    of these.
    """

    def __init__(self, connection: Connection, policy: Policy) -> None:
        self._connection = connection
        self._least = number_on("bulk_pattern_deposits", deposit.c.value_date, policy)
        _DAYS.create(connection)
        _BUSY.create(connection)

    def find(self, which: ColumnElement[bool]) -> None:
        """Looks at the days on which some deposits lie."""
        days = select(deposit.c.value_date).where(which).distinct()
        self._connection.execute(insert(_DAYS).from_select(["value_date"], days))
        for kind, code in _KINDS.items():
            self._connection.execute(insert(_BUSY).from_select(_BUSY.columns.keys(), self._busy(kind, code)))

    def flag(self) -> ColumnElement[str | None]:
        """The flag of a deposit, or null."""
        return case((self._shows(), Flag.BULK_PATTERN.value), else_=null())

    def flag_earlier(self, number: int) -> None:
        """Flags deposits decided about before batch `number`, when there were not so many of their code yet."""
        self._connection.execute(
            update(deposit)
            .where(
                deposit.c.value_date.in_(select(_BUSY.c.value_date)),
                *_received(),
                deposit.c.matched_in != number,
                deposit.c.flags.is_(None),
                self._shows(),
            )
            .values(flags=Flag.BULK_PATTERN.value)
        )

    def unflag(self) -> None:
        """Takes the flag off deposits of these days that are no longer so many."""
        self._connection.execute(
            update(deposit)
            .where(
                deposit.c.value_date.in_(select(_DAYS.c.value_date)),
                *_received(),
                deposit.c.flags.is_not(None),
                ~self._shows(),
            )
            .values(flags=None)
        )

    def close(self) -> None:
        """Drops what was found."""
        _BUSY.drop(self._connection)
        _DAYS.drop(self._connection)

    def _busy(self, kind: str, code: ColumnElement[str | None]) -> Select[tuple[str, str, str | None]]:
        query = select(literal(kind), deposit.c.value_date, code).where(
            deposit.c.value_date.in_(select(_DAYS.c.value_date)), *_received(), code.is_not(None)
        )
        if kind == "branch":
            query = query.where(code.in_(select(branch.c.code)))
        return query.group_by(deposit.c.value_date, code).having(func.count() >= self._least)

    def _shows(self) -> ColumnElement[bool]:
        return or_(
            *(
                exists(
                    select(1).where(
                        _BUSY.c.kind == kind, _BUSY.c.value_date == deposit.c.value_date, _BUSY.c.code == code
                    )
                )
                for kind, code in _KINDS.items()
            )
        )


def _received() -> tuple[ColumnElement[bool], ...]:
    """Money that came in; the accounts are named so that with a day the index of lines serves."""
    return (
        deposit.c.account.in_(select(statement.c.account)),
        deposit.c.reversed_by.is_(None),
        deposit.c.state != State.NOT_A_DEPOSIT.value,
    )
