"""The documentation says what the program does: the reference is its own help, the transcripts are real."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "docs"))

import fields  # noqa: E402 - docs/ is no package
import pages  # noqa: E402
import transcripts  # noqa: E402

COMMANDS = pages.commands()
_ALIASES = {"standing sweep": "sweep"}


def test_the_reference_is_the_programs_own_help():
    done = subprocess.run([sys.executable, TOP / "docs" / "build.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_is_documented_and_begins_its_help_with_an_example_that_can_be_pasted(words, run):
    line = " ".join(words)
    page = (TOP / "docs" / "reference" / f"{words[0]}.md").read_text(encoding="utf-8")
    assert f"$ ancadmin {line} --help" in page
    described = " ".join(run([*words, "--help"]).out.split())
    assert f"Example: ancadmin {_ALIASES.get(line, line)}" in described, "the example is of the command itself"
    example = described.split("Example: ")[1]
    for option in [word for word in shlex.split(example.split(" Options:")[0], posix=False) if word.startswith("--")]:
        assert option.rstrip(".,;:`)") in page, f"{option} is no option of ancadmin {line}"


def test_the_fields_of_the_json_are_those_that_are_documented():
    assert fields.page() == (TOP / "docs" / "reference" / "json.md").read_text(encoding="utf-8"), "run `make docs`"


def test_every_exit_code_of_an_error_is_on_its_page():
    from ancadmin import errors
    from ancadmin.cli.app import ENDED, INTERRUPTED

    page = (TOP / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert all(f"| {code} | " in page for code in codes | {0, 10, INTERRUPTED, ENDED})


def test_every_code_a_row_a_deposit_or_a_member_may_have_is_explained():
    from ancadmin.domain.deposits import Flag, Reason, State
    from ancadmin.domain.id_numbers import Repair
    from ancadmin.domain.standing import Status
    from ancadmin.services.register.codes import NOTES, PROBLEMS

    page = (TOP / "docs" / "codes.md").read_text(encoding="utf-8")
    passing = {State.OPEN, State.SUGGESTED}  # before matching, and of rungs that come later
    codes = {*NOTES, *PROBLEMS, *Reason, *Flag, *Repair, *Status, *State} - passing
    assert [code for code in sorted(codes) if f"`{code}`" not in page] == []


@pytest.mark.parametrize("document", transcripts.DOCUMENTS)
def test_the_commands_of_a_document_give_what_it_shows(document):
    text = (TOP / document).read_text(encoding="utf-8")
    assert len(transcripts.commands(text)) > 10
    assert transcripts.steady(transcripts.refreshed(text)) == transcripts.steady(text), "stale: run `make docs`"


def test_links_of_the_documentation_lead_somewhere():
    documents = [TOP / "README.md", *(TOP / "docs").rglob("*.md")]
    for document in documents:
        for target in transcripts.links(document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.relative_to(TOP)}: {target}"
