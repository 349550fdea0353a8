"""Deciding about rows with one number in sets, held against a plain telling of the same rules one row at a time."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ancadmin.services.register.codes import problem_bit
from ancadmin.services.register.importing import cleaning, record
from ancadmin.services.register.importing.groups import FIELDS, OUTCOMES, SINGLE, resolve

TEXTS = st.sampled_from([None, "a", "b"])
DAYS = st.sampled_from([None, date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)])
SURNAMES = st.sampled_from(["Mokoena", "MOKOENA", "Nkosi", "Mokoena", "Mokoena"])


@st.composite
def one_row(draw: st.DrawFn) -> dict[str, Any]:
    paid_on = draw(DAYS)
    surname = draw(SURNAMES)
    return {
        "number": draw(st.integers(1, 4)),
        "surname": surname,
        "key": surname.casefold(),
        **{name: draw(TEXTS) for name in SINGLE if name not in ("surname", "joined_on")},
        "joined_on": draw(DAYS),
        "last_payment_on": paid_on,
        "last_payment_cents": None if paid_on is None else draw(st.sampled_from([1000, 2000])),
        "entry": None,
        "entry_on": None,
        "problems": draw(st.sampled_from([0, 0, 0, 0, problem_bit("branch_unknown")])),
    }


@st.composite
def someone_on_record(draw: st.DrawFn) -> list[dict[str, Any]]:
    numbers = sorted(draw(st.sets(st.integers(1, 4))))
    return [
        draw(one_row()) | {"number": number, "id": number * 100, "merged": draw(st.booleans())} for number in numbers
    ]


def told_plainly(rows: list[dict[str, Any]], people: list[dict[str, Any]], seen: list[bool]) -> tuple[Any, Any]:
    """The outcome of each row, and what becomes of each number: field by field, None for who is not taken."""
    outcomes = [""] * len(rows)
    ends: dict[int, dict[str, Any] | None] = {}
    on_record = {person["number"]: person for person in people}
    for number in sorted({row["number"] for row in rows}):
        here = [place for place, row in enumerate(rows) if row["number"] == number]
        person = on_record.get(number)
        surnames = {rows[place]["key"] for place in here if not seen[place]} | ({person["key"]} if person else set())
        state = {name: person[name] for name in FIELDS} if person else None
        paid_in_import = None
        taken = False
        for place in here:
            row = rows[place]
            if seen[place]:
                outcomes[place] = "unchanged"
                continue
            if len(surnames) > 1 or row["problems"] or (person and person["merged"]):
                outcomes[place] = "quarantined"
                continue
            taken = True
            made = state is None
            after = dict(state) if state else dict.fromkeys(FIELDS)
            for name in SINGLE:
                after[name] = after[name] if row[name] is None else row[name]
            if row["last_payment_on"] is not None and (
                paid_in_import is None or row["last_payment_on"] >= paid_in_import
            ):
                paid_in_import = row["last_payment_on"]
                after["last_payment_on"], after["last_payment_cents"] = paid_in_import, row["last_payment_cents"]
            outcomes[place] = "accepted" if made else "updated" if after != state else "unchanged"
            state = after
        ends[number] = state if taken else None
    return outcomes, ends


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    types = {field.name: field.type for field in schema}
    names = [name for name in types if not rows or name in rows[0]]
    return pa.table({name: pa.array([row[name] for row in rows], types[name]) for name in names})


@settings(deadline=None, max_examples=400)
@given(st.lists(one_row(), min_size=1, max_size=12), someone_on_record(), st.data())
def test_sets_decide_as_one_would_row_by_row(rows, people, data):
    people = [person for person in people if any(row["number"] == person["number"] for row in rows)]
    known = {person["number"]: person for person in people}
    # A row seen before is one of a member on record.
    seen = [row["number"] in known and data.draw(st.booleans()) for row in rows]
    outcomes, ends = told_plainly(rows, people, seen)
    asked = {row["number"] for row, old in zip(rows, seen, strict=True) if not old}
    asked_for = [person for person in people if person["number"] in asked]
    on_record = table(asked_for, record.SCHEMA) if asked_for else record.SCHEMA.empty_table()
    resolved = resolve(table(rows, cleaning.SCHEMA), on_record, np.array(seen))
    assert [OUTCOMES[outcome] for outcome in resolved.outcome] == outcomes
    shared = [bool(bits & problem_bit("id_shared")) for bits in resolved.problems]
    assert [outcome == "quarantined" for outcome in outcomes] == [
        one or bool((row["problems"] or known.get(row["number"], {}).get("merged")) and not old)
        for one, row, old in zip(shared, rows, seen, strict=True)
    ]
    for group, number in enumerate(resolved.numbers.tolist()):
        assert resolved.taken[group] == (ends[number] is not None)
        if not resolved.taken[group]:
            continue
        for name in FIELDS:
            place = resolved.last[name][group]
            before = known[number][name] if number in known else None
            after = rows[place][name] if place >= 0 else before
            assert after == ends[number][name], name
            if number in known and name in SINGLE:
                assert resolved.differs[name][group] == (after != before)
