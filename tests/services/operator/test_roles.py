"""Who may use the store: an unknown account may not, an auditor reads only, and roles reach what lies below."""

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.accounts import STRANGER, as_stranger, on_record, open_to_all
from tests.policies import adopted
from tests.tamper import sql

from ancadmin.domain.roles import Role

PLACES = """province,region_code,region,branch_code,branch,ward
GP,EKU,Ekurhuleni,79700012,Tembisa,79700012
NC,DC9,Frances Baard,30901001,Galeshewe,30901001
"""


class Stranger:
    """Someone else at the same store; `account` is what an officer calls them."""

    def __init__(self, office):
        self.office = office
        self.account = STRANGER

    def __call__(self, *words, code=0):
        open_to_all(self.office.folder)
        answer = as_stranger(self.office, *words)
        assert answer.code == code, f"{words}: {answer}"
        return answer


class Login(Stranger):
    """A second login role of the server."""

    def __init__(self, office):
        self.office = office
        self.account = f"login_{uuid4().hex[:8]}"
        with psycopg.connect(office.db) as connection:
            connection.execute(f"CREATE ROLE {self.account} LOGIN")
        self.db = office.db.replace("//postgres@", f"//{self.account}@")

    def __call__(self, *words, code=0):
        answer = self.office._run(["--db", self.db, *map(str, words)])
        assert answer.code == code, f"{words}: {answer}"
        return answer

    def psql(self, statement):
        with psycopg.connect(self.db) as connection:
            connection.execute(statement)


@pytest.fixture
def stranger(office, engine):
    office("db", "places", "import", office.write("places.csv", PLACES))
    office("batch", "list")
    if engine == "sqlite":
        yield Stranger(office)
        return
    login = Login(office)
    yield login
    with psycopg.connect(office.db) as connection:
        connection.execute(f"DROP OWNED BY {login.account}")
        connection.execute(f"DROP ROLE {login.account}")


def add(office, who, role, place="national", code=0):
    return office("operator", "add", who.account, "--name", "S", "--role", role, "--place", place, code=code)


def test_an_unknown_account_gets_nowhere(stranger):
    for words in (["batch", "list"], ["db", "places", "list"], ["audit", "verify"], ["db", "upgrade"]):
        assert "ancadmin: error:" in stranger(*words, code=7).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_unknown_account_is_named_with_the_remedy(stranger):
    refused = stranger("batch", "list", code=7)
    assert refused.err.startswith(f"ancadmin: error: {STRANGER} is not an operator of")
    assert f"ancadmin operator add {STRANGER}" in refused.err


def test_an_auditor_reads_everything_and_writes_nothing(office, stranger):
    add(office, stranger, "auditor")
    stranger("batch", "list")
    stranger("db", "places", "list")
    stranger("audit", "verify")
    assert office("audit", "log", "--reads", "--json").json[1]["operator"] == stranger.account
    before = len(office("batch", "list", "--json").json)
    places = office.folder / "places.csv"
    assert "may look, not change" in stranger("batch", "undo", 2, code=7).err
    stranger("db", "places", "import", places, code=7)
    stranger(
        "operator", "add", stranger.account, "--name", "S", "--role", "national_officer", "--place", "national", code=7
    )
    stranger("init", "--sole-operator", code=7)
    assert len(office("batch", "list", "--json").json) == before


def test_a_revoked_operator_is_a_stranger_again(office, stranger):
    add(office, stranger, "membership_officer", "EKU")
    stranger("batch", "list")
    office("operator", "revoke", stranger.account, "--why", "Left the office")
    stranger("batch", "list", code=7)
    assert [row["account"] for row in office("operator", "list", "--json").json] != [stranger.account]
    add(office, stranger, "auditor")
    stranger("batch", "list")
    office("batch", "undo", office("batch", "list", "--json").json[0]["batch"])
    stranger("batch", "list", code=7)


def test_an_officer_works_but_undoes_only_their_own(office, stranger):
    add(office, stranger, "membership_officer", "EKU")
    changed = office.write("b.csv", PLACES.replace("Tembisa", "Tembisa West"))
    stranger("db", "places", "import", changed)
    assert "is the work of" in stranger("batch", "undo", 2, code=7).err
    stranger("batch", "undo", 4)
    assert office("db", "places", "list", "--json").json[0]["branch"] == "Tembisa"
    assert office("audit", "verify", "--json").json["flaws"] == []


