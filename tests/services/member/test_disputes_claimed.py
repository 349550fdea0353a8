"""What a dispute may claim, who decides it, and what of it is shown."""

from dataclasses import replace

import pytest
from sqlalchemy import insert
from tests.services.deposits.working import session
from tests.tamper import sql

from ancadmin.db.schema import operator, operator_role
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed
from ancadmin.services.member.disputes.deciding import accept, reject

THABO, LERATO, NOMSA = "8001015009087", "9202204720083", "6405064999084"
PLACES = (
    "province,region_code,region,branch_code,branch,ward\n"
    "Gauteng,EKU,Ekurhuleni,79700012,Ward 12,79700012\nGauteng,EKU,Ekurhuleni,79700013,Ward 13,79700013\n"
    "Western Cape,WIN,Winelands,10501001,Paarl,10501001\n"
)
REGISTER = (
    "ID number,Surname,First names,Branch,Date joined,Last payment,Amount\n"
    f"{THABO},Mokoena,Thabo,79700012,2015-01-10,N/A,N/A\n"
    f"{NOMSA},Khumalo,Nomsa,79700012,2015-01-10,N/A,N/A\n"
)
WHY = ("--why", "slip seen")
KNOWN = ("--surname", "Dlamini", "--branch", "79700013", "--joined-on", "2014-05-01")


@pytest.fixture
def listed(office):
    office("init", "--sole-operator")
    office("db", "places", "import", office.write("places.csv", PLACES))
    office("register", "import", office.write("register.csv", REGISTER))
    return office


def lodge(office, *words, code=0):
    answer = office("member", "dispute", "lodge", *words, "--on", "2025-06-30", *WHY, "--json", code=code)
    return answer.json["dispute"] if code == 0 else answer.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            (LERATO, "--kind", "not_on_record", *KNOWN, "--last-payment-on", "2199-01-01", "--last-payment-cents", 1),
            "still to come",
        ),
        ((LERATO, "--kind", "not_on_record", "--surname", " ", *KNOWN[2:]), "the surname is missing"),
        ((THABO, "--kind", "old_number", "--old-number", "12345"), "not an ID number"),
        ((THABO, "--kind", "old_number", "--old-number", NOMSA), "somebody is on record under the old number"),
        ((THABO, "--kind", "old_number", "--old-number", THABO), "is the number on record"),
    ],
)
def test_what_could_never_be_accepted_is_not_lodged(listed, words, says):
    assert says in lodge(listed, *words, code=3)
    assert sql(listed, "SELECT count(*) FROM dispute") == [(0,)]


def test_a_number_that_leads_to_the_member_already_is_not_disputed(listed):
    listed("member", "dispute", "accept", lodge(listed, THABO, "--kind", "old_number", "--old-number", LERATO), *WHY)
    said = lodge(listed, THABO, "--kind", "old_number", "--old-number", LERATO, code=3)
    assert "the old number leads to this member already" in said


def test_names_are_kept_as_an_application_keeps_them(listed):
    claim = ("--surname", "  van   wyk ", "--first-names", " Lerato  A ", *KNOWN[2:])
    listed("member", "dispute", "accept", lodge(listed, LERATO, "--kind", "not_on_record", *claim), *WHY)
    assert sql(listed, f"SELECT surname, first_names FROM member WHERE id_number = '{LERATO}'") == [
        ("van Wyk", "Lerato A")
    ]


def test_documents_that_prove_nothing_are_refused(listed, tmp_path):
    empty, folder = tmp_path / "empty.pdf", tmp_path / "folder"
    empty.touch()
    folder.mkdir()
    words = (THABO, "--kind", "wrong_branch", "--branch", "79700013", "--since", "2024-03-01", "--proof")
    assert "the document is empty" in lodge(listed, *words, empty, code=3)
    assert "the document cannot be read" in lodge(listed, *words, folder, code=3)
    assert "more than 10 MB" in lodge(listed, *words, "/dev/zero", code=3)


