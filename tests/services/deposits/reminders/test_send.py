"""Reminders leave once each: e-mail through a real server, text messages and letters as files."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from tests.services.deposits.reminders.people import (
    CELL,
    due_in,
    gateway,
    outbox,
    pay_today,
    planned,
    put_on_record,
    sent,
    someone,
    until,
)
from tests.services.deposits.reminders.post import Post, serving, settings
from tests.services.export.records import session_of

from ancadmin.db.schema import audit_event, batch
from ancadmin.errors import ConfigurationError
from ancadmin.mail import load_mail_server
from ancadmin.services.deposits.reminders import mailing, papers

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"])
PAID = due_in(10)


@pytest.fixture
def here(office, monkeypatch):
    """The office at work in its own folder, where its settings lie."""
    monkeypatch.chdir(office.folder)
    return office


def mailed(number):
    return f"member{number}@example.org"


def by_mail(office, people):
    """So many members with e-mail addresses, reminders planned."""
    put_on_record(office, *(someone(PAID, cell=None, email=mailed(number)) for number in range(1, people + 1)))
    planned(office)


def states(office):
    return Counter(row["state"] for row in outbox(office))


def test_mail_goes_out_over_starttls_with_a_password_once_each(here):
    by_mail(here, 3)
    with serving(Post(), here.folder) as post:
        told = sent(here, "email", "--limit", 2)
        assert (told["left"], told["waiting"]) == (2, 1)
        assert sent(here, "email")["left"] == 1
        assert sent(here, "email")["left"] == 0
    assert post.recipients == [mailed(number) for number in (1, 2, 3)]
    to, message = post.taken[0]
    assert (message["To"], message["From"]) == (to, "dues@example.org")
    assert message["Subject"] == f"Membership dues: due on {until(PAID)}"
    words = " ".join(message.get_content().split())
    assert words == (
        f"Dear Thabo Mokoena, your dues of R20.00 fall due on {until(PAID)}. "
        "Please pay with your ID number as the reference. Tembisa (EKU001)"
    )
    assert "8001015" not in message.as_string()
    assert states(here) == {"sent": 3}
    trail = audited(here)
    assert mailed(1) not in trail
    assert '"left": 1' in trail or '"left":1' in trail


def audited(office):
    """Everything the trail and the batches say."""
    with session_of(office.db).store.connect() as connection:
        lines = [*connection.scalars(select(audit_event.c.detail)), *connection.scalars(select(batch.c.counts))]
    return "\n".join(lines)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("security", ["tls", "none"])
@ONE_ENGINE
def test_mail_goes_out_over_tls_or_a_server_on_the_same_machine(here, security):
    by_mail(here, 1)
    with serving(Post(), here.folder, security=security) as post:
        assert sent(here, "email")["left"] == 1
    assert post.recipients == [mailed(1)]


@ONE_ENGINE
def test_a_refused_recipient_stays_with_what_the_server_said_and_is_tried_again(here):
    by_mail(here, 3)
    with serving(Post(refuses={mailed(2)}), here.folder) as post:
        told = here("deposits", "remind", "send", "--channel", "email", "--strict", "--json", code=10).json
        assert (told["left"], told["failed"], told["waiting"]) == (2, 1, 1)
        (row,) = outbox(here, "--state", "failed")
        assert row["failed"] == f"550 5.1.1 <{mailed(2)}> is nobody here"
        shown = here("deposits", "remind", "list").out
        assert "m***@example.org> is nobody here" in shown
        assert "member" not in shown.replace("\tmember\t", "")
        post.refuses.clear()
        assert sent(here, "email")["left"] == 1
    assert post.recipients == [mailed(1), mailed(3), mailed(2)]
    assert states(here) == {"sent": 3}


@ONE_ENGINE
def test_a_server_that_dies_half_way_has_what_it_took_marked_and_nothing_else(here):
    by_mail(here, 4)
    with serving(Post(dies_at=3), here.folder) as post:
        refused = here("deposits", "remind", "send", "--channel", "email", code=8)
        assert "the mail server went away after 2 of 4" in refused.err
        assert states(here) == {"sent": 2, "waiting": 2}
        assert sent(here, "email")["left"] == 2
    assert post.recipients == [mailed(number) for number in (1, 2, 3, 4)]


@ONE_ENGINE
def test_a_run_that_is_killed_sends_none_twice_but_the_one_in_flight(here):
    by_mail(here, 4)
    post = Post()
    with serving(post, here.folder):
        words = ["--db", here.db, "deposits", "remind", "send", "--channel", "email"]
        running = subprocess.Popen([sys.executable, "-m", "ancadmin", *words], cwd=here.folder)
        post.before_taking = lambda number: os.kill(running.pid, signal.SIGKILL) if number == 3 else None
        assert running.wait(60) == -signal.SIGKILL
        post.before_taking = None
        assert states(here) == {"sent": 2, "waiting": 2}
        sent(here, "email")
    assert Counter(post.recipients) == {mailed(1): 1, mailed(2): 1, mailed(3): 2, mailed(4): 1}
    twice = [message["Message-ID"] for to, message in post.taken if to == mailed(3)]
    assert twice[0] == twice[1]


@ONE_ENGINE
def test_no_server_a_wrong_password_or_an_unknown_certificate_send_nothing(here):
    by_mail(here, 1)
    with serving(Post(), here.folder) as post:
        settings(here.folder, post.port, password="wrong")
        refused = here("deposits", "remind", "send", "--channel", "email", code=8)
        assert "does not let us in: 535" in refused.err
        settings(here.folder, post.port)
        without = (here.folder / "ancadmin.toml").read_text(encoding="utf-8").replace('ca_file = "ca.pem"', "")
        (here.folder / "ancadmin.toml").write_text(without, encoding="utf-8")
        refused = here("deposits", "remind", "send", "--channel", "email", code=8)
        assert "certificate" in refused.err
    refused = here("deposits", "remind", "send", "--channel", "email", code=8)
    assert f"127.0.0.1:{post.port}" in refused.err
    assert (post.taken, states(here)) == ([], {"waiting": 1})


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({}, "no mail server is named"),
        ({"host": '"mail.example.org"'}, "`sender` is missing"),
        ({"host": '"m"', "sender": '"a@b.org"', "security": '"ssl"'}, "must say how the line is protected"),
        ({"host": '"m"', "sender": '"a@b.org"', "port": "70000"}, "must be a number up to 65535"),
        ({"host": '"m"', "sender": '"a@b.org"', "password": '"x"'}, "`mail.password` is not a setting"),
        ({"host": '"m"', "sender": '"nobody"'}, "must be an e-mail address"),
        (
            {"host": '"m"', "sender": '"a@b.org"', "security": '"none"', "user": '"u"', "password_file": '"secret"'},
            "would go over the line in the open",
        ),
        (
            {"host": '"m"', "sender": '"a@b.org"', "user": '"u"', "password_file": '"open"'},
            "others can read the password",
        ),
    ],
)
def test_mail_settings_that_are_wrong_or_unsafe_are_refused(tmp_path, monkeypatch, change, what):
    monkeypatch.chdir(tmp_path)
    for name, mode in (("secret", 0o600), ("open", 0o644)):
        (tmp_path / name).write_text("x", encoding="utf-8")
        (tmp_path / name).chmod(mode)
    lines = ["[mail]"] if change else []
    text = "\n".join([*lines, *(f"{key} = {value}" for key, value in change.items())])
    (tmp_path / "ancadmin.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(what)):
        load_mail_server()


def test_text_messages_are_a_file_for_the_gateway_that_can_be_had_again(here):
    put_on_record(here, someone(PAID), someone(due_in(-10), surname="Ṱhavhana", cell="+27831234567"))
    planned(here)
    assert sent(here, "sms", "--dry-run", "-o", "x.csv")["left"] == 2
    assert not (here.folder / "x.csv").exists()
    told = sent(here, "sms", "-o", "x.csv")
    assert (told["left"], told["files"]) == (2, ["x.csv"])
    path = here.folder / "x.csv"
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    rows = gateway(path)
    assert [row["cell"] for row in rows] == [CELL, "+27831234567"]
    assert [row["reference"] for row in rows] == ["R1", "R2"]
    assert "Dear Thabo Ṱhavhana, your dues fell due on" in rows[1]["text"]
    assert "you owe R20.00" in rows[1]["text"]
    assert all("8001015" not in row["text"] and len(row["text"]) <= 160 for row in rows)
    here("deposits", "remind", "again", told["batch"], "-o", "y.csv")
    assert path.read_bytes() == (here.folder / "y.csv").read_bytes()
    assert sent(here, "sms", "-o", "z.csv")["left"] == 0
    assert not (here.folder / "z.csv").exists()


@ONE_ENGINE
def test_a_gateway_file_not_handed_over_yet_is_not_written_over(here):
    put_on_record(here, someone(PAID))
    planned(here)
    here.write("x.csv", "yesterday's")
    here.write("ancadmin.toml", '[sms]\nfile = "x.csv"')
    refused = here("deposits", "remind", "send", "--channel", "sms", code=3)
    assert "the gateway has not taken it" in refused.err
    (here.folder / "x.csv").unlink()
    assert sent(here, "sms")["left"] == 1
    assert (here.folder / "x.csv").exists()
    here("deposits", "remind", "send", "--channel", "letter", code=2)


@ONE_ENGINE
def test_a_file_lost_after_the_marks_were_kept_is_written_with_again(here, monkeypatch):
    put_on_record(here, someone(PAID))
    planned(here)

    def full(path, content):
        from ancadmin.errors import InputRefused

        raise InputRefused("cannot be written: no space left")

    monkeypatch.setattr(papers, "write_file", full)
    refused = here("deposits", "remind", "send", "--channel", "sms", "-o", "x.csv", code=3)
    assert "1 reminders are marked sent all the same" in refused.err
    monkeypatch.undo()
    monkeypatch.chdir(here.folder)
    number = outbox(here)[0]["sent_in"]
    here("deposits", "remind", "again", number, "-o", "x.csv")
    assert len((here.folder / "x.csv").read_text(encoding="utf-8").splitlines()) == 2


@ONE_ENGINE
def test_letters_are_a_file_a_branch_with_the_address_for_a_window(here):
    nobody = {"cell": None, "email": None}
    put_on_record(here, someone(PAID, **nobody), someone(due_in(-150), **nobody), someone(PAID, "TSH001", **nobody))
    planned(here)
    told = sent(here, "letter", "-o", "letters")
    number = told["batch"]
    assert told["files"] == [f"letters/GP/EKU/EKU001-{number}.pdf", f"letters/GP/TSH/TSH001-{number}.pdf"]
    first, second = PdfReader(here.folder / told["files"][0]).pages
    for said in ("Thabo Mokoena", "c/o the Branch Secretary", "Tembisa (EKU001)", "800101****001", "R20.00"):
        assert said in first.extract_text(), said
    assert "not paid since" in second.extract_text()
    assert "800101500000" not in first.extract_text() + second.extract_text()
    places = []
    first.extract_text(visitor_text=lambda text, _, matrix, *__: places.append((text.strip(), matrix[4:6])))
    left, base = next(at for text, at in places if text == "Thabo Mokoena")
    down = 842 - base
    assert 20 <= left / 2.8346 <= 110
    assert 45 <= down / 2.8346 <= 85


def test_who_pays_moves_or_dies_between_plan_and_sending(here):
    """Paid: not reminded. A new cell number: reminded there. A new branch stands on the reminder."""
    put_on_record(here, someone(due_in(-10)), someone(due_in(-10), cell="+27830000000"), someone(due_in(-10)))
    planned(here)
    pay_today(here, 1)
    with session_of(here.db).batch("test change") as changing:
        from sqlalchemy import update

        from ancadmin.db.schema import member

        changing.connection.execute(update(member).where(member.c.id == 2).values(cell="+27840000000"))
        changing.connection.execute(update(member).where(member.c.id == 3).values(cell=None))
    told = sent(here, "sms", "-o", "x.csv")
    assert (told["left"], told["no_longer_due"], told["waiting"]) == (1, 2, 0)
    assert [row["cell"] for row in gateway(here.folder / "x.csv")] == ["+27840000000"]
    assert planned(here)["channels"] == {"sms": 0, "email": 1, "letter": 0}


@ONE_ENGINE
def test_a_reminder_planned_ahead_waits_for_its_day_and_one_overtaken_goes(here):
    """The first's grace is to come, its dues fall due soon; the second is in grace, and no longer before it."""
    from datetime import timedelta

    from ancadmin.services.session import today_in_johannesburg

    put_on_record(here, someone(due_in(20)), someone(due_in(-5)))
    today = today_in_johannesburg()
    planned(here, "--on", (today + timedelta(days=40)).isoformat())
    planned(here, "--on", (today - timedelta(days=10)).isoformat(), "--kind", "before")
    told = sent(here, "sms", "-o", "x.csv")
    assert (told["left"], told["not_yet_due"], told["no_longer_due"]) == (2, 1, 1)


@ONE_ENGINE
def test_mail_of_a_limit_is_looked_at_again_one_by_one(here, monkeypatch):
    """Who pays while the run is on is not reminded either."""
    by_mail(here, 3)
    before = mailing._hand_over

    def paying(session, server, connection, number, sent_so_far):
        if number == 2:
            pay_today(here, 2)
        before(session, server, connection, number, sent_so_far)

    monkeypatch.setattr(mailing, "_hand_over", paying)
    with serving(Post(), here.folder, security="none", password=None) as post:
        told = sent(here, "email")
    assert (told["left"], told["no_longer_due"], told["waiting"]) == (2, 1, 0)
    assert post.recipients == [mailed(1), mailed(3)]
    assert json.dumps(told)
