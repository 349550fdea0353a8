"""The same content again is known at once, and reports to the letter what reading it again would."""

import pytest
from tests.services.register.making import NOMSA, PRIYA, file, imported, row, with_check_digit

from ancadmin.services.register.importing import run as importing

REGISTER = (
    row(),
    row(id_number=PRIYA, surname="NAIDOO", cell="N/A"),
    row(id_number="800101500908", surname="SHORT"),
    row(id_number=f" {NOMSA[:6]} {NOMSA[6:]} ", surname="NKOSI", branch="99999999"),
    row(id_number=with_check_digit("100101580008"), surname="YOUNG", joined_on=""),
)


def told(answer):
    """All of an answer that does not name its batch."""
    return {name: value for name, value in answer.items() if name not in ("batch", "same_as")}


def test_the_same_content_is_not_read_again_and_says_the_same(placed, monkeypatch):
    first = imported(placed, file(placed, *REGISTER))
    again = imported(placed, file(placed, *REGISTER, name="under-another-name.csv"))
    assert again["same_as"] == first["batch"]
    assert (again["unchanged"], again["quarantined"], again["held_before"]) == (2, 3, 3)
    third = imported(placed, file(placed, *REGISTER))
    assert third["same_as"] == first["batch"]
    monkeypatch.setattr(importing, "taken_before", lambda *_, **__: {})
    read = imported(placed, file(placed, *REGISTER))
    assert read["same_as"] is None
    assert told(read) == told(again) == told(third)


def test_deposits_and_sweeps_between_do_not_matter(placed):
    first = imported(placed, file(placed, *REGISTER))
    placed("sweep")
    assert imported(placed, file(placed, *REGISTER))["same_as"] == first["batch"]


@pytest.mark.parametrize(
    ("words", "accepted"),
    [(("batch", "undo", 3), 2), (("db", "places", "import"), 1), (("member", "contact"), 0)],
)
def test_what_may_change_the_outcome_has_the_file_read_again(placed, words, accepted):
    imported(placed, file(placed, *REGISTER))
    if words[0] == "db":
        head = "province,region_code,region,branch_code,branch,ward\n"
        words = (*words, placed.write("places.csv", f"{head}GP,EKU,Ekurhuleni,99999999,New,79700099\n"))
    if words[0] == "member":
        words = (*words, PRIYA, "--cell", "0829998877", "--why", "She rang")
    placed(*words)
    again = imported(placed, file(placed, *REGISTER))
    assert again["same_as"] is None
    assert again["accepted"] == accepted


def test_other_terms_have_the_file_read_again(placed):
    register = file(placed, *REGISTER)
    imported(placed, register)
    assert imported(placed, register, "--reading-date", "2034-01-01")["same_as"] is None
    assert imported(placed, register, "--create-branches")["accepted"] == 1


def test_two_files_are_known_together_and_apart_only_if_they_came_apart(placed):
    one, other = file(placed, *REGISTER[:1], name="one.csv"), file(placed, *REGISTER[1:], name="other.csv")
    both = imported(placed, one, other)
    assert imported(placed, other, one)["same_as"] == both["batch"]
    assert imported(placed, one)["same_as"] is None