@pytest.mark.parametrize(
    ("mine", "at", "given", "place", "allowed"),
    [
        ("provincial_officer", "GP", "branch_secretary", "79700012", True),
        ("regional_secretary", "EKU", "branch_secretary", "30901001", False),
        ("regional_secretary", "EKU", "membership_officer", "EKU", False),
        ("provincial_officer", "GP", "membership_officer", "EKU", True),
        ("provincial_officer", "GP", "membership_officer", "DC9", False),
        ("provincial_officer", "GP", "national_officer", "national", False),
        ("membership_officer", "national", "branch_secretary", "79700012", False),
        ("national_officer", "national", "auditor", "national", True),
    ],
)
def test_roles_are_given_within_ones_own_reach(office, stranger, mine, at, given, place, allowed):
    add(office, stranger, mine, at)
    account = "postgres_reader" if office.db.startswith("sqlite") else "pg_monitor"
    answer = stranger(
        "operator", "add", account, "--name", "N", "--role", given, "--place", place, code=0 if allowed else 7
    )
    if not allowed:
        assert "Ask a" in answer.err
    assert len(office("operator", "list", "--json").json) == (3 if allowed else 2)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_policy_says_who_gives_which_role(office, stranger):
    from ancadmin.policy import policy_text

    add(office, stranger, "membership_officer", "EKU")
    words = ["operator", "add", "sipho", "--name", "N", "--role", "branch_secretary", "--place", "79700012", "-n"]
    assert "Ask a regional secretary, provincial officer or national officer" in stranger(*words, code=7).err
    gives = "[authorisation.gives]\nmembership_officer = ['branch_secretary']\n"
    own = adopted(office, policy_text(None).replace("[authorisation.gives]\n", gives))
    stranger("--policy", own, *words)


def roles_of(office, who):
    rows = office("operator", "list", "--all", "--json").json
    return [(row["role"], row["place"], row["until"] is None) for row in rows if row["account"] == who.account]


def test_a_further_role_is_given_and_one_of_them_taken_back(office, stranger):
    further = ["operator", "grant", stranger.account, "--role", "branch_secretary", "--place", "30901001"]
    assert "operator add" in office(*further, code=3).err
    add(office, stranger, "membership_officer", "EKU")
    assert "operator grant" in add(office, stranger, "branch_secretary", "30901001", code=3).err
    given = office(*further, "--json").json["batch"]
    assert "already" in office(*further, code=3).err
    me = office("batch", "list", "--limit", 1, "--json").json[0]["operator"]
    rows = {row["role"]: row for row in office("operator", "list", "--json").json if row["account"] == stranger.account}
    assert (rows["branch_secretary"]["given_by"], rows["branch_secretary"]["batch"]) == (me, given)
    revoke = ["operator", "revoke", stranger.account, "--why", "Moved"]
    assert "no such role" in office(*revoke, "--role", "auditor", code=3).err
    done = office(*revoke, "--role", "membership_officer", "--place", "EKU", "--json")
    assert (done.json["left"], "keeps 1 other" in done.err) == (1, True)
    assert roles_of(office, stranger) == [("membership_officer", "EKU", False), ("branch_secretary", "30901001", True)]
    stranger("deposits", "match", code=7)
    stranger("member", "list")
    office("batch", "undo", done.json["batch"])
    stranger("deposits", "match")
    office(*revoke)
    stranger("member", "list", code=7)


def test_operators_are_listed_below_ones_place_and_above_it(office, stranger):
    add(office, stranger, "regional_secretary", "EKU")
    on_record(office, "here", ("branch_secretary", "79700012"))
    on_record(office, "above", ("provincial_officer", "GP"))
    on_record(office, "elsewhere", ("regional_secretary", "DC9"))
    seen = {row["account"] for row in stranger("operator", "list", "--json").json}
    assert seen == {office("batch", "list", "--json").json[0]["operator"], "here", "above", stranger.account}


