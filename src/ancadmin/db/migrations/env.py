"""How Alembic runs here: on the connection it is given, and from no configuration file."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=context.config.attributes.get("metadata"))
context.run_migrations()