def test_two_documents_of_one_name_are_both_written(listed, tmp_path):
    papers = []
    for name in ("one", "two"):
        papers += ["--proof", tmp_path / name / "slip\n.pdf"]
        (tmp_path / name).mkdir()
        (tmp_path / name / "slip\n.pdf").write_text(name)
    number = lodge(listed, THABO, "--kind", "wrong_branch", "--branch", "79700013", "--since", "2024-03-01", *papers)
    listed("member", "dispute", "show", number, "--proofs", tmp_path / "out")
    assert sorted(path.read_text() for path in (tmp_path / "out").iterdir()) == ["one", "two"]


def test_id_numbers_are_masked_on_screen_and_none_is_in_what_batches_count(listed):
    number = lodge(listed, THABO, "--kind", "old_number", "--old-number", LERATO)
    shown = listed("member", "dispute", "show", number, "--format", "table")
    assert "old number 920220****083" in shown.out
    assert LERATO not in shown.out + shown.err
    done = listed("member", "dispute", "accept", number, *WHY, "--format", "table")
    assert LERATO not in done.out + done.err
    told = repr(sql(listed, "SELECT counts, inputs FROM batch")) + repr(sql(listed, "SELECT old, new FROM change"))
    assert not [one for one in (THABO, LERATO) if one in told]


def officer(office, place, account="zola"):
    role = Role.REGIONAL_SECRETARY
    with session(office).store.write() as connection:
        connection.execute(insert(operator).values(account=account, name=account, batch=1))
        held = {"account": account, "role": str(role), "place": place, "begins_on": "2010-01-01"}
        connection.execute(insert(operator_role).values(**held, batch=1))
    return replace(session(office), account=account, sole_operator=False, roles=((role, place),))


def since(office, days):
    """So many days ago, as the policy counts what takes effect further back."""
    return str(session(office).today.fromordinal(session(office).today.toordinal() - days))


@pytest.fixture
def lodged_far(listed):
    """Thabo says he is of a branch in another region."""
    return lodge(listed, THABO, "--kind", "wrong_branch", "--branch", "10501001", "--since", since(listed, 30))


def test_who_accepts_a_wrong_branch_reaches_both_and_who_rejects_it_the_old_one(listed, lodged_far):
    here = officer(listed, "EKU")
    with pytest.raises(NotAllowed, match="may not accept this dispute"):
        accept(here, lodged_far, "seen")
    assert reject(here, lodged_far, "not so", "Bring the lease").verdict == "rejected"


def test_who_decides_reaches_where_the_member_is_by_now(listed):
    paid = ("--last-payment-on", since(listed, 20), "--last-payment-cents", 2000)
    number = lodge(listed, THABO, "--kind", "wrong_standing", *paid)
    listed("member", "transfer", THABO, "--to", "10501001", "--on", since(listed, 10), "--why", "moved")
    with pytest.raises(NotAllowed, match="10501001"):
        accept(officer(listed, "EKU"), number, "seen")


def test_nobody_decides_their_own_nor_further_back_than_the_policy_says(listed):
    near = lodge(listed, THABO, "--kind", "wrong_branch", "--branch", "79700013", "--since", since(listed, 30))
    far = lodge(listed, NOMSA, "--kind", "wrong_branch", "--branch", "79700013", "--since", since(listed, 400))
    here = officer(listed, "EKU")
    sql(listed, f"UPDATE dispute SET lodged_by = 'zola' WHERE id = {near}")
    with pytest.raises(NotAllowed, match="nobody decides their own"):
        accept(here, near, "seen")
    with pytest.raises(NotAllowed):
        accept(here, far, "seen")
    sql(listed, f"UPDATE dispute SET lodged_by = 'root' WHERE id = {near}")
    assert accept(here, near, "seen").did.startswith("of branch 79700013 since")
