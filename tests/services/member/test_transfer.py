"""Transfers: the receiving branch accepts; standing on a past day counts in the branch of that day."""

from tests.tamper import sql

THABO = "8001015009087"


def branch(office):
    return sql(office, f"SELECT branch FROM member WHERE id_number = '{THABO}'")[0][0]


def test_a_member_moves_and_the_batch_can_be_undone(office):
    office("init", "--sole-operator")
    places = office.write(
        "places.csv",
        "province,region_code,region,branch_code,branch,ward\n"
        "Gauteng,EKU,Ekurhuleni,79700012,Ward 12,79700012\nGauteng,EKU,Ekurhuleni,79700013,Ward 13,79700013\n",
    )
    office("db", "places", "import", places)
    person = ["--surname", "Mokoena", "--branch", "79700012"]
    office("member", "apply", THABO, *person, "--on", "2020-01-10", "--why", "form")
    words = ["member", "transfer", THABO, "--to", "79700013", "--why", "moved house", "--json"]
    answer = office(*words, "--on", "2020-06-01").json
    assert (answer["from_branch"], answer["to_branch"], answer["waits"]) == ("79700012", "79700013", False)
    assert branch(office) == "79700013"
    assert "is of that branch already" in office(*words, "--on", "2020-07-01", code=3).err
    office("batch", "undo", answer["batch"])
    assert branch(office) == "79700012"
