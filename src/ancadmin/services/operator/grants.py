"""What a login may do on the PostgreSQL server itself, so that roles protect there and not only guide.

An auditor's login may read, and add to the access trail; a writer's may change the tables, but the trails only grow;
only who gives roles may write the tables of operators. On SQLite there are no logins and nothing is done.
"""

from datetime import date

from sqlalchemy import Connection, or_, select, text

from ancadmin.db.schema import METADATA, operator, operator_role
from ancadmin.domain.authorisation import Matrix
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed

_TRAILS = {"audit_event", "access_event"}
_RIGHTS_OVER_OTHERS = {"operator", "operator_role"}

_WRITES_SETTINGS = """(key = 'fee_calendar' OR EXISTS (
    SELECT 1 FROM operator_role
    WHERE account = session_user AND role = 'national_officer' AND reversed_by IS NULL
    AND (ends_on IS NULL OR ends_on > to_char(now() AT TIME ZONE 'Africa/Johannesburg', 'YYYY-MM-DD'))
))"""
_SETTINGS = {
    "everybody_reads": "FOR SELECT USING (true)",
    "national_officers_write": f"FOR ALL USING {_WRITES_SETTINGS} WITH CHECK {_WRITES_SETTINGS}",
}


def has_login(connection: Connection, account: str) -> bool:
    """Whether the server knows the login; always true on SQLite, where accounts are the operating system's."""
    if connection.dialect.name != "postgresql":
        return True
    found = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :account"), {"account": account})
    return found is not None


def grant(connection: Connection, account: str, role: Role, matrix: Matrix) -> None:
    """Gives the login what the role needs; who gives roles by the matrix may pass on the rights too. Idempotent."""
    if connection.dialect.name != "postgresql":
        return
    login = connection.dialect.identifier_preparer.quote_identifier(account)
    gives = role in matrix.giving
    option = " WITH GRANT OPTION" if gives else ""
    tables: dict[str, list[str]] = {}
    for name in ("alembic_version", *METADATA.tables):
        tables.setdefault(_rights(name, role, gives=gives), []).append(f'"{name}"')
    for rights, names in tables.items():
        connection.exec_driver_sql(f"GRANT {rights} ON {', '.join(names)} TO {login}{option}")
    if role.writes:
        connection.exec_driver_sql(
            f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {_schema(connection)} TO {login}{option}"
        )


