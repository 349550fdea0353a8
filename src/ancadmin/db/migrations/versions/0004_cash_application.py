"""Cash application: suggestions, aliases, bulk schedules, approvals, reminders; what statements say of themselves"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to 0004."""
    op.create_table(
        "approval_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=True),
        sa.Column("decided_why", sa.String(), nullable=True),
        sa.Column("decided_in", sa.Integer(), nullable=True),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_approval_request_batch"), "approval_request", ["batch"], unique=False)
    op.create_index(op.f("ix_approval_request_decided_in"), "approval_request", ["decided_in"], unique=False)
    op.create_index("ix_approval_request_subject", "approval_request", ["kind", "subject"], unique=False)
    op.create_table(
        "bulk_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_why", sa.String(), nullable=True),
        sa.Column("approved_in", sa.Integer(), nullable=True),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.ForeignKeyConstraint(
            ["deposit"],
            ["deposit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_bulk_schedule_batch"), "bulk_schedule", ["batch"], unique=False)
    op.create_index(op.f("ix_bulk_schedule_deposit"), "bulk_schedule", ["deposit"], unique=False)
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.Column("reversed_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.ForeignKeyConstraint(
            ["deposit"],
            ["deposit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_alias_batch"), "alias", ["batch"], unique=False)
    op.create_index("ix_alias_key", "alias", ["kind", "key"], unique=False)
    op.create_index(op.f("ix_alias_member"), "alias", ["member"], unique=False)
    op.create_table(
        "bulk_share",
        sa.Column("schedule", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["schedule"],
            ["bulk_schedule.id"],
        ),
        sa.PrimaryKeyConstraint("schedule", "line"),
    )
    op.create_index(op.f("ix_bulk_share_member"), "bulk_share", ["member"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("sent_in", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.Column("failed", sa.String(), nullable=True),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.ForeignKeyConstraint(
            ["member"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reminder_batch", "reminder", ["batch"], unique=False)
    op.create_index("ix_reminder_member", "reminder", ["member"], unique=False)
    op.create_index(
        "ix_reminder_waiting",
        "reminder",
        ["channel"],
        unique=False,
        sqlite_where=sa.text("reversed_by IS NULL AND sent_in IS NULL"),
        postgresql_where=sa.text("reversed_by IS NULL AND sent_in IS NULL"),
    )
    op.create_index(
        "ux_reminder_once",
        "reminder",
        ["member", "kind", "about"],
        unique=True,
        sqlite_where=sa.text("reversed_by IS NULL"),
        postgresql_where=sa.text("reversed_by IS NULL"),
    )
    op.create_index("ix_reminder_sent_in", "reminder", ["sent_in"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.ForeignKeyConstraint(
            ["deposit"],
            ["deposit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("deposit", "batch", "member"),
    )
    op.create_index("ix_suggestion_batch", "suggestion", ["batch"], unique=False)
    op.create_index("ix_suggestion_member", "suggestion", ["member"], unique=False)
    op.add_column("refund", sa.Column("debit", sa.Integer(), nullable=True))
    op.add_column("refund", sa.Column("reversed_why", sa.String(), nullable=True))
    op.add_column("statement", sa.Column("period_from", sa.String(), nullable=True))
    op.add_column("statement", sa.Column("period_to", sa.String(), nullable=True))
    op.add_column("statement", sa.Column("sequence", sa.String(), nullable=True))
    op.create_index(
        "ix_deposit_suggested",
        "deposit",
        ["reason"],
        unique=False,
        sqlite_where=sa.text("state = 'suggested'"),
        postgresql_where=sa.text("state = 'suggested'"),
    )
