"""The tables as SQLAlchemy Core, for writing queries with. Generated from `db/tables`: run `make docs`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

METADATA = MetaData()

access_event = Table(
    "access_event",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("operator", String, nullable=False),
    Column("action", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
)

alias = Table(
    "alias",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("member", Integer, ForeignKey("member.id"), nullable=False),
    Column("deposit", Integer, ForeignKey("deposit.id"), nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Column("reversed_why", String),
    Index("ix_alias_batch", "batch"),
    Index("ix_alias_key", "kind", "key"),
    Index("ix_alias_member", "member"),
)

allocation = Table(
    "allocation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("deposit", Integer, ForeignKey("deposit.id"), nullable=False),
    Column("member", Integer, ForeignKey("member.id"), nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("value_date", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("why", String),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Column("reversed_why", String),
    Index("ix_allocation_batch", "batch"),
    Index("ix_allocation_deposit", "deposit"),
    Index("ix_allocation_member", "member", "value_date"),
    CheckConstraint("cents > 0", name="allocation_positive"),
)

approval_request = Table(
    "approval_request",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("content", String, nullable=False),
    Column("cents", BigInteger),
    Column("why", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("asked_at", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("verdict", String),
    Column("decided_by", String),
    Column("decided_at", String),
    Column("decided_why", String),
    Column("decided_in", Integer),
    Column("reversed_by", Integer),
    Index("ix_approval_request_batch", "batch"),
    Index("ix_approval_request_decided_in", "decided_in"),
    Index("ix_approval_request_subject", "kind", "subject"),
)

audit_event = Table(
    "audit_event",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("operator", String, nullable=False),
    Column("action", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
)

batch = Table(
    "batch",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("command", String, nullable=False),
    Column("operator", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String),
    Column("today", String, nullable=False),
    Column("policy_version", String, nullable=False),
    Column("counts", String, nullable=False),
    Column("inputs", String, nullable=False),
    Column("undoes", Integer, ForeignKey("batch.number")),
    Column("undone_by", Integer),
)

branch = Table(
    "branch",
    METADATA,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("region", String, ForeignKey("region.code"), nullable=False),
    Column("ward", String),
    Column("ward_year", Integer),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Index("ix_branch_region", "region"),
)

bulk_schedule = Table(
    "bulk_schedule",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("deposit", Integer, ForeignKey("deposit.id"), nullable=False),
    Column("file", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("approved_by", String),
    Column("approved_why", String),
    Column("approved_in", Integer),
    Column("reversed_by", Integer),
    Index("ix_bulk_schedule_batch", "batch"),
    Index("ix_bulk_schedule_deposit", "deposit"),
)

bulk_share = Table(
    "bulk_share",
    METADATA,
    Column("schedule", Integer, ForeignKey("bulk_schedule.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("member", Integer, ForeignKey("member.id"), nullable=False),
    Column("cents", BigInteger, nullable=False),
    Index("ix_bulk_share_member", "member"),
)

change = Table(
    "change",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("table_name", String, nullable=False),
    Column("key", String, nullable=False),
    Column("field", String, nullable=False),
    Column("old", String),
    Column("new", String),
    Index("ix_change_batch", "batch"),
)

claim = Table(
    "claim",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("subject", Integer, primary_key=True),
    Column("operator", String, nullable=False),
    Column("until", String, nullable=False),
)

cost_decision = Table(
    "cost_decision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sheet", Integer, ForeignKey("cost_sheet.number"), nullable=False),
    Column("kind", String, nullable=False),
    Column("option", Integer, ForeignKey("cost_option.id")),
    Column("why", String, nullable=False),
    Column("operator", String, nullable=False),
    Column("role", String, nullable=False),
    Column("own_work", Boolean, nullable=False),
    Column("decided_at", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ix_cost_decision_sheet", "sheet"),
)

cost_line = Table(
    "cost_line",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("option", Integer, ForeignKey("cost_option.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("part_number", String, nullable=False),
    Column("description", String, nullable=False),
    Column("quantity", String, nullable=False),
    Column("unit_cents", BigInteger),
    Column("handling_percent", String, nullable=False),
    Column("invoice_cents", BigInteger),
    Column("discount_cents", BigInteger, nullable=False),
    Column("allowance_cents", BigInteger),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ux_cost_line_position", "option", "position", unique=True),
)

cost_option = Table(
    "cost_option",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sheet", Integer, ForeignKey("cost_sheet.number"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ux_cost_option_position", "sheet", "position", unique=True),
)

cost_sheet = Table(
    "cost_sheet",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("region", String, ForeignKey("region.code"), nullable=False),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False),
    Column("concern", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("correction", String, nullable=False),
    Column("not_serviced", String, nullable=False),
    Column("explanation", String, nullable=False),
    Column("opened_on", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
)

decision = Table(
    "decision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("member", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("begins_on", String, nullable=False),
    Column("ends_on", String),
    Column("why", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("approved_by", String),
    Column("decided_at", String, nullable=False),
    Column("policy_version", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Column("continues", Integer),
    Index("ix_decision_batch", "batch"),
    Index("ix_decision_member", "member", "kind", "begins_on"),
)

deposit = Table(
    "deposit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("statement", Integer, ForeignKey("statement.id"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("account", String, nullable=False),
    Column("value_date", String, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("balance_cents", BigInteger),
    Column("narrative", String, nullable=False),
    Column("bank_reference", String),
    Column("fingerprint", BigInteger, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("id_number", String),
    Column("readings", Integer, nullable=False),
    Column("terminal", String),
    Column("branch", String),
    Column("bulk_words", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("member", Integer),
    Column("flags", String),
    Column("unallocated_cents", BigInteger, nullable=False),
    Column("matched_in", Integer),
    Column("reversed_by", Integer),
    Index("ix_deposit_batch", "batch"),
    Index(
        "ix_deposit_member",
        "member",
        sqlite_where=text("member IS NOT NULL"),
        postgresql_where=text("member IS NOT NULL"),
    ),
    Index("ix_deposit_open", "reason", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    Index(
        "ix_deposit_suggested",
        "reason",
        sqlite_where=text("state = 'suggested'"),
        postgresql_where=text("state = 'suggested'"),
    ),
    Index(
        "ix_deposit_waiting",
        "reason",
        sqlite_where=text("state = 'unallocated'"),
        postgresql_where=text("state = 'unallocated'"),
    ),
    Index(
        "ux_deposit_line",
        "account",
        "value_date",
        "fingerprint",
        "occurrence",
        unique=True,
        sqlite_where=text("reversed_by IS NULL"),
        postgresql_where=text("reversed_by IS NULL"),
    ),
    CheckConstraint("unallocated_cents >= 0", name="unallocated_not_negative"),
)

deposit_reading = Table(
    "deposit_reading",
    METADATA,
    Column("deposit", Integer, ForeignKey("deposit.id"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("stop", Integer, primary_key=True),
    Column("id_number", String, nullable=False),
    Column("likely", Boolean, nullable=False),
)

deposit_sighting = Table(
    "deposit_sighting",
    METADATA,
    Column("statement", Integer, ForeignKey("statement.id"), primary_key=True),
    Column("deposit", Integer, ForeignKey("deposit.id"), primary_key=True),
    Index("ix_deposit_sighting_deposit", "deposit"),
)

desk_decision = Table(
    "desk_decision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("other", Integer),
    Column("verdict", String, nullable=False),
    Column("why", String, nullable=False),
    Column("detail", String),
    Column("operator", String, nullable=False),
    Column("decided_at", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ix_desk_decision_batch", "batch"),
    Index("ix_desk_decision_subject", "kind", "subject"),
)

duplicate = Table(
    "duplicate",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("member", Integer, ForeignKey("member.id"), nullable=False),
    Column("other", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Index("ix_duplicate_batch", "batch"),
    Index("ix_duplicate_other", "other"),
    Index("ux_duplicate_pair", "member", "other", unique=True),
)

fee_calendar = Table(
    "fee_calendar",
    METADATA,
    Column("first_day", String, primary_key=True),
    Column("fees_before_cents", BigInteger, primary_key=True),
    Column("starts_on", String, nullable=False),
    Column("grace_ends_on", String, nullable=False),
    sqlite_with_rowid=False,
)

member = Table(
    "member",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("id_number", String(13), nullable=False),
    Column("surname", String, nullable=False),
    Column("first_names", String, nullable=False),
    Column("gender", String, nullable=False),
    Column("born", String, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("voting_district", String),
    Column("cell", String),
    Column("email", String),
    Column("old_reference", String),
    Column("joined_on", String),
    Column("last_payment_on", String),
    Column("last_payment_cents", BigInteger),
    Column("register_status", String),
    Column("origin", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("merged_into", Integer),
    Index("ix_member_batch", "batch"),
    Index("ix_member_branch", "branch"),
)

merge = Table(
    "merge",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kept", Integer, ForeignKey("member.id"), nullable=False),
    Column("gone", Integer, ForeignKey("member.id"), nullable=False),
    Column("why", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("approved_by", String),
    Column("decided_at", String, nullable=False),
    Column("policy_version", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ix_merge_batch", "batch"),
    Index("ix_merge_gone", "gone"),
    Index("ix_merge_kept", "kept"),
)

opening_period = Table(
    "opening_period",
    METADATA,
    Column("paid_on", String, primary_key=True),
    Column("fee_cents", BigInteger, nullable=False),
    Column("ends_on", String, nullable=False),
    sqlite_with_rowid=False,
)

operator = Table(
    "operator",
    METADATA,
    Column("account", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
)

operator_role = Table(
    "operator_role",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account", String, ForeignKey("operator.account"), nullable=False),
    Column("role", String, nullable=False),
    Column("place", String, nullable=False),
    Column("begins_on", String, nullable=False),
    Column("ends_on", String),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ix_operator_role_account", "account"),
)

paper = Table(
    "paper",
    METADATA,
    Column("serial", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("form", String, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("cut_off", String, nullable=False),
    Column("meeting_date", String, nullable=False),
    Column("meeting", String, nullable=False),
    Column("members", Integer, nullable=False),
    Column("quorum", Integer, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("file_hash", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Column("content", LargeBinary, nullable=False),
    Index("ix_paper_batch", "batch"),
    Index("ix_paper_branch", "branch"),
    Index("ix_paper_file_hash", "file_hash"),
)

policy_text = Table(
    "policy_text",
    METADATA,
    Column("version", String, primary_key=True),
    Column("text", String, nullable=False),
)

profile = Table(
    "profile",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("content", String, nullable=False),
    Column("headings", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ix_profile_batch", "batch"),
    Index("ix_profile_name", "kind", "name"),
)

province = Table(
    "province",
    METADATA,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
)

refund = Table(
    "refund",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("deposit", Integer, ForeignKey("deposit.id"), nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("why", String, nullable=False),
    Column("debit", Integer),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Column("reversed_why", String),
    Index("ix_refund_deposit", "deposit"),
)

region = Table(
    "region",
    METADATA,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("province", String, ForeignKey("province.code"), nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Index("ix_region_province", "province"),
)

register_listing = Table(
    "register_listing",
    METADATA,
    Column("member", Integer, primary_key=True),
    Column("source", Integer, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("fingerprint", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

register_row = Table(
    "register_row",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("source", Integer, ForeignKey("register_source.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("member", Integer),
    Column("outcome", String, nullable=False),
    Column("fingerprint", BigInteger, nullable=False),
    Column("notes", String),
    Column("repairs", String),
    Column("problems", String),
    Column("raw", String, nullable=False),
    Column("resolved_by", Integer),
    Index("ix_register_row_batch", "batch", "outcome"),
    Index("ix_register_row_member", "member"),
)

register_source = Table(
    "register_source",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("file", String, nullable=False),
    Column("sheet", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("columns", String, nullable=False),
    Column("header_row", Integer, nullable=False),
    Column("reading", String),
    Index("ix_register_source_batch", "batch"),
)

reminder = Table(
    "reminder",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("member", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("address", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("text", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("sent_in", Integer),
    Column("sent_at", String),
    Column("failed", String),
    Column("reversed_by", Integer),
    Index("ix_reminder_batch", "batch"),
    Index("ix_reminder_member", "member"),
    Index("ix_reminder_sent_in", "sent_in"),
    Index(
        "ix_reminder_waiting",
        "channel",
        sqlite_where=text("reversed_by IS NULL AND sent_in IS NULL"),
        postgresql_where=text("reversed_by IS NULL AND sent_in IS NULL"),
    ),
    Index(
        "ux_reminder_once",
        "member",
        "kind",
        "about",
        unique=True,
        sqlite_where=text("reversed_by IS NULL"),
        postgresql_where=text("reversed_by IS NULL"),
    ),
)

setting = Table(
    "setting",
    METADATA,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

standing = Table(
    "standing",
    METADATA,
    Column("member", Integer, ForeignKey("member.id"), primary_key=True),
    Column("listed_from", String, nullable=False),
    Column("accepted_on", String),
    Column("opening_on", String),
    Column("covered_from", String),
    Column("first_day", String),
    Column("money_cents", BigInteger, nullable=False),
    Column("money_on", String),
    Column("probation_ends_on", String),
    Column("decided", Boolean, nullable=False),
    Column("status", String),
    Column("status_on", String),
    Column("next_change_on", String),
    Index("ix_standing_next_change_on", "next_change_on"),
)

statement = Table(
    "statement",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("file", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("bank", String, nullable=False),
    Column("account", String, nullable=False),
    Column("first_day", String),
    Column("last_day", String),
    Column("opening_cents", BigInteger),
    Column("closing_cents", BigInteger),
    Column("lines", Integer, nullable=False),
    Column("period_from", String),
    Column("period_to", String),
    Column("sequence", String),
    Column("reversed_by", Integer),
    Index("ix_statement_batch", "batch"),
)

status_change = Table(
    "status_change",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("member", Integer, ForeignKey("member.id"), nullable=False),
    Column("from_status", String),
    Column("to_status", String),
    Column("changed_on", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("because", String, nullable=False),
    Column("batch", Integer, ForeignKey("batch.number"), nullable=False),
    Column("reversed_by", Integer),
    Index("ix_status_change_batch", "batch"),
    Index("ix_status_change_member", "member"),
)

suggestion = Table(
    "suggestion",
    METADATA,
    Column("deposit", Integer, ForeignKey("deposit.id"), primary_key=True),
    Column("batch", Integer, ForeignKey("batch.number"), primary_key=True),
    Column("member", Integer, ForeignKey("member.id"), primary_key=True),
    Column("reason", String, nullable=False),
    Column("score", Integer, nullable=False),
    Column("evidence", String, nullable=False),
    Index("ix_suggestion_batch", "batch"),
    Index("ix_suggestion_member", "member"),
)
