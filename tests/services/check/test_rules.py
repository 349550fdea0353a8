"""`check` is silent about a clean store, and names what offends each rule by its row id and nobody's particulars."""

import pytest
from tests.services.member.test_decide import PRIYA, THABO, member, placed, with_places
from tests.tamper import sql

from ancadmin.services.check.run import RULES

__all__ = ["placed"]
REGISTER = f"ID Number,Surname,First Names,Branch,Date Paid,Amount\n{PRIYA},Naidoo,Priya,79700012,2020-03-01,20.00\n"


def of_everything(office):
    """A register, an applicant with a history, and three deposits of which one is allocated."""
    with_places(office)
    office("register", "import", office.write("register.csv", REGISTER))
    apply = ["member", "apply", THABO, "--surname", "Mokoena", "--branch", "79700012", "--on", "2020-01-10"]
    office(*apply, "--why", "x")
    member(office, "accept", THABO, "--on", "2020-01-31")
    member(office, "discipline", THABO, "--kind", "suspended", "--on", "2020-06-01")
    member(office, "discipline", THABO, "--lift", "2020-07-01")
    sql(
        office,
        "INSERT INTO statement (id, batch, file, sha256, bank, account, lines) VALUES (1, 2, 'f', 'x', 'fnb', 'A', 3)",
        *(
            "INSERT INTO deposit (id, batch, statement, line, account, value_date, cents, narrative, fingerprint, "
            "occurrence, readings, bulk_words, state, unallocated_cents) VALUES "
            f"({number}, 2, 1, {number}, 'A', '2021-03-01', 2000, 'x', {number}, 1, 0, {'false' if pg(office) else 0}, "
            f"'{state}', {left})"
            for number, state, left in ((1, "matched", 0), (2, "unallocated", 2000), (3, "open", 2000))
        ),
        "INSERT INTO allocation (id, deposit, member, cents, value_date, reason, batch) VALUES "
        f"(1, 1, (SELECT id FROM member WHERE id_number = '{PRIYA}'), 2000, '2021-03-01', 'officer', 2)",
    )
    member(office, "resign", PRIYA, "--on", "2022-01-01")  # settles her, with the allocation


@pytest.fixture
def busy(office):
    return office.after(of_everything)


def pg(office):
    return office.db.startswith("postgresql")


def offended(office):
    return {row["rule"] for row in office("check", "--json", code=10).json}


def test_a_clean_store_gets_no_word(busy):
    answer = busy("check")
    assert (answer.out, answer.err) == ("", "")
    assert busy("check", "--json").json == []


