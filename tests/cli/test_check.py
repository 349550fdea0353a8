"""`check id` reads one number for a person, without a store."""

import csv
from pathlib import Path

import pytest

VECTORS = list(
    csv.DictReader((Path(__file__).parents[1] / "vectors" / "id_numbers.csv").read_text("utf-8").splitlines())
)


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["note"])
def test_the_worked_cases(run, case):
    answer = run(["check", "id", case["as_written"], "--on", case["reading_date"], "--json"])
    assert answer.code == (10 if case["problem"] else 0), answer.err
    reading = answer.json
    assert reading["as_written"] == case["as_written"]
    assert (reading["id_number"] or "") == case["id_number"]
    assert (reading["problem"] or "") == case["problem"]
    assert " ".join(reading["repairs"]) == case["repairs"]
    assert (reading["born"] or "") == case["born"]
    assert (reading["gender"] or "") == case["gender"]


def test_an_impossible_age_shows_both_birth_dates(run):
    answer = run(["check", "id", "0406015100083", "--on", "2020-12-30", "--json"])
    assert answer.json["births"] == ["1904-06-01", "2004-06-01"]


def test_citizenship_is_told_in_words(run):
    answer = run(["check", "id", "7007086001284", "--on", "2020-12-30", "--json"])
    assert (answer.json["citizenship"], answer.json["births"]) == ("refugee", [])


def test_a_day_is_written_in_iso(run):
    assert run(["check", "id", "8001015009087", "--on", "30/12/2020"]).code == 2
