"""docs/rules.md, section 4.2: whatever may have changed an answer since the last matching has it gone over again."""

from tests.services.deposits.working import (
    MOKOENA,
    NAIDOO,
    PLACES,
    deposits,
    match,
    numbered,
    register,
    statement,
    take_in,
)

CUT, WITHIN = "80010150090387", "8001015009038"
NEW = "province,region_code,region,branch_code,branch,ward\nEC,BUF,Buffalo City,10501999,Ginsberg,10501999\n"


def paid(office, *narratives):
    """Deposits with these narratives taken in and matched."""
    take_in(office, statement(office, "statement.csv", [("2021-03-01", 2000, text) for text in narratives]))
    match(office)


def answers(office):
    return {
        row["narrative"]: (row["state"], row["reason"], row["members"], row["evidence"]) for row in deposits(office)
    }


def test_a_number_cut_out_that_is_registered_later_is_credited(office):
    register(office, [{"id_number": MOKOENA}])
    paid(office, CUT)
    assert numbered(office, CUT)["reason"] == "near_miss"
    register(office, [{"id_number": WITHIN, "surname": "Naidoo"}], "later.csv")
    match(office)
    assert numbered(office, CUT)["reason"] == "id_reference"


def test_a_member_moved_by_redrawn_wards_is_looked_for_in_the_branch_of_now(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    heading = "ID number,Surname,First names,Branch,Voting district"
    people = office.write("register.csv", f"{heading}\n{NAIDOO},Naidoo,Priya,29300005,11111111\n")
    office("register", "import", people)
    paid(office, "P NAIDOO BRANCH 10501001")
    assert numbered(office, "P NAIDOO BRANCH 10501001")["reason"] == "no_match"
    wards = "old_ward,new_ward,voting_district\n29300005,29300005,\n29300005,10501001,11111111\n10501001,10501001,\n"
    redrawn = ("--year", "2026", "--on", "2021-11-01", "--why", "Gazette 50123", "--json")
    assert office("db", "demarcation", "import", office.write("wards.csv", wards), *redrawn).json["moved"] == 1
    match(office)
    assert numbered(office, "P NAIDOO BRANCH 10501001")["reason"] == "name"


def test_a_branch_new_on_record_speaks_against_members_of_others(office):
    register(office, [{"id_number": MOKOENA}])
    text = "8001015019087 BRANCH 10501999"
    paid(office, text)
    before = answers(office)[text]
    office("db", "places", "import", office.write("more.csv", NEW))
    match(office)
    assert answers(office)[text] != before