BREAKS = {
    "balance": ["UPDATE deposit SET unallocated_cents = 100 WHERE id = 2"],
    "beyond_amount": ["{no_triggers}", "UPDATE allocation SET cents = 2001"],
    "unallocated": ["UPDATE deposit SET unallocated_cents = 1999 WHERE id = 3"],
    "statements": ["UPDATE statement SET opening_cents = 1000, closing_cents = 6999"],
    "value_date": ["UPDATE allocation SET value_date = '2021-03-02'"],
    "credited_lines": ["UPDATE deposit SET state = 'not_a_deposit' WHERE id = 1"],
    "refunded_lines": [
        "UPDATE deposit SET state = 'not_a_deposit' WHERE id = 2",
        "INSERT INTO refund (id, deposit, cents, why, batch) VALUES (1, 2, 2000, 'x', 2)",
    ],
    "lines_once": ["DROP INDEX ux_deposit_line", "UPDATE deposit SET fingerprint = 1"],
    "schedules": [
        "INSERT INTO bulk_schedule (id, deposit, file, sha256, cents, lines, asked_by, batch) "
        "VALUES (1, 3, 'f', 'x', 2000, 1, 'thandi', 2)",
        "INSERT INTO bulk_share (schedule, line, member, cents) VALUES (1, 1, 1, 1999)",
    ],
    "debits_once": [
        "INSERT INTO refund (id, deposit, cents, why, batch, debit) VALUES (1, 2, 1000, 'x', 2, 3)",
        "INSERT INTO refund (id, deposit, cents, why, batch, debit) VALUES (2, 2, 1000, 'x', 2, 3)",
    ],
    "schema": ["DROP INDEX ix_member_branch"],
    "id_number": [f"UPDATE member SET id_number = '8001015009088' WHERE id_number = '{THABO}'"],
    "branch": ["UPDATE member SET branch = 'nowhere'"],
    "standing": ["DELETE FROM standing"],
    "merge": ["UPDATE member SET merged_into = 2 WHERE id = 1"],
    "former_number": ["UPDATE member SET origin = 'former_number', merged_into = 99 WHERE id = 1"],
    "merged": ["UPDATE member SET merged_into = 2 WHERE id = 1"],
    "standing_of_nobody": ["UPDATE standing SET member = 99 WHERE member = 1"],
    "decision": ["UPDATE decision SET member = 99"],
    "decision_kind": ["UPDATE decision SET kind = 'knighted' WHERE kind = 'resigned'"],
    "application": ["DELETE FROM decision WHERE kind = 'applied'"],
    "terms": ["UPDATE setting SET value = replace(value, 'grace 3', 'grace 4') WHERE key = 'fee_calendar'"],
    "fee_calendar": [
        "UPDATE fee_calendar SET starts_on = '2033-03-02' WHERE starts_on = (SELECT max(starts_on) FROM fee_calendar)"
    ],
    "opening_period": ["UPDATE opening_period SET ends_on = '2031-03-01'"],
    "standing_sample": ["UPDATE standing SET money_cents = 1"],
    "trail": ["UPDATE batch SET operator = 'mallory' WHERE number = 2"],
    "officers": ["UPDATE operator_role SET reversed_by = 1"],
    "policies": ["UPDATE policy_text SET text = 'grace_months = 30'"],
    "papers": [
        "INSERT INTO paper ({paper}) VALUES ('S1', 'k', '79700012', '', '', '', 0, 0, 'x', 2)",
        "INSERT INTO paper_file (serial, form, style, file_hash, batch, content) "
        "VALUES ('S1', 'pdf', '', 'x', 2, {bytes})",
    ],
}
NO_TRIGGERS = "DROP TRIGGER allocation_update_holds"
PAPER = "serial, kind, branch, cut_off, meeting_date, meeting, members, quorum, content_hash, batch"


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("rule", BREAKS)
def test_what_offends_a_rule_is_found_under_its_name(busy, rule):
    statements = [
        statement.replace("{no_triggers}", NO_TRIGGERS).replace("{paper}", PAPER).replace("{bytes}", "x'00'")
        for statement in BREAKS[rule]
    ]
    if rule == "officers":  # who broke it is no operator any more
        sql(
            busy,
            "INSERT INTO operator_role (id, account, role, place, begins_on, batch) "
            "SELECT 9, account, 'auditor', place, begins_on, 1 FROM operator_role",
        )
        statements = ["UPDATE operator_role SET reversed_by = 1 WHERE id < 9"]
    sql(busy, *statements)
    found = busy("check", "--json", code=10)
    assert rule in {row["rule"] for row in found.json}
    assert all(row["what"] and row["sentence"] for row in found.json)
    for particular in (THABO, PRIYA, "Mokoena", "Naidoo"):
        assert particular not in found.out
    assert busy("check", code=10).out.startswith("rule\twhat is wrong\n")


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.parametrize(
    "rule", ["balance", "value_date", "standing", "decision", "fee_calendar", "trail", "id_number"]
)
def test_the_rules_hold_on_the_server_too(busy, rule):
    sql(busy, *BREAKS[rule])
    assert rule in offended(busy)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_broken_reference_is_found(busy):
    sql(busy, "UPDATE allocation SET batch = 99")
    assert "references" in offended(busy)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_damaged_page_is_found(busy):
    path = busy.folder / "store.db"
    (page,) = sql(busy, "SELECT rootpage FROM sqlite_master WHERE name = 'ix_member_branch'")[0]
    (size,) = sql(busy, "PRAGMA page_size")[0]
    content = bytearray(path.read_bytes())
    content[page * size - 40 : page * size] = b"\x07" * 40
    path.write_bytes(content)
    assert "file" in offended(busy)


def test_every_rule_has_a_test():
    assert set(BREAKS) | {"references", "file"} == {rule.name for rule in RULES}
