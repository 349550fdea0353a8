"""Of people on no record the row's other cells speak for a number, and so does a deposit that names it."""

import pytest
from tests.services.register.making import file, imported, number, row
from tests.services.register.test_round_trip import Book

TRUE = number(5123)
DAMAGED = f"{TRUE[:8]}9{TRUE[9:]}"
FIELDS = ("id_number", "surname", "gender", "branch")
PAID = "a deposit of 2020-03-02 names it, and it is on nobody's record"


def proposals(office):
    """The first proposal for the row held back, and all of them."""
    book = Book(office)
    text = book.cell(next(iter(book.rows())), "Proposed").value
    return text.split("\n")[0], text


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("sex", "title", "man"),
    [
        ("", "MR", True),
        ("", "Mnr.", True),
        ("", "Mev", False),
        ("", "Miss", False),
        ("Woman", "", False),
        ("", "Dr", None),
    ],
)
def test_a_title_says_the_sex_where_no_column_does(placed, sex, title, man):
    # One digit cannot be read: the check digit leaves one number, a man's.
    path = file(placed, row(id_number=f"{TRUE[:6]}?{TRUE[7:]}", gender=sex), fields=FIELDS)
    path.write_text(path.read_text(encoding="utf-8").replace("79700012", f"79700012,{title}"), encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("BRANCH CODE", "BRANCH CODE,TITLE"), encoding="utf-8")
    imported(placed, path)
    _, every = proposals(placed)
    assert ("the gender agrees" in every, "the gender does not agree" in every) == (man is True, man is False)


def statement(office, *days):
    lines = "".join(f"{day},20.00,{TRUE}\n" for day in days)
    office("deposits", "import", office.write("bank.csv", f"Date,Amount,Description\n{lines}"))
    office("deposits", "match")


def test_a_number_a_deposit_names_comes_first(placed):
    assert imported(placed, file(placed, row(id_number=DAMAGED, gender="")))["quarantined"] == 1
    assert TRUE not in proposals(placed)[0]
    statement(placed, "2020-03-02", "2021-04-05")
    first, every = proposals(placed)
    assert first.startswith(f"1. ID number {TRUE}")
    assert every.count(PAID) == 1


def test_a_deposit_taken_back_says_nothing(placed):
    imported(placed, file(placed, row(id_number=DAMAGED, gender="")))
    before = proposals(placed)
    statement(placed, "2020-03-02")
    batches = {one["command"]: one["batch"] for one in placed("batch", "list", "--json").json}
    placed("batch", "undo", batches["deposits match"])
    placed("batch", "undo", batches["deposits import"])
    assert proposals(placed) == before
