"""What acceptances teach: only what says enough and means nobody else, with its history, forgotten when undone."""

import pytest
from tests.services.deposits.reviewing import OLD_REFERENCE, WORDS, people, suggest, waiting
from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    deposits,
    match,
    session,
    statement,
    take_in,
    undo,
)
from tests.tamper import sql

from ancadmin.domain.deposits import Reason
from ancadmin.services.deposits.listing import Wanted
from ancadmin.services.deposits.review import deciding
from ancadmin.services.deposits.review.accepting import accept_class

SLIP = ("--why", "slip seen")


def learnt(office):
    """Kind, key and ID number of what is in force."""
    return sql(
        office,
        "SELECT kind, key, id_number FROM alias JOIN member ON member.id = alias.member "
        "WHERE alias.reversed_by IS NULL ORDER BY alias.id",
    )


def paid(office, *narratives):
    """Deposits with these narratives, matched; their numbers."""
    lines = [(f"2021-04-{day:02}", 2000, text) for day, text in enumerate(narratives, 1)]
    take_in(office, statement(office, f"{len(deposits(office))}.csv", lines))
    match(office)
    return [row["deposit"] for text in narratives for row in deposits(office) if row["narrative"] == text]


def allocate(office, number, to=MOKOENA):
    return office("deposits", "allocate", number, "--to", to, *SLIP, "--json").json["batch"]


def test_a_reference_a_number_as_mistyped_and_a_depositor_s_words_are_learnt(office):
    for number in waiting(office).values():
        allocate(office, number)
    assert learnt(office) == [
        ("reference", "XYZ00423", MOKOENA),
        ("reference", "8001015019087", MOKOENA),
        ("depositor", "EFT SIPHO MKHIZE SPAZA", MOKOENA),
    ]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    "narrative",
    [
        "SUBS",  # tells nobody from anybody else
        "MEMBERSHIP FEE MOKOENA",  # one word that tells
        "REF 0042",  # too short
        "REF XYZ00423 ABC12345",  # two references, and nothing says which
        "T MOKOENA 10501001",  # a branch's code
        "PAID 2021/03/02",  # a day
        f"FOR {NAIDOO}",  # a valid ID number speaks for itself
    ],
)
def test_what_says_too_little_teaches_nothing(office, narrative):
    people(office)
    (number,) = paid(office, narrative)
    if narrative.endswith(NAIDOO):
        office("deposits", "reverse", number, "--why", "paid for somebody else")
    allocate(office, number)
    assert learnt(office) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_on_record_of_the_member_tells_which_of_several_references_is_meant(office):
    people(office)
    sql(office, f"UPDATE member SET old_reference = 'abc-12345' WHERE id_number = '{MOKOENA}'")
    sql(office, f"UPDATE member SET cell = '+27821234567' WHERE id_number = '{NAIDOO}'")
    first, second = paid(office, "REF XYZ00423 ABC12345", "REF XYZ00999 082 123 4567 T")
    allocate(office, first)
    allocate(office, second, NAIDOO)
    assert learnt(office) == [("reference", "ABC12345", MOKOENA), ("reference", "0821234567", NAIDOO)]


