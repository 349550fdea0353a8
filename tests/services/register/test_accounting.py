"""Whatever stands in a table: every row is accounted for, importing it twice changes nothing, undoing it restores."""

import csv
import io
import zipfile

import openpyxl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.services.register.making import (
    MARIA,
    PRIYA,
    THABO,
    counts,
    dump,
    imported,
    number,
)

HEADINGS = [
    "ID NO.",
    "SURNAME",
    "FIRST NAMES",
    "BRANCH",
    "CELL NO.",
    "DATE JOINED",
    "DATE LAST PAID",
    "AMOUNT",
    "STATUS",
]
NUMBERS = [THABO, PRIYA, MARIA, *(number(person) for person in range(4))]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=6)
CELLS = [
    st.one_of(
        st.sampled_from(NUMBERS),
        st.sampled_from(NUMBERS).map(lambda text: f"{text[:6]} {text[6:]}"),
        st.sampled_from(["", "N/A", "8001015009078", "8.00101E+12", "passport 12", "Total", "ID NO.", "0406015100083"]),
        TEXT,
    ),
    st.sampled_from(["MOKOENA", "Mokoena", "Nkosi", "VAN DER MERWE", "", "N/A", "Subtotal", "Ľubomír"]),
    st.sampled_from(["THABO", "Thabo", "T J", "", "N/A"]),
    st.sampled_from(["79700012", "79700012", "10501001", "Paarl", "Katlehong", "99999999", "", "Nowhere"]),
    st.sampled_from(["0821234567", "821234567", "0801234567", "", "N/A", "call me"]),
    st.sampled_from(["2010-01-02", "03/04/2010", "40210", "1990-01-01", "2099-01-01", "", "soon"]),
    st.sampled_from(["2019-12-20", "20 Des 2018", "13/12/2019", "N/A", "", "2099-01-01", "never"]),
    st.sampled_from(["20.00", "R20", "R 10,00", "100", "", "N/A", "plenty"]),
    st.sampled_from(["", "Active", "Deceased 2020-03-04", "Suspended", "Paid up", "Bedank 1 Mei 2019", "Lapsed"]),
]
ROWS = st.one_of(
    st.tuples(*CELLS).map(list),
    st.tuples(*CELLS).map(list),
    st.tuples(*(st.one_of(cell, TEXT) for cell in CELLS)).map(list),
    st.just([""] * len(HEADINGS)),
    st.lists(TEXT, max_size=len(HEADINGS)),
)
# One row by which the columns can be recognised.
SOUND = [number(9), "DLAMINI", "SIPHO", "79700012", "0821234567", "2010-01-02", "2019-12-20", "20.00", ""]


def written(folder, name, rows, title, form):
    """The table in a file of some form."""
    whole = [*([[title]] if title else []), HEADINGS, *rows]
    if form == "workbook":
        return workbook(folder / f"{name}.xlsx", whole)
    to = io.StringIO()
    csv.writer(to, delimiter="\t" if form == "wide" else ",", lineterminator="\r\n").writerows(whole)
    path = folder / f"{name}.csv"
    path.write_bytes(to.getvalue().encode("utf-16" if form == "wide" else "utf-8"))
    if form != "archive":
        return path
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as packed:
        packed.write(path, path.name)
    return folder / f"{name}.zip"


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            if text:
                cell = book.active.cell(row, column, text)
                cell.data_type = "s"  # a text that begins with = is no formula here
    book.save(path)
    return path


# An example takes a while, and what fails is small enough as it is: nothing is shrunk.
@settings(
    deadline=None,
    max_examples=20,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(ROWS, min_size=1, max_size=12),
    st.lists(ROWS, max_size=6),
    st.booleans(),
    st.sampled_from(["", "Register of members"]),
    st.sampled_from(["text", "wide", "workbook", "archive"]),
)
def test_any_table(placed, rows, others, create_branches, title, form):
    # What one example leaves is undone at its end, so all of them start from the same store.
    one = written(placed.folder, "one", [SOUND, *rows], title, form)
    two = written(placed.folder, "two", [*others, SOUND, *rows[:1]], "", "text")
    words = [one, two, *(["--create-branches"] if create_branches else []), "--reading-date", "2020-12-30"]
    before = dump(placed)
    done = []
    try:
        check(placed, words, done)
    finally:
        for batch in reversed(done):
            assert placed("batch", "undo", batch, "--json").json["kept"] == []
    assert dump(placed) == before


def check(placed, words, done):
    first = imported(placed, *words)
    done.append(first["batch"])
    after, kept = dump(placed), counts(placed)
    second = imported(placed, *words)
    done.append(second["batch"])
    assert second["read"] == first["read"]
    assert second["blank"] == first["blank"]
    assert second["quarantined"] == first["quarantined"] == second["held_before"]
    assert (second["accepted"], second["updated"], second["changed"]) == (0, 0, {})
    assert dump(placed) == after
    assert counts(placed) == kept
    waiting = placed("register", "quarantine", "--batch", first["batch"], "--json").json
    assert len(waiting) == first["quarantined"]
    assert sum(first["problems"].values()) == sum(len(row["problems"]) for row in waiting)
