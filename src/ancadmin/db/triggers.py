"""What the store itself refuses, whatever program writes to it: crediting or giving back more than a deposit holds.

On SQLite row by row, through the index on the deposit; on PostgreSQL once a statement, over the rows it touched. A
change of a deposit's amount, and taking back a reversal, are held against the same rule.
"""

from sqlalchemy import Connection

_MORE_THAN_IT_HOLDS = "a deposit is allocated or refunded beyond its amount"
# What takes money out of a deposit.
_TAKES = ("allocation", "refund")

_TAKEN = """(SELECT coalesce(sum(cents), 0) FROM allocation WHERE deposit = {deposit} AND reversed_by IS NULL)
    + (SELECT coalesce(sum(cents), 0) FROM refund WHERE deposit = {deposit} AND reversed_by IS NULL)"""

# Before an insert, because looking for other entries is cheaper before the new one is among them.
_SQLITE_INSERT = """CREATE TRIGGER {table}_insert_holds BEFORE INSERT ON {table}
WHEN (SELECT cents FROM deposit WHERE id = NEW.deposit) < NEW.cents + {taken}
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

_SQLITE_UPDATE = """CREATE TRIGGER {table}_update_holds AFTER UPDATE OF {columns} ON {table}
WHEN (SELECT cents FROM deposit WHERE id = NEW.{deposit}) < {taken}
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

_POSTGRESQL_ENTRIES = """CREATE FUNCTION deposit_holds_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM deposit
        JOIN (
            SELECT deposit, sum(cents) AS cents FROM (
                SELECT deposit, cents FROM allocation
                WHERE reversed_by IS NULL AND deposit IN (SELECT deposit FROM touched)
                UNION ALL
                SELECT deposit, cents FROM refund
                WHERE reversed_by IS NULL AND deposit IN (SELECT deposit FROM touched)
            ) AS entries GROUP BY deposit
        ) AS taken ON taken.deposit = deposit.id
        WHERE deposit.cents < taken.cents
    ) THEN RAISE EXCEPTION '{message}';
    END IF;
    RETURN NULL;
END $$"""

_POSTGRESQL_AMOUNT = """CREATE FUNCTION deposit_holds_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.cents < {taken} THEN RAISE EXCEPTION '{message}';
    END IF;
    RETURN NULL;
END $$"""

# A trigger that sees all the rows a statement touched may not name columns: it runs at every update.
_POSTGRESQL_RULE = """CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION deposit_holds_entries()"""

_POSTGRESQL_AMOUNT_RULE = """CREATE TRIGGER deposit_amount_holds AFTER UPDATE OF cents ON deposit
FOR EACH ROW EXECUTE FUNCTION deposit_holds_amount()"""


def create_triggers(connection: Connection) -> None:
    """Puts the rule into a store whose tables are there."""
    for statement in _postgresql() if connection.dialect.name == "postgresql" else _sqlite():
        connection.exec_driver_sql(statement)


def _sqlite() -> list[str]:
    entries = _TAKEN.format(deposit="NEW.deposit")
    amount = _TAKEN.format(deposit="NEW.id")
    rules = []
    for table in _TAKES:
        rules.append(_SQLITE_INSERT.format(table=table, taken=entries, message=_MORE_THAN_IT_HOLDS))
        rules.append(_sqlite_update(table, "deposit, cents, reversed_by", "deposit", entries))
    return [*rules, _sqlite_update("deposit", "cents", "id", amount)]


def _sqlite_update(table: str, columns: str, deposit: str, taken: str) -> str:
    return _SQLITE_UPDATE.format(
        table=table, columns=columns, deposit=deposit, taken=taken, message=_MORE_THAN_IT_HOLDS
    )


def _postgresql() -> list[str]:
    rules = [
        _POSTGRESQL_RULE.format(name=f"{table}_{event.lower()}_holds", event=event, table=table)
        for table in _TAKES
        for event in ("INSERT", "UPDATE")
    ]
    return [
        _POSTGRESQL_ENTRIES.format(message=_MORE_THAN_IT_HOLDS),
        _POSTGRESQL_AMOUNT.format(taken=_TAKEN.format(deposit="NEW.id"), message=_MORE_THAN_IT_HOLDS),
        *rules,
        _POSTGRESQL_AMOUNT_RULE,
    ]
