"""`ancadmin sweep`: what a script gets."""


def test_no_flag_changes_the_fields_and_a_dry_run_says_so(office):
    plain = office("sweep", "--json").json
    strict = office("sweep", "--strict", "--json").json
    assert list(plain) == list(strict)
    assert plain["objections_open"] == 0
    assert office("sweep", "-n").err.endswith("(dry run: nothing was written)\n")
