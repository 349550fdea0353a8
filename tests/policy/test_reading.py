"""A policy file whose entries are anything at all: said what is wrong, where, and never more than said."""

import json
import tomllib
from copy import deepcopy
from datetime import date, datetime

import pytest

from ancadmin.policy import policy_text, read_policy
from ancadmin.policy.lines import line_of, lines_of

SHIPPED = tomllib.loads(policy_text(None))
CHANGE = {"from": date(2027, 1, 1), "grace_months": 4, "bulk": {"amount_fees": 20}, "approval": {"alone_cents": 1}}
GONE = object()
ODD = (GONE, "x", "", -1, 10**9, 0.5, True, [], [1], ["x"], {}, {"x": 1}, [{}], date(2020, 1, 1), datetime(2020, 1, 1))  # noqa: DTZ001


def toml(value) -> str:
    """Any value as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str | bool):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def read(data):
    return read_policy("\n".join(f"{key} = {toml(value)}" for key, value in data.items()))


def paths(data, above=()):
    """Where every entry and every table stands."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*above, key))


WHOLE = {**SHIPPED, "changes": [CHANGE, {"from": date(2028, 1, 1), "minimum_age": 16}]}


@pytest.mark.parametrize("path", list(paths(WHOLE)), ids=lambda path: ".".join(map(str, path)))
def test_whatever_stands_in_an_entry_it_is_read_or_named(path):
    for odd in ODD:
        data = deepcopy(WHOLE)
        table = data
        for key in path[:-1]:
            table = table[key]
        if odd is GONE:
            del table[path[-1]]
        else:
            table[path[-1]] = odd
        policy, faults = read(data)
        assert faults or policy.numbers, path
        for fault in faults:
            assert fault.key.split(".")[0] == path[0], f"{path} = {odd}: {fault}"
            assert fault.what
            assert fault.remedy
        if odd == -1:
            assert faults, path


def test_as_it_is_shipped_nothing_is_wrong():
    assert read(WHOLE)[1] == []
    assert read_policy(policy_text(None))[1] == []


def test_the_line_of_an_entry_is_found_whatever_stands_around_it():
    text = """# top = 1
grace_months = 3 # [bulk]
[bulk]
 "word_fees" = 2

[reminders . texts]
before = '''
after = no entry
[changes]
'''
after = "x"
[[fees]]
from = 2013-01-01
  [[ changes ]]   # one
from = 2027-01-01
bulk.word_fees = 3
[[changes]]
approval = { alone_cents = 3 }
"""
    lines = lines_of(text)
    assert {
        key: line_of(key, lines)
        for key in (
            "grace_months",
            "bulk.word_fees",
            "bulk.amount_fees",
            "reminders.texts.after",
            "fees",
            "fees.1.from",
            "changes",
            "changes.1.bulk.word_fees",
            "changes.2",
            "changes.2.approval.alone_cents",
            "top",
            "period_months",
        )
    } == {
        "grace_months": 2,
        "bulk.word_fees": 4,
        "bulk.amount_fees": 3,
        "reminders.texts.after": 11,
        "fees": 12,
        "fees.1.from": 13,
        "changes": 14,
        "changes.1.bulk.word_fees": 16,
        "changes.2": 17,
        "changes.2.approval.alone_cents": 18,
        "top": None,
        "period_months": None,
    }


@pytest.mark.parametrize(
    ("key", "most"),
    [
        ("grace_months = 3", 12_000),
        ("proof_months = 24", 12_000),
        ("cost_sheet_months = 60", 12_000),
        ("after_days = 90", 365_000),
        ("cents = 2000", 10**12),
        ("minimum_age = 18", 10**12),
    ],
)
def test_no_number_is_beyond_what_can_be_reckoned_with(key, most):
    name = key.split(" ")[0]
    assert read_policy(policy_text(None).replace(key, f"{name} = {most}"))[1] == []
    (fault,) = read_policy(policy_text(None).replace(key, f"{name} = {most + 1}"))[1]
    assert (fault.key.rpartition(".")[2], fault.what) == (name, f"must be {most} or less")


def test_what_stands_in_a_list_over_several_lines_is_no_entry():
    text = "words = [\n  \"bulk = 1\",  # ]\n  'open [',\n]\n[bulk]\nword_fees = [\n  [1],\n]\nmost = 3\n"
    assert lines_of(text) == {"words": 1, "bulk": 5, "bulk.word_fees": 6, "bulk.most": 9}
