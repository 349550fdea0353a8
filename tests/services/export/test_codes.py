"""`export verify CODE`: what a scanner read, or what somebody typed from the foot of a register."""

from dataclasses import replace

import pytest
from tests.services.export.records import CUT_OFF, MEETING, decide, session_of, set_up

from ancadmin.domain.roles import Role
from ancadmin.services.export.registers.codes import verify_code


@pytest.fixture
def organisation(office, monkeypatch):
    office.after(set_up)
    monkeypatch.chdir(office.folder)
    return office


def issued(office):
    words = ("--branch", "EKU001", "--cut-off", CUT_OFF, "--meeting-date", MEETING, "-o", "paper.pdf", "--json")
    return office("export", "attendance-register", *words).json


def verified(office, *words, code=0):
    return office("export", "verify", *words, "--json", code=code).json


def test_however_it_is_typed_it_says_what_the_register_says(organisation):
    said = issued(organisation)
    serial, digits = said["serial"], said["content_hash"]
    for words in (
        (f"{serial} {digits}".upper(),),
        (f"  {serial.lower()}   {digits} ",),
        (serial, digits.upper()),
        (serial, digits[:16]),
        (f"{serial[:-1]}l", digits.upper().replace("0", "O").replace("1", "I")),
        (serial.replace("-2026-", "-2O26-"), digits.replace("0", "o").replace("1", "l")),
        (serial.lower(), digits[:4], digits[4:8].upper(), digits[8:12]),
    ):
        found = verified(organisation, *words)
        assert (found["verdict"], found["serial"], found["file"]) == ("genuine", serial, None)
        assert [found[name] for name in ("branch", "meeting_date", "cut_off", "members", "quorum")] == [
            "EKU001", MEETING, CUT_OFF, 4, 3
        ]  # fmt: skip
    assert "told by the first 12 of 64 digits" in found["why"]
    whole = verified(organisation, serial, digits)["why"]
    assert "digits" not in whole
    assert "does not say whether the lines of the paper are its own" in whole


def test_a_code_tells_superseded_and_withdrawn(organisation):
    first = issued(organisation)
    decide(organisation, 1, "deceased", "2020-01-01")
    second = issued(organisation)
    found = verified(organisation, first["serial"], first["content_hash"], code=10)
    assert (found["verdict"], found["superseded_by"]) == ("superseded", second["serial"])
    assert found["superseded_differs"] == "1 removed"
    organisation("batch", "undo", second["batch"])
    assert verified(organisation, first["serial"], first["content_hash"])["verdict"] == "genuine"
    found = verified(organisation, second["serial"], second["content_hash"], code=10)
    assert (found["verdict"], found["superseded_by"]) == ("withdrawn", None)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_another_hash_is_altered_and_another_serial_unknown(organisation):
    said = issued(organisation)
    digits = said["content_hash"]
    other = ("0" if digits[11] != "0" else "1").join((digits[:11], digits[12:]))
    found = verified(organisation, said["serial"], other, code=10)
    assert (found["verdict"], found["serial"], found["members"]) == ("altered", said["serial"], 4)
    found = verified(organisation, "AR-EKU001-2020-77", digits, code=10)
    assert (found["verdict"], found["serial"]) == ("unknown", None)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_wrong_code_does_not_tell_the_right_one_out_of_its_reach(organisation):
    said = issued(organisation)
    foreign = replace(session_of(organisation.db), roles=((Role.MEMBERSHIP_OFFICER, "TSH"),))
    found = verify_code(foreign, f"{said['serial']} {'0' * 12}")
    assert (found.verdict, found.serial, found.content_hash) == ("altered", said["serial"], None)
    right = verify_code(foreign, f"{said['serial']} {said['content_hash'][:12]}")
    assert (right.verdict, right.content_hash) == ("genuine", said["content_hash"])


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("digits", ["", "9F86D081884", "9F86" * 17])
def test_too_few_digits_or_too_many_say_nothing(organisation, digits):
    said = issued(organisation)
    refused = organisation("export", "verify", f"{said['serial']} {digits}".strip(), code=3)
    assert f"this has {len(digits)}" in refused.err
    assert "at least the first 12" in refused.err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_wildcard_typed_into_a_code_finds_nothing_by_it(organisation):
    issued(organisation)
    assert verified(organisation, "AR-%-2026-1", "0" * 12, code=10)["verdict"] == "unknown"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_file_of_that_name_goes_before_a_code(organisation):
    said = issued(organisation)
    code = f"{said['serial']} {said['content_hash']}"
    organisation.write(code, "a file")
    assert verified(organisation, code, code=10)["verdict"] == "altered"


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_code_of_a_card_is_known_too(organisation):
    found = organisation("export", "verify", "mc-1-20200331 0123456789abcdef", "--json", code=10).json
    assert (found["verdict"], found["issued_on"]) == ("unknown", CUT_OFF)
