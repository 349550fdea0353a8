"""`ancadmin register`: what it says of batches."""


def test_the_quarantine_of_no_batch_is_refused_as_the_batch_itself_is(office):
    shown = office("batch", "show", 99, code=3)
    assert office("register", "quarantine", "--batch", 99, code=3).err == shown.err
    assert office("register", "quarantine", "--batch", 1, "--json").json == []
