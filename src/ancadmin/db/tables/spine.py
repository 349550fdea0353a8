"""Batches, who asked for them, what they changed, and the chain that shows any tampering."""

from sqlmodel import Field, SQLModel


class Batch(SQLModel, table=True):
    """Whatever writes opens one. `counts` and `inputs` are JSON; `undone_by` names the batch that undid it."""

    number: int | None = Field(default=None, primary_key=True)
    command: str
    operator: str
    started_at: str
    finished_at: str | None = None
    today: str
    policy_version: str
    counts: str = "{}"
    inputs: str = "[]"
    undoes: int | None = Field(default=None, foreign_key="batch.number")
    undone_by: int | None = None


class Change(SQLModel, table=True):
    """One field of one row that a batch changed: what it was, what it became. Undo reads it backwards."""

    id: int | None = Field(default=None, primary_key=True)
    batch: int = Field(foreign_key="batch.number", index=True)
    table_name: str
    key: str
    field: str
    old: str | None = None
    new: str | None = None


class AuditEvent(SQLModel, table=True):
    """A link of the write chain: one a batch. `hash` covers every other column and the hash before it."""

    __tablename__ = "audit_event"
    seq: int = Field(primary_key=True)
    at: str
    operator: str
    action: str
    detail: str
    previous: str
    hash: str


class AccessEvent(SQLModel, table=True):
    """A link of the access chain: what was read, and what was tried without being written."""

    __tablename__ = "access_event"
    seq: int = Field(primary_key=True)
    at: str
    operator: str
    action: str
    detail: str
    previous: str
    hash: str


class Operator(SQLModel, table=True):
    """Someone who may use the store, by operating-system account (SQLite) or login (PostgreSQL)."""

    account: str = Field(primary_key=True)
    name: str
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None


class OperatorRole(SQLModel, table=True):
    """A role held for a place. `place` is `national`, or a province, region or branch code."""

    __tablename__ = "operator_role"
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(foreign_key="operator.account", index=True)
    role: str
    place: str
    begins_on: str
    ends_on: str | None = None
    batch: int = Field(foreign_key="batch.number")
    reversed_by: int | None = None


class Setting(SQLModel, table=True):
    """What is true of the whole store, such as `sole_operator`."""

    key: str = Field(primary_key=True)
    value: str


class PolicyText(SQLModel, table=True):
    """Every policy a batch was made under, so that a version named in a decision can be read."""

    __tablename__ = "policy_text"
    version: str = Field(primary_key=True)
    text: str