def test_what_means_somebody_else_already_is_not_learnt(office):
    people(office)
    sql(office, f"UPDATE member SET old_reference = 'ABC12345', cell = '+27821234567' WHERE id_number = '{NAIDOO}'")
    numbers = paid(office, "REF ABC12345", "CELL 0821234567", "REF XYZ00423", "REF XYZ-00423 AGAIN")
    for number in numbers[:3]:
        allocate(office, number)
    assert learnt(office) == [("reference", "XYZ00423", MOKOENA)]
    allocate(office, numbers[3], NAIDOO)
    assert learnt(office) == [("reference", "XYZ00423", MOKOENA)], "the officer before meant somebody else"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_of_one_batch_what_means_two_is_not_learnt_and_what_comes_twice_once(office):
    people(office)
    paid(office, "REF XYZ00001 A", "REF XYZ00001 B", "REF XYZ00002 A", "REF XYZ00002 B")
    for text, whom in (("1 A", MOKOENA), ("1 B", NAIDOO), ("2 A", MOKOENA), ("2 B", MOKOENA)):
        suggest(office, f"REF XYZ0000{text}", (whom, 95, "phone"))
    result = accept_class(session(office), Reason.PHONE, least=90, why="checked", among=Wanted())
    assert (result.accepted, result.learnt) == (4, 1)
    assert learnt(office) == [("reference", "XYZ00002", MOKOENA)]
    undo(office, result.batch)
    assert learnt(office) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_undone_it_is_forgotten_with_its_history_and_can_be_learnt_again(office):
    number = waiting(office)[OLD_REFERENCE]
    batch = allocate(office, number)
    undone = undo(office, batch)["batch"]
    assert learnt(office) == []
    assert sql(office, "SELECT reversed_by, reversed_why FROM alias") == [(undone, f"batch {batch} was undone")]
    allocate(office, number, NAIDOO)
    assert learnt(office) == [("reference", "XYZ00423", NAIDOO)]
    # Forgotten by hand, learnt again, and then not brought back by undoing the forgetting.
    (one,) = office("deposits", "alias", "list", "--member", NAIDOO, "--json").json
    forgotten = office("deposits", "alias", "forget", one["alias"], "--why", "mistaken", "--json").json["batch"]
    again = paid(office, "REF XYZ 00423", "REF XYZ00423 2021")
    allocate(office, again[-1])
    assert undo(office, forgotten)["kept"] == [
        {"what": f"alias {one['alias']}", "why": "the same was learnt again since"}
    ]
    assert learnt(office) == [("reference", "XYZ00423", MOKOENA)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_merged_member_s_words_mean_the_record_kept(office):
    numbers = waiting(office)
    deciding.accept(
        session(office), numbers[WORDS], *sql(office, f"SELECT id FROM member WHERE id_number = '{NAIDOO}'")[0]
    )
    office("member", "merge", MOKOENA, NAIDOO, "--why", "one person")
    (one,) = office("deposits", "alias", "list", "--member", MOKOENA, "--json").json
    assert (one["kind"], one["id_number"]) == ("depositor", MOKOENA)


def test_whoever_writes_the_same_again_is_suggested_until_it_is_forgotten(office):
    people(office)
    first = paid(office, "EFT SIPHO MKHIZE SPAZA", "REF XYZ 00423")
    assert [row["state"] for row in deposits(office)] == ["unallocated", "unallocated"]
    for number in first:
        allocate(office, number, NAIDOO)
    again = paid(office, "EFT SIPHO MKHIZE SPAZA MAR 2026", "PAID REF XYZ-00423")
    waits = office("deposits", "review", "--json").json
    assert sorted(row["deposit"] for row in waits) == sorted(again)
    for row in waits:
        (one,) = row["candidates"]
        assert (one["id_number"], one["reason"]) == (NAIDOO, "legacy_reference")
        assert any("an officer has accepted" in words for words in one["evidence"])
    for row in office("deposits", "alias", "list", "--json").json:
        office("deposits", "alias", "forget", row["alias"], "--why", "somebody else's")
    match(office)
    assert office("deposits", "review", "--json").json == []


def test_a_mistake_corrected_is_learnt_no_more(office):
    people(office)
    (number,) = paid(office, WORDS)
    allocate(office, number)
    moved = office("deposits", "move", number, "--from", MOKOENA, "--to", NAIDOO, *SLIP, "--json").json["batch"]
    assert learnt(office) == [("depositor", WORDS, NAIDOO)]
    (again,) = paid(office, f"{WORDS} MAR 2026")
    (row,) = office("deposits", "review", "--json").json
    assert (row["deposit"], [one["id_number"] for one in row["candidates"]]) == (again, [NAIDOO])
    # The correction undone, the words mean again what they meant before it.
    assert undo(office, moved)["kept"] == []
    assert learnt(office) == [("depositor", WORDS, MOKOENA)]
    reversed_ = office("deposits", "reverse", number, *SLIP, "--json").json["batch"]
    assert learnt(office) == []
    match(office)
    assert office("deposits", "review", "--json").json == []
    undo(office, reversed_)
    assert learnt(office) == [("depositor", WORDS, MOKOENA)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_deposit_for_several_teaches_nothing(office):
    people(office)
    (number,) = paid(office, WORDS)
    office("deposits", "allocate", number, "--to", MOKOENA, "--cents", 500, *SLIP)
    allocate(office, number, NAIDOO)
    assert learnt(office) == []
    office("deposits", "reverse", number, *SLIP)
    allocate(office, number)
    office("deposits", "move", number, "--from", MOKOENA, "--to", NAIDOO, "--cents", 500, *SLIP)
    assert learnt(office) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_correction_for_a_merged_member_forgets_what_the_other_record_was_learnt_by(office):
    people(office)
    (number,) = paid(office, WORDS)
    allocate(office, number, NAIDOO)
    office("member", "merge", MOKOENA, NAIDOO, "--why", "one person")
    office("deposits", "reverse", number, *SLIP)
    assert learnt(office) == []


def test_a_reference_on_record_is_known_however_it_is_spelt(office):
    people(office)
    sql(office, f"UPDATE member SET old_reference = 'BUF-000777' WHERE id_number = '{NAIDOO}'")
    (number,) = paid(office, "FEES BUF-000777 LATE")
    allocate(office, number)
    assert learnt(office) == []
    undone = office("deposits", "reverse", number, *SLIP, "--json")
    assert undone.json["cents"] == 2000
    allocate(office, number, NAIDOO)
    assert learnt(office) == [("reference", "BUF000777", NAIDOO)]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("taught", "narrative"), [("FEES BUF-000777", "BUF 000777"), (WORDS, f"{WORDS} BUF-000777")])
def test_a_reference_on_record_goes_before_what_was_learnt(office, taught, narrative):
    people(office)
    (number,) = paid(office, taught)
    allocate(office, number)
    assert [who for _, _, who in learnt(office)] == [MOKOENA]
    sql(office, f"UPDATE member SET old_reference = 'BUF-000777' WHERE id_number = '{NAIDOO}'")
    (again,) = paid(office, narrative)
    (row,) = office("deposits", "review", "--json").json
    assert (row["deposit"], [one["id_number"] for one in row["candidates"]]) == (again, [NAIDOO])


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_was_forgotten_comes_not_back_where_what_taught_it_was_undone(office):
    number = waiting(office)[OLD_REFERENCE]
    batch = allocate(office, number)
    forgotten = office("deposits", "alias", "forget", 1, "--why", "mistaken", "--json").json["batch"]
    undo(office, batch)
    assert undo(office, forgotten)["kept"] == [
        {"what": "alias 1", "why": f"the credit of deposit {number}, which taught it, was taken back since"}
    ]
    assert learnt(office) == []
