"""Where settings come from: flags, then variables, then `ancadmin.toml` here, then the user's, then the default."""

import pytest

import ancadmin.settings as settings
from ancadmin.policy import policy_text


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, and a user without settings."""
    for name in ("ANCADMIN_DB", "ANCADMIN_POLICY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "_user_settings", lambda: tmp_path / "user" / "ancadmin.toml")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def shown(run, *words):
    answer = run([*words, "config", "show", "--json"])
    assert answer.code == 0, answer
    return {row["setting"]: (row["value"], row["source"]) for row in answer.json}


def test_each_place_comes_before_the_next(run, here, monkeypatch):
    value, source = shown(run)["db"]
    assert (value.startswith("sqlite:///"), source) == (True, "default")
    user = here.parent / "user"
    user.mkdir()
    (user / "ancadmin.toml").write_text('db = "user.db"\n', encoding="utf-8")
    assert shown(run)["db"] == ("sqlite:///user.db", str(user / "ancadmin.toml"))
    (here / "ancadmin.toml").write_text('db = "here.db"\n', encoding="utf-8")
    assert shown(run)["db"] == ("sqlite:///here.db", "ancadmin.toml")
    monkeypatch.setenv("ANCADMIN_DB", "postgresql://server/members")
    assert shown(run)["db"] == ("postgresql://server/members", "ANCADMIN_DB")
    assert shown(run, "--db", "flag.db")["db"] == ("sqlite:///flag.db", "--db")


def test_a_policy_is_named_beside_the_settings_that_name_it(run, here):
    assert shown(run)["policy"] == ("shipped", "default")
    user = here.parent / "user"
    user.mkdir()
    (user / "ours.toml").write_text(policy_text(None).replace("grace_months = 3", "grace_months = 4"), encoding="utf-8")
    (user / "ancadmin.toml").write_text('policy = "ours.toml"\n', encoding="utf-8")
    assert shown(run)["policy"] == (str(user / "ours.toml"), str(user / "ancadmin.toml"))
    policy = run(["config", "policy", "--json"]).json
    assert (policy["grace_months"], policy["source"]) == (4, str(user / "ours.toml"))
    shipped = run(["--policy", str(here / "copy.toml"), "config", "policy"])
    assert shipped.code == 4
    (here / "copy.toml").write_text(policy_text(None), encoding="utf-8")
    copy = run(["--policy", str(here / "copy.toml"), "config", "policy", "--json"]).json
    assert copy["version"] != policy["version"]


def test_the_policy_in_force_is_shown_whole(run, here):
    policy = run(["config", "policy", "--json"]).json
    assert policy["fees"] == [{"from": None, "cents": 1200}, {"from": "2013-01-01", "cents": 2000}]
    assert (policy["period_months"], policy["probation_months"], policy["minimum_age"]) == (12, 6, 18)
    assert len(policy["version"]) == 12


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_policy_a_batch_was_made_under_can_be_read_later(office):
    from tests.tamper import sql

    version = office("batch", "show", 1, "--json").json["policy_version"]
    assert sql(office, f"SELECT text FROM policy_text WHERE version = '{version}'") == [(policy_text(None),)]