def test_what_makes_no_sense_is_refused(office, stranger):
    assert "no such place" in add(office, stranger, "auditor", "nowhere", code=3).err
    assert "is one for `national`" in add(office, stranger, "national_officer", "EKU", code=3).err
    add(office, stranger, "auditor")
    assert "is an operator already" in add(office, stranger, "auditor", code=3).err
    assert "not an operator" in office("operator", "revoke", "no-one", "--why", "x", code=3).err
    assert "reason is blank" in office("operator", "revoke", stranger.account, "--why", " ", code=3).err
    me = office("batch", "list", "--json").json[0]["operator"]
    assert "without a national officer" in office("operator", "revoke", me, "--why", "x", code=7).err


def test_a_dry_run_gives_nobody_a_role(office, stranger):
    office("operator", "add", stranger.account, "--name", "S", "--role", "auditor", "--place", "national", "-n")
    stranger("batch", "list", code=7)


@pytest.mark.parametrize(
    ("role", "place", "words", "code"),
    [
        ("call_centre_agent", "EKU", "member list --branch 79700012", 0),
        ("call_centre_agent", "EKU", "member list --branch 30901001", 7),
        ("call_centre_agent", "national", "deposits list", 7),
        ("regional_organiser", "EKU", "deposits list", 0),
        ("branch_secretary", "79700012", "deposits balance", 7),
        ("regional_secretary", "EKU", "check", 7),
        ("auditor", "national", "check", 0),
        ("auditor", "national", "db upgrade", 7),
    ],
)
def test_another_account_of_the_machine_or_the_server_is_held_to_its_place(office, stranger, role, place, words, code):
    add(office, stranger, role, place)
    stranger(*words.split(), code=code)


