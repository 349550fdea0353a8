"""`ancadmin deposits`: what is masked, what a script gets, and the exit codes of --strict."""

from tests.services.deposits.working import MOKOENA, NAIDOO, match, register, statement, take_in


def test_tables_mask_id_numbers_in_the_narrative_too_and_data_carries_them(office):
    register(office, [{"id_number": MOKOENA}])
    take_in(office, statement(office, "one.csv", [("2020-03-02", 2000, f"ADT {MOKOENA} T MOKOENA")]))
    match(office)
    table = office("deposits", "list").out
    assert MOKOENA not in table
    assert "ADT 800101****087 T MOKOENA" in table
    (row,) = office("deposits", "list", "--json").json
    assert row == {
        "deposit": 1, "account": "main", "value_date": "2020-03-02", "cents": 2000,
        "narrative": f"ADT {MOKOENA} T MOKOENA", "state": "matched", "reason": "id_reference",
        "members": [{"id_number": MOKOENA, "cents": 2000, "score": None}], "evidence": [[]],
        "flags": [], "unallocated_cents": 0,
    }  # fmt: skip


def test_a_list_is_narrowed_by_state_reason_days_and_account(office):
    register(office, [{"id_number": MOKOENA}])
    lines = [("2020-03-02", 2000, MOKOENA), ("2020-03-03", 2000, NAIDOO), ("2020-03-04", 2000, "X")]
    take_in(office, statement(office, "one.csv", lines), account="A")
    match(office)

    def found(*flags):
        return [row["value_date"][-1] for row in office("deposits", "list", *flags, "--json").json]

    assert found() == ["2", "3", "4"]
    assert found("--state", "unallocated") == ["3", "4"]
    assert found("--reason", "no_match") == ["4"]
    assert found("--from", "2020-03-03", "--to", "2020-03-03") == ["3"]
    assert found("--on-account", "A") == ["2", "3", "4"]
    assert found("--on-account", "B") == []
    office("deposits", "list", "--state", "nonsense", code=2)


def test_strict_says_that_a_person_is_needed(office):
    register(office, [{"id_number": MOKOENA}])
    good = statement(office, "good.csv", [("2020-03-02", 2000, MOKOENA)])
    office("deposits", "import", good, "--strict")
    office("deposits", "match", "--strict")
    office("deposits", "import", statement(office, "bad.csv", [("2020-03-03", 2000, "X")]), "--strict")
    answer = office("deposits", "match", "--strict", code=10)
    assert "1 looked at, 0 matched (R0.00), 1 unallocated" in answer.err
    assert "ancadmin deposits list --state unallocated" in answer.err


def test_one_line_says_what_was_done_and_what_comes_next(office):
    path = statement(office, "one.csv", [("2020-03-02", 2000, "X"), ("2020-03-02", -100, "FEE")])
    said = office("deposits", "import", path, "--account", "A").err
    assert said == "2 lines read, 1 new deposits (R20.00), 1 debits and charges → ancadmin deposits match\n"
    assert office("deposits", "match", "-n").err.endswith("1 unallocated (dry run: nothing was written)\n")


def test_a_statement_that_does_not_name_its_account_is_said_to_be_kept_under_main(office):
    path = statement(office, "one.csv", [("2020-03-02", 2000, "X")])
    told = "one.csv does not name its account; its lines are kept under `main`: give --account NAME where that is wrong"
    assert told in office("deposits", "import", path, "-n").err.splitlines()
    answer = office("deposits", "import", path, "--account", "main")
    assert "does not name" not in answer.err
    assert "unnamed" not in office("deposits", "import", path, "--json").json


def test_parted_id_numbers_are_masked_in_the_table_and_whole_in_the_data(office):
    office("deposits", "import", statement(office, "one.csv", [("2020-03-02", 2000, "PMT 870221 9492 082")]))
    assert "PMT 870221****082" in office("deposits", "list").out
    assert office("deposits", "list", "--json").json[0]["narrative"] == "PMT 870221 9492 082"


def test_what_is_credited_is_a_cent_or_more(office):
    for cents in ("0", "-1"):
        office("deposits", "allocate", 1, "--to", MOKOENA, "--why", "Slip shown", "--cents", cents, code=2)
