"""Odd but legal statements, each with the ledger it is beside it: what the formats allow, and banks make use of."""

import json
from datetime import date
from pathlib import Path

import pytest

from ancadmin.readers.statements.read import read_statements

TODAY = date(2026, 11, 22)
CORPUS = Path(__file__).parents[2] / "data" / "statements"
FILES = sorted(path.name.removesuffix(".json") for path in CORPUS.glob("*.json"))


def ledger(statement):
    """A statement as the files beside the corpus have it."""
    lines = statement.lines
    identifier = lines.identifier.to_pylist() if lines.identifier is not None else [""] * len(lines)
    breaks = statement.breaks
    return {
        "account": statement.account,
        "opening": statement.opening_cents,
        "closing": statement.closing_cents,
        "period": [day and day.isoformat() for day in (statement.period_from, statement.period_to)],
        "sequence": statement.sequence,
        "notes": statement.notes,
        "breaks": breaks and [breaks.row, breaks.expected, breaks.found],
        "lines": [
            list(line)
            for line in zip(
                lines.value_date.astype(str).tolist(),
                lines.cents.tolist(),
                lines.narrative.to_pylist(),
                lines.reference.to_pylist(),
                identifier,
                strict=True,
            )
        ],
    }


@pytest.mark.parametrize("name", FILES)
def test_a_statement_of_the_corpus(name):
    statements = read_statements(CORPUS / name, TODAY)
    assert not any(one.problems for one in statements)
    assert [ledger(one) for one in statements] == json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
