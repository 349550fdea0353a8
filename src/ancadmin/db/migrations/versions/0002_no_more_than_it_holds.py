"""A deposit cannot be allocated or refunded beyond its amount"""

from alembic import op

from ancadmin.db.triggers import create_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to 0002."""
    create_triggers(op.get_bind())
