"""`db info` and `db path`: which store this is."""

from tests.services.deposits.working import statement


def test_info_says_which_store_and_how_much_it_holds(office):
    answer = office("db", "info", "--json").json
    assert (answer["branches"], answer["members"], answer["deposits"], answer["batches"]) == (0, 0, 0, 1)
    assert answer["engine"] in office.db
    assert answer["bytes"] > 100_000
    assert answer["store"] == office("db", "path").out.strip()


def test_a_debit_is_no_deposit_and_neither_is_one_taken_back(office):
    office("deposits", "import", statement(office, "one.csv", [("2020-03-02", 2000, "X"), ("2020-03-02", -100, "FEE")]))
    assert office("db", "info", "--json").json["deposits"] == 1
    office("batch", "undo", 2)
    assert office("db", "info", "--json").json["deposits"] == 0


def test_the_path_needs_no_store(run, tmp_path):
    answer = run(["--db", str(tmp_path / "nothing.db"), "db", "path"])
    assert (answer.code, answer.out.strip()) == (0, str(tmp_path / "nothing.db"))
    assert list(tmp_path.iterdir()) == []


def test_an_upgrade_of_what_is_up_to_date_does_nothing(office):
    before = office("batch", "list", "--json").json
    answer = office("db", "upgrade", "--json").json
    assert answer["before"] == answer["after"]
    assert answer["batch"] is None
    assert office("batch", "list", "--json").json == before


def test_the_store_counts_for_others_only_what_is_of_their_places(office):
    from dataclasses import replace

    from tests.services.export.records import session_of, set_up

    from ancadmin.domain.roles import Role
    from ancadmin.services.db.info import store_info

    set_up(office)
    mine = ((Role.MEMBERSHIP_OFFICER, "TSH"),)
    session = replace(session_of(office.db), roles=mine)
    found = store_info(session)
    assert (found["branches"], found["members"], found["deposits"], found["batches"]) == (1, 2, None, None)
    whole = store_info(session_of(office.db))
    assert (whole["branches"], whole["members"]) == (4, 11)
