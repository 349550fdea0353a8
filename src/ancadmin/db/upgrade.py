"""Making a store and bringing its schema up to this program's."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from ancadmin.db.store import Store, create_sqlite_file, refuse_network_share, schema_version
from ancadmin.db.version import SCHEMA_VERSIONS
from ancadmin.errors import StoreError


def alembic_config(connection: Connection, **attributes: Any) -> Config:
    """Alembic's settings for one connection; migrations run in that connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(str(files("ancadmin.db"))) / "migrations"))
    config.attributes.update(connection=connection, **attributes)
    return config


def upgrade(store: Store) -> tuple[str | None, str]:
    """Makes the store if need be and upgrades its schema, in one transaction; returns version before and after.

    Raises StoreError for a store that is ahead of this program or cannot be made.
    """
    if store.path is not None:
        refuse_network_share(store.path)
        create_sqlite_file(store.path)
    with store.write() as connection:
        before = schema_version(connection)
        if before is not None and before not in SCHEMA_VERSIONS:
            raise StoreError(
                f"{store.name}: the store is ahead of this program (schema {before})",
                "Install the version of ancadmin that wrote it, or a later one.",
            )
        command.upgrade(alembic_config(connection), "head")
        after = schema_version(connection)
    if after is None:
        raise StoreError(f"{store.name}: the schema could not be made", "Run it again with --debug.")
    return before, after
