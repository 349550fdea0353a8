"""Standing and decisions: transfers, disputes with their proofs, and which branch a request for approval is about"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to 0006."""
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("lodged_on", sa.String(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("lodged_by", sa.String(), nullable=False),
        sa.Column("lodged_at", sa.String(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_on", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=True),
        sa.Column("decided_why", sa.String(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("decided_in", sa.Integer(), nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.ForeignKeyConstraint(
            ["branch"],
            ["branch.code"],
        ),
        sa.ForeignKeyConstraint(
            ["follows"],
            ["dispute.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_dispute_batch"), "dispute", ["batch"], unique=False)
    op.create_index(op.f("ix_dispute_branch"), "dispute", ["branch"], unique=False)
    op.create_index(op.f("ix_dispute_decided_in"), "dispute", ["decided_in"], unique=False)
    op.create_index(op.f("ix_dispute_member"), "dispute", ["member"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("from_branch", sa.String(), nullable=False),
        sa.Column("to_branch", sa.String(), nullable=False),
        sa.Column("moved_on", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.ForeignKeyConstraint(
            ["from_branch"],
            ["branch.code"],
        ),
        sa.ForeignKeyConstraint(
            ["member"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_branch"],
            ["branch.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_transfer_batch"), "transfer", ["batch"], unique=False)
    op.create_index("ix_transfer_member", "transfer", ["member", "moved_on"], unique=False)
    op.create_index(op.f("ix_transfer_to_branch"), "transfer", ["to_branch"], unique=False)
    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("keep_until", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("removed_in", sa.Integer(), nullable=True),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["batch.number"],
        ),
        sa.ForeignKeyConstraint(
            ["dispute"],
            ["dispute.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_proof_batch"), "proof", ["batch"], unique=False)
    op.create_index(op.f("ix_proof_dispute"), "proof", ["dispute"], unique=False)
    op.add_column("approval_request", sa.Column("place", sa.String(), nullable=True))
