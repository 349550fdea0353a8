"""`init` makes a store and its maker an operator."""


def test_init_twice_changes_nothing(office):
    first = office("init", "--json").json
    assert first["before"] == first["schema"]
    assert first["sole_operator"] is True
