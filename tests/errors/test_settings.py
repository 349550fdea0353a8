"""Settings or a policy that cannot be used: exit 4, with the file and the entry."""

import pytest
from tests.errors.stores import one_line


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("db = ", "ancadmin.toml: not a settings file"),
        ('dv = "x.db"\n', "ancadmin.toml: `dv` is not a setting"),
        ('policy = "nowhere.toml"\n', "the policy file cannot be read"),
    ],
)
def test_a_settings_file_that_is_wrong(office, tmp_path, monkeypatch, text, what):
    if office.db.startswith("postgresql"):
        monkeypatch.delenv("ANCADMIN_DB", raising=False)
    (tmp_path / "ancadmin.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    one_line(office("batch", "list", code=4), what, "", 4)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("grace_months = 3", "grace_months = -3", "`grace_months` must be a whole number, zero or more (-3)"),
        ("grace_months = 3", "", "`grace_months` must be a whole number, zero or more (missing)"),
        ("from = 2013-01-01", "from = 0001-01-01", "`fees.2.from` must be later than the entry before"),
        ("cents = 2000", 'cents = "R20"', "`fees.2.cents` must be a whole number, 1 or more (R20)"),
        ("cents = 2000", "cents = 0", "`fees.2.cents` must be a whole number, 1 or more (0)"),
        ("[bulk]", "[bulk", "not valid TOML"),
    ],
)
def test_a_policy_that_is_wrong(office, old, new, what):
    from ancadmin.policy import policy_text

    text = policy_text(None)
    assert old in text
    path = office.write("policy.toml", text.replace(old, new, 1))
    one_line(office("--policy", path, "batch", "list", code=4), f"{path}: {what}", "", 4)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("mysql://x/y", "ancadmin keeps no store in mysql"),
        ("postgresql://me:secret@host/y", "a password does not belong in the URL"),
        ("sqlite://", "the URL names no file"),
        ("://", "not a store's URL"),
        ("postgresql://host:port/x", "not a store's URL"),
    ],
)
def test_an_url_that_names_no_store(run, url, what):
    answer = run(["--db", url, "batch", "list"])
    one_line(answer, what, "", 4)
    assert "secret" not in answer.err
