"""What every refusal of a store owes the officer: one line with the store's name, a remedy, and the store as it was."""

from tests.errors.refusal import contents

PLACES = "province,region_code,region,branch_code,branch\nGP,EKU,Ekurhuleni,79700012,Tembisa\n"


def one_line(answer, what: str, remedy: str, code: int) -> None:
    """Exit code, one line that says what, one line that says what to do; nothing on stdout."""
    assert answer.code == code, answer
    assert answer.out == ""
    lines = answer.err.strip().splitlines()
    assert len(lines) == 2, answer.err
    assert lines[0].startswith("ancadmin: error: ")
    assert what in lines[0], lines[0]
    assert remedy in lines[1], lines[1]


def refused_as_it_was(office, words: list[object], what: str, remedy: str, code: int = 5) -> None:
    """`words` is refused, and nothing in the store is another."""
    before = contents(office)
    one_line(office(*words, code=code), what, remedy, code)
    assert contents(office) == before