@pytest.mark.parametrize("engine", ["postgresql"])
class TestOnTheServerRolesProtect:
    """What the login may do without our program."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE branch SET name = 'x'",
            "INSERT INTO province VALUES ('XX', 'x', 1)",
            "DELETE FROM access_event",
            "UPDATE access_event SET operator = 'x'",
            "DELETE FROM audit_event",
        ],
    )
    def test_an_auditor_cannot_write_with_psql(self, office, stranger, statement):
        add(office, stranger, "auditor")
        stranger.psql("SELECT count(*) FROM member")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.psql(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_event SET operator = 'x'",
            "DELETE FROM access_event",
            "UPDATE operator_role SET role = 'national_officer'",
            "INSERT INTO operator VALUES ('me', 'me', 1)",
        ],
    )
    def test_an_officer_can_neither_edit_the_trail_nor_promote_themselves(self, office, stranger, statement):
        add(office, stranger, "membership_officer")
        stranger.psql("UPDATE branch SET name = name")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.psql(statement)

    @pytest.mark.parametrize("role", list(Role))
    def test_what_each_role_may_write_with_psql(self, office, stranger, role):
        """Everybody reads; auditors add only to what was read; only who gives roles writes those; trails grow."""
        add(office, stranger, role)
        gives = role in ("provincial_officer", "national_officer")
        may = {
            "SELECT count(*) FROM member": True,
            "UPDATE member SET surname = surname": role.writes,
            "UPDATE operator_role SET place = place": gives,
            "INSERT INTO operator (account, name, batch) VALUES ('x', 'x', 1)": gives,
            **{f"UPDATE {trail} SET operator = operator": False for trail in ("audit_event", "access_event")},
            **{f"DELETE FROM {trail}": False for trail in ("audit_event", "access_event")},
            "DROP TABLE member": False,
        }
        for statement, allowed in may.items():
            if allowed:
                stranger.psql(statement)
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                stranger.psql(statement)

    def test_who_claims_to_be_the_sole_operator_is_not(self, office, stranger):
        add(office, stranger, "membership_officer")
        stranger.psql(f"UPDATE setting SET value = '{stranger.account}' WHERE key = 'sole_operator'")
        who = ["member", "apply", "8001015009087", "--surname", "M", "--branch", "79700012", "--on", "2020-01-10"]
        assert stranger(*who, "--why", "x", "--json").json["approved_by"] is None

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.NATIONAL_OFFICER])
    def test_what_is_in_force_is_not_for_other_logins_to_write(self, office, stranger, role):
        add(office, stranger, role)
        before = sql(office, "SELECT key, value FROM setting ORDER BY key")
        assert [key for key, _ in before] == ["authorisation", "sole_operator"]
        for statement in (
            "UPDATE setting SET value = 'x'",
            "DELETE FROM setting",
            "INSERT INTO setting VALUES ('authorisation', 'x') ON CONFLICT (key) DO UPDATE SET value = 'x'",
            "TRUNCATE setting",
            "ALTER TABLE setting DISABLE ROW LEVEL SECURITY",
        ):
            with suppress(psycopg.errors.InsufficientPrivilege):  # or nothing is there to change, to this login
                stranger.psql(statement)
        assert sql(office, "SELECT key, value FROM setting ORDER BY key") == before

    def test_a_national_officers_login_brings_an_authorisation_into_force_and_back(self, office, stranger):
        from ancadmin.policy import policy_text

        add(office, stranger, "national_officer")
        gives = "[authorisation.gives]\nmembership_officer = ['branch_secretary']\n"
        own = office.write("own.toml", policy_text(None).replace("[authorisation.gives]\n", gives))
        done = stranger("--policy", own, "config", "policy", "adopt", "--json").json
        assert "lets others decide" in office("sweep", "-n", code=7).err
        stranger("batch", "undo", done["batch"])
        office("sweep", "-n")

    def test_the_rights_of_logins_follow_what_is_in_force(self, office, stranger):
        from ancadmin.policy import policy_text

        add(office, stranger, "membership_officer", "EKU")
        gives = "[authorisation.gives]\nmembership_officer = ['branch_secretary']\n"
        adopted(office, policy_text(None).replace("[authorisation.gives]\n", gives))
        stranger.psql("UPDATE operator_role SET place = place")
        office("batch", "undo", office("batch", "list", "--json").json[0]["batch"])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.psql("UPDATE operator_role SET place = place")
        stranger("member", "list")

    def test_an_officers_login_does_the_whole_line(self, office, stranger):
        """Nothing of the day's work needs more than what the role gives: no ownership, no other table."""
        add(office, stranger, "membership_officer")
        sample = Path(__file__).parents[3] / "sample_data"
        stranger("db", "places", "import", sample / "places.csv")
        stranger("register", "import", sample / "register-1-inland.csv")
        stranger("deposits", "import", sample / "statement-1-fnb-history.csv")
        assert stranger("deposits", "match", "--json").json["matched"] > 0
        assert stranger("sweep", "--json").json["changed"] > 0
        stranger("export", "branch-list", "--branch", "79700001", "-o", office.folder / "list.xlsx")
        stranger("check")
        (sweep, match) = (row["batch"] for row in office("batch", "list", "--limit", 2, "--json").json)
        for number in (sweep, match, match - 1):
            stranger("batch", "undo", number)
        assert office("check", "--json").json == []

    def test_a_revoked_login_loses_its_rights_on_the_server(self, office, stranger):
        add(office, stranger, "membership_officer")
        office("operator", "revoke", stranger.account, "--why", "left")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stranger.psql("SELECT * FROM member")

    def test_rights_somebody_else_passed_on_go_too(self, office, stranger):
        """The server lets only those take rights back who gave them; the owner, also from those who passed them on."""
        add(office, stranger, "provincial_officer", "GP")
        third = Login(office)
        given = ["--role", "branch_secretary", "--place", "79700012"]
        stranger("operator", "add", third.account, "--name", "T", *given)
        third("member", "list")
        office("operator", "revoke", third.account, "--why", "Left")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            third.psql("SELECT * FROM member")
        stranger("member", "list")
        office("operator", "add", third.account, "--name", "T", *given)
        assert "may not see what the whole store holds" in stranger("check", code=7).err
        answer = stranger("operator", "revoke", third.account, "--why", "Left", code=7)
        assert "the server lets only" in answer.err
        with psycopg.connect(office.db) as connection:
            connection.execute(f"DROP OWNED BY {third.account}")
            connection.execute(f"DROP ROLE {third.account}")

    def test_a_login_the_server_does_not_know_is_refused(self, office, stranger):
        answer = office(
            "operator", "add", "nobody_there", "--name", "N", "--role", "auditor", "--place", "national", code=3
        )
        assert "CREATE ROLE" in answer.err
