"""docs/rules.md, section 7: whose decisions count is what the store keeps, whatever policy file somebody names."""

from dataclasses import replace

import pytest
from tests.accounts import on_record, pretending
from tests.policies import adopted
from tests.services.deposits.working import MOKOENA, NAIDOO, register
from tests.tamper import sql

from ancadmin.domain.authorisation import Act
from ancadmin.domain.roles import Role
from ancadmin.policy import policy_text, read_policy
from ancadmin.policy.differences import authorisation_digest
from ancadmin.services.session import today_in_johannesburg

SHIPPED = policy_text(None)
OFFICERS = 'application = { alone = ["membership_officer+"]'
ALONE = SHIPPED.replace(OFFICERS, 'application = { alone = ["branch_secretary", "membership_officer+"]')
GIVES = SHIPPED.replace("[authorisation.gives]", '[authorisation.gives]\nmembership_officer = ["branch_secretary"]')
APPLY = [
    "member",
    "apply",
    NAIDOO,
    "--surname",
    "N",
    "--branch",
    "79700012",
    "--on",
    today_in_johannesburg(),
    "--why",
    "Form",
]
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"])


def begun(office):
    register(office, [{"id_number": MOKOENA}])
    on_record(office, "sarah", ("branch_secretary", "79700012"))
    on_record(office, "omar", ("membership_officer", "EKU"))
    on_record(office, "naledi", ("national_officer", "national"))


@pytest.fixture
def place(office):
    return office.after(begun)


def in_force(office):
    rows = office("config", "policy", "list", "--json").json
    return [(row["version"], row["adopted_by"]) for row in rows if row["adopted_at"]]


def version(text):
    return read_policy(text)[0].version


def test_a_policy_of_her_own_lets_a_secretary_do_no_more(place):
    own = place.write("own.toml", ALONE)
    batches = place("batch", "list", "--json").json
    with pretending("sarah"):
        for words in (APPLY, [*APPLY, "-n"], ["member", "contact", MOKOENA, "--cell", "0831111111", "--why", "W"]):
            refused = place("--policy", own, *words, code=7)
            assert refused.err.startswith(f"ancadmin: error: {own}: lets others decide than the authorisation in force")
            assert "ancadmin config policy adopt" in refused.err
            assert refused.err.count("\n") == 2
        assert place("--policy", own, "member", "list", "--json").json
        place("--policy", own, "config", "policy", "adopt", code=7)
    assert place("batch", "list", "--json").json == batches
    with pretending("sarah"):
        assert place(*APPLY, "--json").json["waits"]


def test_the_same_said_by_the_variable_is_refused_too(place, monkeypatch):
    monkeypatch.setenv("ANCADMIN_POLICY", str(place.write("own.toml", ALONE)))
    with pretending("sarah"):
        place(*APPLY, code=7)


@sqlite_only
@pytest.mark.parametrize(
    "words",
    [
        ["operator", "grant", "omar", "--role", "regional_secretary", "--place", "EKU"],
        ["sweep"],
        ["batch", "undo", 2],
        ["config", "policy", "adopt"],
    ],
)
def test_nor_does_an_officer_help_himself(place, words):
    gives = GIVES.replace('= ["branch_secretary"]', '= ["branch_secretary", "regional_secretary"]', 1)
    own = place.write("own.toml", gives)
    with pretending("omar"):
        place("--policy", own, *words, code=7)
        place("--policy", own, *words, "-n", code=7)


def test_a_national_officer_brings_it_into_force_and_takes_it_back(place):
    path = place.write("own.toml", ALONE)
    with pretending("naledi"):
        place("--policy", path, "config", "policy", "adopt", "-n")
        assert in_force(place)[0][0] == version(SHIPPED)
        done = place("--policy", path, "config", "policy", "adopt", "--json").json
    assert [(one["key"], one["new"].partition(",")[0]) for one in done["changes"]] == [
        ("authorisation.decisions.application.alone", "branch_secretary")
    ]
    assert in_force(place) == [(version(ALONE), "naledi")]
    with pretending("sarah"):
        assert "policy.toml as shipped: lets others decide" in place(*APPLY, code=7).err
        assert not place("--policy", path, *APPLY, "-n", "--json").json["waits"]
    place("batch", "undo", done["batch"])  # whichever policy the national officer happens to use
    assert in_force(place)[0][0] == version(SHIPPED)
    with pretending("sarah"):
        place("--policy", path, *APPLY, "-n", code=7)
        assert place(*APPLY, "-n", "--json").json["waits"]


