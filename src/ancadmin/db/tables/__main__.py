"""Writes `db/schema.py` from the models: `python -m ancadmin.db.tables` (run by `make docs`, held by a test)."""

from pathlib import Path

from sqlalchemy import CheckConstraint, Column, Index, Table
from sqlalchemy import types as sql

from ancadmin.db.tables import METADATA

_HEAD = '''"""The tables as SQLAlchemy Core, for writing queries with. Generated from `db/tables`: run `make docs`."""

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
'''


def _type(column: Column[object]) -> str:
    kind = column.type
    if isinstance(kind, sql.TypeDecorator):
        kind = kind.impl_instance
    for known in (sql.BigInteger, sql.Boolean, sql.Float, sql.Integer, sql.LargeBinary):
        if isinstance(kind, known):
            return known.__name__
    if isinstance(kind, sql.String):
        return f"String({kind.length})" if kind.length else "String"
    raise TypeError(f"{column}: {kind!r} is not a type the schema uses")


def _column(column: Column[object]) -> str:
    parts = [f'"{column.name}"', _type(column)]
    parts += [f'ForeignKey("{key.target_fullname}")' for key in column.foreign_keys]
    if column.primary_key:
        parts.append("primary_key=True")
    elif not column.nullable:
        parts.append("nullable=False")
    return f"    Column({', '.join(parts)}),\n"


def _index(index: Index) -> str:
    parts = [f'"{index.name}"', *[f'"{column.name}"' for column in index.columns]]
    if index.unique:
        parts.append("unique=True")
    for dialect in ("sqlite", "postgresql"):
        where = index.dialect_options[dialect]["where"]
        if where is not None:
            parts.append(f'{dialect}_where=text("{where}")')
    return f"    Index({', '.join(parts)}),\n"


def _table(table: Table) -> str:
    lines = [f'\n{table.name} = Table(\n    "{table.name}",\n    METADATA,\n']
    lines += [_column(column) for column in table.columns]
    lines += [_index(index) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    lines += [
        f'    CheckConstraint("{check.sqltext}", name="{check.name}"),\n'
        for check in sorted(table.constraints, key=lambda constraint: str(constraint.name))
        if isinstance(check, CheckConstraint)
    ]
    if table.dialect_options["sqlite"]["with_rowid"] is False:
        lines.append("    sqlite_with_rowid=False,\n")
    return "".join(lines) + ")\n"


def rendered() -> str:
    """The text of `db/schema.py`."""
    return _HEAD + "".join(_table(table) for table in sorted(METADATA.tables.values(), key=lambda t: t.name))


if __name__ == "__main__":
    Path(__file__).parent.with_name("schema.py").write_text(rendered(), encoding="utf-8")
