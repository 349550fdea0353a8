"""The operator is told by mail of a night that ended badly, and the exit code is what it would have been."""

import pytest
from sqlalchemy import update
from tests.services.deposits.reminders.post import HOST, Post, serving
from tests.services.standing.records import session_of
from tests.services.standing.test_guard import FIRST, LATER, members

from ancadmin.cli.told import told_by_mail
from ancadmin.db.schema import standing

OPERATOR = "office@example.org"


@pytest.fixture
def post(office, monkeypatch, tmp_path):
    """A mail server at work, named where the commands are typed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANCADMIN_MAIL_TO", raising=False)
    with serving(Post(), tmp_path) as post:
        yield post


@pytest.fixture
def set_up(post, tmp_path):
    """`operator` under [mail], which is the last table of the file."""
    with (tmp_path / "ancadmin.toml").open("a", encoding="utf-8") as file:
        file.write(f'\noperator = "{OPERATOR}"\n')
    return post


def test_a_sweep_held_back_is_told_with_what_it_would_have_changed(office, post):
    members(office, 26, 474)
    office("sweep", "--on", LATER, "--mail-to", OPERATOR, code=7)
    ((to, mail),) = post.taken
    assert (to, mail["To"], mail["Subject"]) == (OPERATOR, OPERATOR, f"ancadmin sweep --on {LATER}: exit 7")
    assert mail.get_content().splitlines() == [
        f"Command: ancadmin sweep --on {LATER}",
        f"Day:     {LATER}",
        "Exit:    7",
        "Error:   26 of 500 members would change status (5.2 %, more than 5 %); nothing was changed",
        "To do:   See that the clock, --on and the policy are right. If they are: ancadmin sweep --yes",
        "",
        f"on: {LATER}",
        "due: 26",
        "changed: 26",
        "objections open: 0",
        "",
        "good standing -> grace: 26",
    ]


def test_a_wrong_status_is_told_without_saying_whose(office, set_up):
    members(office, 1, 20)
    session = session_of(office.db)
    with session.store.write() as connection:
        connection.execute(update(standing).where(standing.c.member == 7).values(status="grace"))
    office("sweep", "--verify", "--on", FIRST, code=10)
    ((to, mail),) = set_up.taken
    assert to == OPERATOR
    assert mail.get_content().splitlines()[2:] == ["Exit:    10", "", f"on: {FIRST}", "checked: 21", "wrong: 1"]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_where_it_goes_flag_then_variable_then_settings(office, set_up, monkeypatch):
    members(office, 1, 20)
    earlier = ("sweep", "--on", "2020-01-01")
    monkeypatch.setenv("ANCADMIN_MAIL_TO", "variable@example.org")
    office(*earlier, code=3)
    office(*earlier, "--mail-to", "flag@example.org", code=3)
    monkeypatch.delenv("ANCADMIN_MAIL_TO")
    office(*earlier, code=3)
    assert set_up.recipients == ["variable@example.org", "flag@example.org", OPERATOR]
    assert "Exit:    3" in set_up.taken[0][1].get_content()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_is_told_of_what_went_well_or_was_typed_wrongly(office, set_up):
    members(office, 1, 20)
    office("sweep", "--on", LATER)
    office("sweep", "--on", "soon", code=2)
    assert set_up.taken == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_store_that_is_not_there_is_told_too(run, office, set_up, tmp_path):
    assert run(["--db", f"sqlite:///{tmp_path}/none.db", "sweep"]).code == 5
    assert "ancadmin init" in set_up.taken[0][1].get_content()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_address_mistyped_is_said_before_the_night(office, post):
    assert "--mail-to office is no e-mail address" in office("sweep", "--mail-to", "office", code=2).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_sweep_the_system_ends_is_told(office, post):
    with pytest.raises(SystemExit), told_by_mail(OPERATOR, "ancadmin sweep", None):
        raise SystemExit(143)
    assert post.taken[0][1]["Subject"] == "ancadmin sweep: exit 143"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_without_an_address_nothing_is_sent(office, post):
    members(office, 26, 474)
    assert "mail" not in office("sweep", "--on", LATER, code=7).err
    assert post.taken == []


_SPOILT = ("refused", "nobody there", "no such name", "no server", "no address", "no settings")


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("spoilt", _SPOILT)
def test_a_mail_that_cannot_be_sent_does_not_hide_the_exit_code(office, post, tmp_path, spoilt, monkeypatch):
    members(office, 26, 474)
    settings = tmp_path / "ancadmin.toml"
    monkeypatch.setenv("ANCADMIN_MAIL_TO", OPERATOR)
    if spoilt == "refused":
        post.refuses.add(OPERATOR)
    elif spoilt == "nobody there":
        settings.write_text(settings.read_text().replace(f"port = {post.port}", "port = 1"))
    elif spoilt == "no such name":
        settings.write_text(settings.read_text().replace(f'host = "{HOST}"', 'host = "mail..example.org"'))
    elif spoilt == "no server":
        settings.unlink()
    elif spoilt == "no address":
        monkeypatch.setenv("ANCADMIN_MAIL_TO", "office")
    else:
        settings.write_text("[mail]\nhost = 3\n")
    said = office("sweep", "--on", LATER, code=7).err
    assert "ancadmin: the operator was not told by mail: " in said
    assert "ancadmin: error: 26 of 500 members" in said