@sqlite_only
def test_an_adoption_is_kept_where_another_followed_it(place):
    first = place("--policy", adopted(place, ALONE), "batch", "list", "--json").json[0]["batch"]
    adopted(place, GIVES, "second.toml")
    kept = place("batch", "undo", first, "--json", code=0).json["kept"]
    assert [one["what"] for one in kept] == ["the authorisation in force: value"]
    assert in_force(place)[0][0] == version(GIVES)


@sqlite_only
@pytest.mark.parametrize("undone", [False, True])
def test_a_store_that_keeps_none_yet_is_as_before_until_an_upgrade(place, undone):
    sql(place, "DELETE FROM setting WHERE key = 'authorisation'")
    path = place.write("own.toml", ALONE)
    if undone:
        done = place("--policy", path, "config", "policy", "adopt", "--json").json
        assert done["changes"] == []
        place("batch", "undo", done["batch"])
    assert in_force(place) == []
    with pretending("sarah"):
        assert not place("--policy", path, *APPLY, "-n", "--json").json["waits"]
        place("db", "upgrade", code=7)
    place("db", "upgrade")
    assert in_force(place)[0][0] == version(SHIPPED)
    with pretending("sarah"):
        place("--policy", path, *APPLY, "-n", code=7)
    assert "nothing to do" in place("--policy", path, "db", "upgrade").err


@sqlite_only
def test_the_commands_about_policy_say_which_is_in_force_and_by_whom(place):
    with pretending("naledi"):
        path = adopted(place, ALONE)
    today = place("config", "policy", "list", "--json").json[0]["adopted_at"][:10]
    said = f"version {version(ALONE)}, in force since {today} by naledi"
    assert f"authorisation: another is in force; {said}" in place("config", "policy", "show").err
    assert f"authorisation: this one is in force; {said}" in place("--policy", path, "config", "policy", "show").err
    (found,) = place("config", "policy", "check", "--strict", "--json", code=10).json
    assert (found["key"], found["value"].startswith(said)) == ("authorisation", True)
    assert place("config", "policy", "check", path, "--json").json == []


@sqlite_only
def test_whatever_else_a_policy_says_may_differ(place):
    text = SHIPPED.replace("most_percent = 5 ", "most_percent = 6 ").replace(
        "[authorisation]\n", "[authorisation]\n# ours\n"
    )
    lines = text.splitlines(keepends=True)
    one = next(at for at, line in enumerate(lines) if line.startswith("application "))
    lines[one], lines[one + 1] = lines[one + 1], lines[one]
    with pretending("sarah"):
        place("--policy", place.write("own.toml", "".join(lines)), *APPLY, "-n")


def _others():
    policy = read_policy(SHIPPED)[0]
    matrix = policy.authorisation
    for part in ("alone", "ask", "approve"):
        one = replace(matrix.authorities[Act.MONEY], **{part: frozenset({Role.BRANCH_SECRETARY})})
        yield replace(policy, authorisation=replace(matrix, authorities={**matrix.authorities, Act.MONEY: one}))
    yield replace(policy, authorisation=replace(matrix, back_days={**matrix.back_days, Role.BRANCH_SECRETARY: 0}))
    yield replace(policy, authorisation=replace(matrix, back_days={}))
    yield replace(policy, authorisation=replace(matrix, gives={**matrix.gives, Role.AUDITOR: frozenset(Role)}))
    yield replace(policy, cost_sheet_approver=Role.MEMBERSHIP_OFFICER)
    yield read_policy(SHIPPED + "\n[[changes]]\nfrom = 2099-01-01\napproval.alone_cents = 1\n")[0]
    yield read_policy(SHIPPED + "\n[[changes]]\nfrom = 2098-01-01\napproval.alone_cents = 1\n")[0]


def test_every_part_of_who_may_do_what_is_told_apart():
    digests = [authorisation_digest(policy) for policy in (read_policy(SHIPPED)[0], *_others())]
    assert len(set(digests)) == len(digests) == 10


def test_what_lets_nobody_do_anything_else_is_the_same():
    same = [
        SHIPPED + "\n[[changes]]\nfrom = 2099-01-01\ngrace_months = 4\n",
        SHIPPED.replace("[authorisation.gives]", "[authorisation.gives]\nmembership_officer = []"),
        SHIPPED.replace("cents = 2000", "cents = 2500"),
    ]
    assert {authorisation_digest(read_policy(text)[0]) for text in same} == {
        authorisation_digest(read_policy(SHIPPED)[0])
    }
