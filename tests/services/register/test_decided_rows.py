"""Rows an officer decided about: an undo of their import keeps and names them, an undo of the decision asks again."""

from time import perf_counter

import pytest
from openpyxl import load_workbook
from tests.services.register.making import PRIYA, THABO, dump, file, imported, members, outcome, row
from tests.services.register.test_desk import WRONG, at_desk, waiting
from tests.services.register.test_undo import undone
from tests.tamper import sql

from ancadmin.writers.xlsx.held_back import DISMISS, HEADING_ROW

ROWS = (
    row(id_number=WRONG),
    row(id_number="", surname="TOTAL PAGE 3"),
    row(id_number="N/A", surname="NAIDOO"),
    row(id_number=PRIYA, surname="NAIDOO", gender="M"),
)


def decided(office):
    """One row edited, one dismissed, one marked, the note of one seen: the batches of these."""
    desk, notes = at_desk(office), at_desk(office, note="gender_conflict")
    batches = [
        desk.edit(desk.next(), {0: THABO}),
        desk.dismiss(desk.next(), "a total"),
        desk.mark(desk.next(), "the branch is asked"),
        notes.dismiss(notes.next(), "asked"),
    ]
    return [one.batch for one in batches]


def open_decisions(office):
    return sql(office, "SELECT verdict FROM desk_decision WHERE reversed_by IS NULL ORDER BY id")


def test_an_undo_of_the_import_names_what_was_decided_and_takes_marks_along(placed):
    before = dump(placed)
    first = imported(placed, file(placed, *ROWS))
    edited, dismissed, _, _ = decided(placed)
    assert undone(placed, first["batch"]) == [
        ("register.csv row 2", f"an officer edited it since, in batch {edited}"),
        ("register.csv row 3", f"an officer dismissed it since, in batch {dismissed}"),
    ]
    assert members(placed, "id_number") == [(THABO,)]
    assert waiting(placed) == []
    assert open_decisions(placed) == [("edited",), ("dismissed",)]
    for batch in (edited, dismissed):
        assert undone(placed, batch) == []
    assert waiting(placed) == []
    # What was named stands in the way no longer.
    assert undone(placed, first["batch"]) == []
    assert (dump(placed), open_decisions(placed)) == (before, [])
    placed("check")


def test_it_names_whom_a_decision_took(placed):
    first = imported(placed, file(placed, *ROWS))
    decided(placed)
    kept = placed("batch", "undo", first["batch"], "--json").json["kept"]
    assert [one.get("id_number") for one in kept] == [THABO, None]


def test_rows_decided_in_a_workbook_are_named_too(placed):
    first = imported(placed, file(placed, *ROWS))
    path = placed.folder / "held-back.xlsx"
    placed("register", "quarantine", "export", path)
    workbook = load_workbook(path)
    sheet = workbook["Held back"]
    column = {cell.value: cell.column for cell in sheet[HEADING_ROW]}
    sheet.cell(HEADING_ROW + 1, column["ID number"]).value = THABO
    sheet.cell(HEADING_ROW + 2, column["Decision"]).value = DISMISS
    sheet.cell(HEADING_ROW + 2, column["Why"]).value = "a total"
    workbook.save(path)
    applied = placed("register", "quarantine", "apply", path, "--json").json["batch"]
    assert undone(placed, first["batch"]) == [
        ("register.csv row 2", f"an officer edited it since, in batch {applied}"),
        ("register.csv row 3", f"an officer dismissed it since, in batch {applied}"),
    ]


def test_a_decision_undone_asks_again_at_once_where_an_import_of_the_row_stands(placed):
    path = file(placed, *ROWS)
    first = imported(placed, path)
    edited, dismissed, _, _ = decided(placed)
    undone(placed, first["batch"])
    again = imported(placed, path)
    assert outcome(again) == {"accepted": 1, "unchanged": 2, "quarantined": 1}
    assert [one for one, _ in waiting(placed)] == [4]
    undone(placed, edited)
    assert [one for one, _ in waiting(placed)] == [2, 4]
    undone(placed, dismissed)
    held = placed("register", "quarantine", "--json").json
    assert [(one["batch"], one["row"]) for one in held] == [(again["batch"], place) for place in (2, 3, 4)]
    assert members(placed, "id_number") == [(PRIYA,)]


def test_a_row_taken_at_last_is_counted_among_the_marked_no_longer(placed):
    imported(placed, file(placed, *ROWS[:3]))
    desk = at_desk(placed)
    first, _ = desk.next(), desk.mark(desk.next(), "the branch is asked")
    assert (desk.left().rows, desk.left().marked) == (2, 1)
    assert at_desk(placed, problem="missing").left().marked == 0
    desk.dismiss(first, "nobody knows")
    assert (desk.left().rows, desk.left().marked) == (2, 0)


def test_a_row_that_another_import_holds_back_too_waits_until_both_are_undone(placed):
    before = dump(placed)
    wrong = row(id_number=WRONG)
    first = imported(placed, file(placed, wrong, row()))
    second = imported(placed, file(placed, row(id_number=PRIYA, surname="NAIDOO"), wrong, name="second.csv"))
    assert second["held_before"] == 1
    assert undone(placed, first["batch"]) == [
        ("a row held back", f"batch {second['batch']} read the same, so what it held back waits on")
    ]
    assert len(waiting(placed)) == 1
    assert undone(placed, second["batch"]) == []
    assert waiting(placed) == []
    assert dump(placed) == before
    placed("check")


def test_of_rows_written_alike_only_as_many_as_were_decided_are_settled(placed):
    alike = row(id_number="N/A", surname="DLAMINI")
    path = file(placed, alike, alike)
    first = imported(placed, path)
    desk = at_desk(placed)
    edited = desk.edit(desk.next(), {0: THABO}).batch
    undone(placed, first["batch"])
    # However often it is undone: what an import keeps of the row decided about is that row again.
    for _ in range(2):
        again = imported(placed, path)
        assert outcome(again) == {"unchanged": 1, "quarantined": 1}
        assert [one for one, _ in waiting(placed)] == [3]
        undone(placed, again["batch"])
    more = imported(placed, path, file(placed, alike, alike, row(id_number=PRIYA, surname="NAIDOO"), name="more.csv"))
    assert outcome(more) == {"accepted": 1, "unchanged": 2, "quarantined": 2}
    later = imported(placed, file(placed, alike, alike, alike, name="later.csv"))
    assert (outcome(later), later["held_before"]) == ({"unchanged": 1, "quarantined": 2}, 2)
    undone(placed, edited)
    assert len(waiting(placed)) == 4
    placed("check")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_one_batch_decided_of_many_rows_is_named_in_a_time_that_grows_with_them(placed):
    first = imported(placed, file(placed, *(row(id_number="N/A", cell=str(one)) for one in range(8_000))))
    desk = at_desk(placed)
    batch = desk.dismiss(desk.next(), "nobody").batch
    for_the_others = (
        "INSERT INTO desk_decision (kind, subject, verdict, why, operator, decided_at, batch) "
        "SELECT decided.kind, held.id, decided.verdict, decided.why, decided.operator, decided.decided_at, "
        "decided.batch FROM desk_decision AS decided, register_row AS held WHERE held.resolved_by IS NULL"
    )
    sql(placed, for_the_others)
    sql(placed, f"UPDATE register_row SET resolved_by = {batch}")
    started = perf_counter()
    assert len(undone(placed, first["batch"])) == 8_000
    # Each row beside each took twenty seconds.
    assert perf_counter() - started < 6
