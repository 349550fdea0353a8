"""Odd but legal statements of banks that send tables, in a folder for each, with the ledger each is beside it."""

import json

import pytest
from tests.readers.statements.test_corpus import CORPUS, TODAY, ledger

from ancadmin.readers.statements.layouts import profile_in
from ancadmin.readers.statements.read import read_statements

FILES = sorted(path.relative_to(CORPUS).as_posix().removesuffix(".json") for path in CORPUS.glob("*/*.json"))
# What any bank may have is this bank's only where it is called that.
NAMED = {"absa/history.csv": "csv"}


@pytest.mark.parametrize("name", FILES)
def test_a_statement_of_the_corpus(name):
    bank = name.partition("/")[0]
    profile = profile_in((CORPUS / name).with_suffix(".toml")) if bank == "own" else None
    named = None if profile else bank
    statements = read_statements(CORPUS / name, TODAY, named, profile)
    assert not any(one.problems for one in statements)
    assert [ledger(one) for one in statements] == json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    if profile is None:
        recognised = read_statements(CORPUS / name, TODAY)
        assert [one.bank for one in recognised] == [NAMED.get(name, bank)] * len(recognised)
        assert [ledger(one)["lines"] for one in recognised] == [ledger(one)["lines"] for one in statements]
