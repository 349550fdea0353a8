"""How a statement would be read: each column, its role and what stands in it; and what its lines come to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from ancadmin.errors import InputRefused, Place
from ancadmin.readers.incoming import STATEMENTS, incoming
from ancadmin.readers.statements import fnb_records
from ancadmin.readers.statements.by_profile import ByProfile
from ancadmin.readers.statements.headings import statement_columns
from ancadmin.readers.statements.messages import head_of
from ancadmin.readers.statements.read import MESSAGES
from ancadmin.readers.statements.sheets import Format, sheets_and_formats, table_formats
from ancadmin.readers.statements.statement import Statement
from ancadmin.readers.tables import Sheet
from ancadmin.services.deposits.profiles.saved import STATEMENT_PROFILES, profile_named
from ancadmin.services.session import Session

_SAMPLES = 3


def check_statement(session: Session, path: Path, profile: str | None = None) -> list[dict[str, Any]]:
    """Rows, one a column: `file, sheet, format, profile, header_row, lines, unreadable, first_unreadable, first_day,
    last_day, in_cents, out_cents, adds_up, column, heading, role, filled, samples[]`.

    Read by the `profile` of that name or in that file, or as an import would; `profile` says which was one of the
    officers' own. `format` is None for a sheet that is no statement, `adds_up` where it gives no balances. Raises
    InputRefused for a file that is no table.
    """
    with session.reading("deposits profile check", file=path.name, profile=profile) as connection:
        own = None if profile is None else profile_named(connection, profile)
        saved = () if own else STATEMENT_PROFILES.saved(connection)
    rows: list[dict[str, Any]] = []
    for file in incoming([path], STATEMENTS)[0]:
        with file.opened() as opened:
            _refuse_message(opened, file.name)
            for sheet, known in sheets_and_formats(opened, table_formats(None, own, saved)):
                rows += _columns(sheet, known, {"file": file.name, **_about(sheet, known, session.today)})
    return rows


def _refuse_message(path: Path, name: str) -> None:
    head = head_of(path)
    message = next((one.NAME for one in MESSAGES if one.recognises(head)), None)
    if message is not None:
        what = f"recognised as {message}, which has no columns: no profile says how it is read"
        raise InputRefused(what, f"ancadmin deposits import {name} --dry-run", place=Place(name))


def _about(sheet: Sheet, known: Format | None, today: date) -> dict[str, Any]:
    """What is said of a sheet with every column."""
    statements = [] if known is None else known.read(sheet, statement_columns(sheet.columns), today)
    days = np.concatenate([np.array([], "datetime64[D]"), *(one.lines.value_date for one in statements)])
    cents = np.concatenate([np.array([], np.int64), *(one.lines.cents for one in statements)])
    wrong = [one.problems[0].row for one in statements if one.problems]
    by_officers = isinstance(known, ByProfile) and (known.named or known.saved)
    return {
        "sheet": sheet.sheet,
        "format": known and known.NAME,
        "profile": known.NAME if known and by_officers else None,
        "header_row": sheet.header_row or None,
        "lines": len(cents),
        "unreadable": sum(one.unreadable for one in statements),
        "first_unreadable": wrong[0] if wrong else None,
        "first_day": str(days.min()) if len(days) else None,
        "last_day": str(days.max()) if len(days) else None,
        "in_cents": int(cents[cents > 0].sum()),
        "out_cents": int(-cents[cents < 0].sum()),
        "adds_up": _adds_up(statements),
    }


def _adds_up(statements: Sequence[Statement]) -> bool | None:
    """Do the balances follow from the amounts? None where there are none."""
    if any(one.breaks is not None for one in statements):
        return False
    return True if any(one.opening_cents is not None for one in statements) else None


def _columns(sheet: Sheet, known: Format | None, about: dict[str, Any]) -> Iterator[dict[str, Any]]:
    roles = {at: role for role, indexes in _roles(sheet, known).items() for at in indexes}
    filled: dict[int, int] = {}
    samples: dict[int, list[str]] = {}
    for chunk in sheet.chunks():
        for at in range(chunk.cells.num_columns):
            texts = pc.utf8_trim_whitespace(chunk.cells.column(at).combine_chunks())
            texts = texts.filter(pc.not_equal(texts, ""))
            filled[at] = filled.get(at, 0) + len(texts)
            there = samples.setdefault(at, [])
            there += [text for text in texts.slice(0, 100).unique().to_pylist() if text not in there]
            del there[_SAMPLES:]
    for at in range(max(len(sheet.columns), len(filled))):
        yield {
            **about,
            "column": at + 1,
            "heading": sheet.columns[at] if at < len(sheet.columns) else "",
            "role": roles.get(at),
            "filled": filled.get(at, 0),
            "samples": samples.get(at, []),
        }


def _roles(sheet: Sheet, known: Format | None) -> Mapping[str, Sequence[int]]:
    """Role → the indexes of its columns; none where no columns say what is what."""
    if known is None or known is fnb_records:
        return {}
    if isinstance(known, ByProfile):
        return known.columns(sheet)
    return {role: [at] for role, at in statement_columns(sheet.columns).items()}
