"""Papers: what a register says apart from its files, several files of one register, and who came to the meeting"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to 0007."""
    op.create_table(
        "paper_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("style", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.number"]),
        sa.ForeignKeyConstraint(["serial"], ["paper.serial"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(
        "INSERT INTO paper_file (serial, form, style, file_hash, batch, content) "
        "SELECT serial, form, '', file_hash, batch, content FROM paper ORDER BY batch, serial"
    )
    op.create_index("ux_paper_file_serial", "paper_file", ["serial", "form", "style"], unique=True)
    op.create_index("ix_paper_file_file_hash", "paper_file", ["file_hash"], unique=False)
    op.create_index("ix_paper_file_batch", "paper_file", ["batch"], unique=False)
    op.drop_index("ix_paper_file_hash", table_name="paper")
    for column in ("form", "file_hash", "content"):
        op.drop_column("paper", column)
    op.execute("ALTER TABLE paper ADD COLUMN supersedes VARCHAR REFERENCES paper (serial)")
    op.add_column("paper", sa.Column("said", sa.LargeBinary(), nullable=True))
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("as_read", sa.String(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batch.number"]),
        sa.ForeignKeyConstraint(["serial"], ["paper.serial"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attendance_serial", "attendance", ["serial"], unique=False)
    op.create_index("ix_attendance_batch", "attendance", ["batch"], unique=False)
