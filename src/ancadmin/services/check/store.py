"""Rules of the store itself: its file, its schema, its trail, its operators, the papers it keeps."""

import hashlib
import zlib
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import inspect, select, text

from ancadmin.db.schema import METADATA, batch, operator, operator_role, paper_file, policy_text
from ancadmin.domain.roles import Role
from ancadmin.policy import policy_version
from ancadmin.services.audit.verify import flaws_of
from ancadmin.services.check.rule import MOST, Rule, Subject

_PAPERS = 20


def _file(subject: Subject) -> Iterator[str]:
    if subject.connection.dialect.name != "sqlite":
        return
    said = subject.connection.execute(text(f"PRAGMA integrity_check({MOST})")).scalars().all()
    yield from (line for line in said if line != "ok")


def _references(subject: Subject) -> Iterator[str]:
    if subject.connection.dialect.name != "sqlite":
        return
    for row in islice(subject.connection.execute(text("PRAGMA foreign_key_check")), MOST):
        yield f"{row[0]} {row[1]}: the {row[2]} it names is not there"


def _schema(subject: Subject) -> Iterator[str]:
    seen = inspect(subject.connection)
    tables = set(seen.get_table_names())
    for name, table in METADATA.tables.items():
        if name not in tables:
            yield f"the table {name} is missing"
            continue
        indexes = {index["name"] for index in seen.get_indexes(name)}
        for index in table.indexes:
            if index.name not in indexes:
                yield f"the index {index.name} of {name} is missing"


def _trail(subject: Subject) -> Iterator[str]:
    for flaw in flaws_of(subject.session.store, subject.connection).flaws[:MOST]:
        yield flaw.what


def _policies(subject: Subject) -> Iterator[str]:
    """A version is of the text: who changes what is kept changes what every decision under it says."""
    kept = {row.version: row.text for row in subject.connection.execute(select(policy_text))}
    used = subject.connection.execute(select(batch.c.policy_version).distinct()).scalars().all()
    for version in sorted({*used, *kept}):
        if version not in kept:
            yield f"policy {version} is named by a batch and not kept"
        elif policy_version(kept[version]) != version:
            yield f"policy {version} is kept with another text"


def _officers(subject: Subject) -> Iterator[str]:
    found = subject.connection.scalar(
        select(operator_role.c.id)
        .join(operator, operator.c.account == operator_role.c.account)
        .where(
            operator_role.c.role == Role.NATIONAL_OFFICER,
            operator_role.c.reversed_by.is_(None),
            operator.c.reversed_by.is_(None),
        )
        .limit(1)
    )
    if found is None:
        yield "nobody may give roles for the whole organisation"


def _as_issued(content: bytes, file_hash: str) -> bool:
    try:
        return hashlib.sha256(zlib.decompress(content)).hexdigest() == file_hash
    except zlib.error:
        return False


def _papers(subject: Subject) -> Iterator[str]:
    query = select(paper_file.c.serial, paper_file.c.file_hash, paper_file.c.content).execution_options(
        yield_per=_PAPERS
    )
    for row in subject.connection.execute(query):
        if not _as_issued(row.content, row.file_hash):
            yield f"paper {row.serial} is not kept as it was issued"


FILE = Rule("file", "The store's file is whole.", _file)
RULES = (
    FILE,
    Rule("references", "Whatever a row names is there.", _references),
    Rule("schema", "Every table and index of the schema is there.", _schema),
    Rule("trail", "Every batch has its event, and no event was edited, removed or reordered.", _trail),
    Rule("officers", "There is a national officer.", _officers),
    Rule("policies", "Every policy anything was written under is kept as it stood.", _policies),
    Rule("papers", "Every issued paper is kept to the byte.", _papers),
)
