"""What a login may do on the PostgreSQL server itself, so that roles protect there and not only guide.

An auditor's login may read, and add to the access trail; a writer's may change the tables, but the trails only grow;
only who gives roles may write the tables of operators. On SQLite there are no logins and nothing is done.
"""

from sqlalchemy import Connection, select, text

from ancadmin.db.schema import METADATA, operator, operator_role
from ancadmin.domain.roles import GIVES, Role

_TRAILS = {"audit_event", "access_event"}
_RIGHTS_OVER_OTHERS = {"operator", "operator_role"}


def has_login(connection: Connection, account: str) -> bool:
    """Whether the server knows the login; always true on SQLite, where accounts are the operating system's."""
    if connection.dialect.name != "postgresql":
        return True
    found = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :account"), {"account": account})
    return found is not None


def grant(connection: Connection, account: str, role: Role) -> None:
    """Gives the login what the role needs. Idempotent."""
    if connection.dialect.name != "postgresql":
        return
    login = connection.dialect.identifier_preparer.quote_identifier(account)
    option = " WITH GRANT OPTION" if role in GIVES else ""
    tables: dict[str, list[str]] = {}
    for name in ("alembic_version", *METADATA.tables):
        tables.setdefault(_rights(name, role), []).append(f'"{name}"')
    for rights, names in tables.items():
        connection.exec_driver_sql(f"GRANT {rights} ON {', '.join(names)} TO {login}{option}")
    if role.writes:
        connection.exec_driver_sql(
            f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {_schema(connection)} TO {login}{option}"
        )


def withdraw(connection: Connection, account: str) -> None:
    """Takes from the login whatever `grant` gave it. The owner of the tables keeps what owners have."""
    if connection.dialect.name != "postgresql" or not has_login(connection, account):
        return
    login = connection.dialect.identifier_preparer.quote_identifier(account)
    schema = _schema(connection)
    owner = connection.scalar(
        text("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = :account LIMIT 1"),
        {"account": account},
    )
    if owner is None:
        for kind in ("TABLES", "SEQUENCES"):
            connection.exec_driver_sql(f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {login} CASCADE")


def renew(connection: Connection) -> None:
    """Gives every operator's login again what its roles need: after one was withdrawn, or a table was added."""
    if connection.dialect.name != "postgresql":
        return
    held = connection.execute(
        select(operator_role.c.account, operator_role.c.role)
        .join(operator, operator.c.account == operator_role.c.account)
        .where(
            operator.c.reversed_by.is_(None), operator_role.c.reversed_by.is_(None), operator_role.c.ends_on.is_(None)
        )
    )
    for row in held.all():
        if has_login(connection, row.account):
            grant(connection, row.account, Role(row.role))


def _rights(table: str, role: Role) -> str:
    if table == "alembic_version":
        return "SELECT"
    if table in _TRAILS:
        return "SELECT, INSERT" if role.writes or table == "access_event" else "SELECT"
    if not role.writes or (table in _RIGHTS_OVER_OTHERS and role not in GIVES):
        return "SELECT"
    return "SELECT, INSERT, UPDATE, DELETE"


def _schema(connection: Connection) -> str:
    name = str(connection.scalar(text("SELECT current_schema()")))
    return connection.dialect.identifier_preparer.quote_identifier(name)