def withdraw(connection: Connection, account: str) -> None:
    """Takes from the login whatever `grant` gave it. The owner of the tables keeps what owners have. Who was given the
    right to pass rights on has to be asked for what they passed on; what is left then is for `refuse_left` to say.
    """
    if connection.dialect.name != "postgresql" or not has_login(connection, account):
        return
    login = connection.dialect.identifier_preparer.quote_identifier(account)
    schema = _schema(connection)
    if _owns(connection, account):
        return
    quote = connection.dialect.identifier_preparer.quote_identifier
    for kind in ("TABLES", "SEQUENCES"):
        for giver in _givers_of(connection, account):
            connection.exec_driver_sql(
                f"REVOKE GRANT OPTION FOR ALL ON ALL {kind} IN SCHEMA {schema} FROM {quote(giver)} CASCADE"
            )
        connection.exec_driver_sql(f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {login} CASCADE")


def refuse_left(connection: Connection, account: str) -> None:
    """Raises NotAllowed where somebody who is no operator any more keeps rights on the server: the server lets only
    those take rights back who gave them, and those who gave it to these.
    """
    if connection.dialect.name != "postgresql":
        return
    givers = _givers_of(connection, account, others=False)
    if givers and not _owns(connection, account):
        raise NotAllowed(
            f"the server lets only {', '.join(givers)} take back what {account} may do there",
            "Ask them to revoke the role, or the owner of the tables.",
        )


def _givers_of(connection: Connection, account: str, *, others: bool = True) -> list[str]:
    """The logins that passed rights on to an account; with `others` not the caller, nor the owner of the tables."""
    found = connection.scalars(
        text(
            "SELECT DISTINCT pg_get_userbyid(one.grantor) FROM pg_class AS made, aclexplode(made.relacl) AS one "
            "WHERE made.relnamespace = current_schema()::regnamespace AND pg_get_userbyid(one.grantee) = :account "
            "AND NOT (:others AND (one.grantor = made.relowner OR pg_get_userbyid(one.grantor) = current_user)) "
            "ORDER BY 1"
        ),
        {"account": account, "others": others},
    )
    return [str(name) for name in found]


def renew(connection: Connection, matrix: Matrix, today: date) -> None:
    """Gives every operator's login again what its roles of today need: after one was withdrawn, or a table was added.
    Who owns the tables first takes from those who give no roles any more what an earlier matrix let them pass on. Who
    does not gives to those who were left without, and not to themselves: the server would refuse it.
    """
    if connection.dialect.name != "postgresql":
        return
    caller = str(connection.scalar(text("SELECT session_user")))
    owns = _owns(connection, caller)
    held = connection.execute(
        select(operator_role.c.account, operator_role.c.role)
        .join(operator, operator.c.account == operator_role.c.account)
        .where(
            operator.c.reversed_by.is_(None),
            operator_role.c.reversed_by.is_(None),
            or_(operator_role.c.ends_on.is_(None), operator_role.c.ends_on > today.isoformat()),
        )
    ).all()
    if owns:
        giving = {row.account for row in held if Role(row.role) in matrix.giving}
        for account in sorted(({row.account for row in held} & _write_roles(connection)) - giving):
            withdraw(connection, account)
    for row in held:
        if has_login(connection, row.account) and (owns or _is_without(connection, row.account)):
            grant(connection, row.account, Role(row.role), matrix)


def follow(connection: Connection, before: Matrix | None, now: Matrix, today: date) -> None:
    """Lets the logins' rights follow a matrix that came into force: who gives roles by one of the two alone loses what
    was granted, and gets what is needed now. `before` None: it is not known, and nobody's rights change.
    """
    if connection.dialect.name != "postgresql":
        return
    guard_settings(connection)
    others = before.giving ^ now.giving if before else frozenset()
    if others:
        held = select(operator_role.c.account).where(
            operator_role.c.role.in_(sorted(others)), operator_role.c.reversed_by.is_(None)
        )
        for account in connection.scalars(held.distinct()).all():
            withdraw(connection, account)
        renew(connection, now, today)


def guard_settings(connection: Connection) -> None:
    """Lets only national officers' logins write what is true of the whole store, the reckoning of fees excepted, which
    every officer's work carries on. Done by the owner of the tables; nothing where somebody else calls.
    """
    if connection.dialect.name != "postgresql":
        return
    if not _owns(connection, str(connection.scalar(text("SELECT session_user")))):
        return
    connection.exec_driver_sql("ALTER TABLE setting ENABLE ROW LEVEL SECURITY")
    for name, rule in _SETTINGS.items():
        connection.exec_driver_sql(f"DROP POLICY IF EXISTS {name} ON setting")
        connection.exec_driver_sql(f"CREATE POLICY {name} ON setting {rule}")


def _owns(connection: Connection, account: str) -> bool:
    """Whether the tables are the login's own."""
    query = text("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = :account LIMIT 1")
    return connection.scalar(query, {"account": account}) is not None


def _write_roles(connection: Connection) -> set[str]:
    """The logins that may write the tables of operators."""
    query = text("SELECT rolname FROM pg_roles WHERE has_table_privilege(oid, 'operator_role', 'UPDATE')")
    return {str(name) for name in connection.scalars(query)}


def _is_without(connection: Connection, account: str) -> bool:
    query = text("SELECT has_table_privilege(:account, 'operator', 'SELECT')")
    return not connection.scalar(query, {"account": account})


def _rights(table: str, role: Role, *, gives: bool) -> str:
    if table == "alembic_version":
        return "SELECT"
    if table in _TRAILS:
        return "SELECT, INSERT" if role.writes or table == "access_event" else "SELECT"
    if not role.writes or (table in _RIGHTS_OVER_OTHERS and not gives):
        return "SELECT"
    return "SELECT, INSERT, UPDATE, DELETE"


def _schema(connection: Connection) -> str:
    name = str(connection.scalar(text("SELECT current_schema()")))
    return connection.dialect.identifier_preparer.quote_identifier(name)
