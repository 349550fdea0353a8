"""Profiles of bank statements beside those of registers: one table for both, which says of what each is"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to 0005."""
    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("headings", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_profile_batch", "profile", ["batch"], unique=False)
    op.create_index("ix_profile_name", "profile", ["kind", "name"], unique=False)
    # In the order of their ids, for the latest counts; new ids, so that PostgreSQL goes on counting from them.
    op.execute(
        "INSERT INTO profile (kind, name, content, headings, batch, reversed_by) "
        "SELECT 'register', name, content, headings, batch, reversed_by FROM register_profile ORDER BY id"
    )
    op.drop_table("register_profile")
