"""How a command line ends: the exit codes, one line an error, and quiet where quiet is right."""

import os
import signal
import subprocess
import sys

import pytest

from ancadmin.cli.app import hoisted

WRITE_A_LOT = "import sys\nfor n in range(100_000): sys.stdout.write('a line of the answer\\n')"


def typed(program: str, *words: str) -> list[str]:
    """The arguments of a fresh Python in which `program` runs before the command line. It can be interrupted even where
    the tests run in the background, which is deaf to interrupts and hands that down.
    """
    start = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    start += f"import sys; sys.argv = ['ancadmin', *{list(words)!r}]"
    return [sys.executable, "-c", f"{start}\n{program}\nfrom ancadmin.__main__ import main\nmain()"]


def process(program: str, *words: str, **options) -> subprocess.CompletedProcess[str]:
    """That process, run to its end."""
    return subprocess.run(typed(program, *words), capture_output=True, text=True, check=False, **options)


def instead_of(command: str, body: str) -> str:
    """A program that puts `body` in the place of a command's work."""
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    return f"def work(*_, **__):\n{indented}\nimport ancadmin.services.config.show as show\nshow.{command} = work\n"


@pytest.mark.parametrize(
    ("words", "said", "where"),
    [
        (["memb"], "No such command 'memb'. Did you mean 'member'?", "ancadmin --help"),
        (["batch", "undo"], "Missing argument 'N'", "ancadmin batch undo --help"),
        (["batch", "list", "--limt", "3"], "No such option", "ancadmin batch list --help"),
        (["batch", "list", "--limit", "x"], "--limit", "ancadmin batch list --help"),
        (["operator", "add", "x", "--name", "x", "--role", "king", "--place", "national"], "king", "operator add"),
    ],
)
def test_a_line_typed_wrongly_gets_one_line_and_where_to_look(run, words, said, where):
    answer = run(words)
    assert answer.code == 2
    first, second = answer.err.splitlines()
    assert first.startswith("ancadmin: error: ")
    assert said in first
    assert where in second
    assert answer.out == ""


@pytest.mark.parametrize("words", [[], ["batch"], ["db", "places"]])
def test_nothing_asked_for_shows_the_help_on_stderr(run, words):
    answer = run(words)
    assert answer.code == 2
    assert answer.err.startswith("Usage: ancadmin")


@pytest.mark.parametrize("engine", ["sqlite"])
def test_common_options_may_stand_anywhere(office):
    assert office("batch", "list", "--quiet", "--json").err == ""
    answer = office._run(["batch", "list", "--db", office.db, "--json"])
    assert answer.code == 0
    assert hoisted(["a", "--", "--db", "x"]) == ["a", "--", "--db", "x"]
    assert hoisted(["a", "--db=x", "-q"]) == ["--db=x", "-q", "a"]


def test_an_error_nobody_foresaw_is_one_line_and_exit_1():
    done = process(
        instead_of("show_policy", "raise ZeroDivisionError('a first line\\nthe particulars')"), "config", "policy"
    )
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first == "ancadmin: defect: ZeroDivisionError: a first line"
    assert "--debug" in second


def test_debug_shows_where_an_error_arose_and_keeps_its_exit_code():
    done = process("", "--debug", "--db", "sqlite:////nowhere/at/all.db", "batch", "list")
    assert done.returncode == 5
    assert "Traceback" in done.stderr
    assert "ancadmin: error: /nowhere/at/all.db" in done.stderr


def test_a_closed_pipe_is_quiet():
    program = instead_of("show_policy", WRITE_A_LOT)
    with subprocess.Popen(
        typed(program, "config", "policy"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as work:
        assert work.stdout.readline() == "a line of the answer\n"
        work.stdout.close()
        assert work.stderr.read() == ""
        assert work.wait() == 0


def test_an_answer_that_does_not_fit_on_the_disk_is_an_error():
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = subprocess.run(
            typed("", "config", "policy"), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3
    assert done.stderr.startswith("ancadmin: error: cannot be written: No space left")


HUGE = 10**20
NUMBERED = [
    ("batch", "show", HUGE),
    ("batch", "undo", HUGE),
    ("batch", "list", "--limit", HUGE),
    ("audit", "log", "--limit", HUGE),
    ("approvals", "approve", HUGE, "--why", "Seen"),
    ("approvals", "refuse", HUGE, "--why", "Seen"),
    ("costs", "show", HUGE),
    ("costs", "remove", HUGE, "B3"),
    ("export", "cost-comparison", HUGE),
    ("deposits", "reverse", HUGE, "--why", "Seen"),
    ("deposits", "returned", 1, "--line", HUGE, "--why", "Seen"),
    ("deposits", "remind", "send", "--channel", "sms", "--limit", HUGE),
    ("register", "quarantine", "--batch", HUGE),
    ("register", "quarantine", "export", "held.xlsx", "--part", HUGE),
    ("register", "desk", "--batch", HUGE),
]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_number_that_nothing_can_have_is_refused_in_one_line(office):
    for words in NUMBERED:
        told = office(*words, code=2).err.splitlines()
        assert "should be less than or equal to 2147483647" in told[0], words
        assert len(told) == 2, words


def test_an_interrupt_is_130():
    program = instead_of(
        "show_policy", "import sys, time\nsys.stderr.write('working\\n')\nsys.stderr.flush()\ntime.sleep(60)"
    )
    with subprocess.Popen(typed(program, "config", "policy"), stderr=subprocess.PIPE, text=True) as work:
        assert work.stderr.readline() == "working\n"
        work.send_signal(signal.SIGINT)
        assert work.wait(20) == 130
        assert work.stderr.read() == "ancadmin: interrupted; nothing is half-written\n"


def test_an_end_asked_for_by_the_system_cleans_up_and_is_143(tmp_path):
    program = instead_of(
        "show_policy",
        "import sys, tempfile, time\n"
        f"with tempfile.TemporaryDirectory(dir={str(tmp_path)!r}):\n"
        "    sys.stderr.write('working\\n')\n"
        "    sys.stderr.flush()\n"
        "    time.sleep(60)",
    )
    with subprocess.Popen(typed(program, "config", "policy"), stderr=subprocess.PIPE, text=True) as work:
        assert work.stderr.readline() == "working\n"
        work.send_signal(signal.SIGTERM)
        assert work.wait(20) == 143
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("line", ["2020-03-02,ID8001015009087FEES,PAYMENT", "8001015009087,1,X"])
def test_what_a_refusal_says_of_a_file_masks_id_numbers(office, line):
    path = office.write("s.csv", f"Date,Amount,Description\n2020-03-01,20.00,X\n{line}\n")
    told = office("deposits", "import", path, code=3).err
    assert "8001015009087" not in told
    assert "800101****087" in told


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_interrupted_write_is_not_there(office):
    places = office.write(
        "p.csv", "province,region_code,region,branch_code,branch\nGP,EKU,Ekurhuleni,79700012,Tembisa\n"
    )
    program = """
import signal, os
import ancadmin.services.db.places as places
store = places._store
def interrupted(batch, table, wanted):
    done = store(batch, table, wanted)
    os.kill(os.getpid(), signal.SIGINT)
    return done
places._store = interrupted
"""
    done = process(program, "--db", office.db, "db", "places", "import", str(places))
    assert done.returncode == 130
    assert len(office("batch", "list", "--json").json) == 1
    assert office("db", "places", "list", "--json").json == []


def test_without_a_flag_the_environment_says_where_the_store_is(tmp_path):
    done = process("", "config", "show", "--json", env={**os.environ, "ANCADMIN_DB": str(tmp_path / "x.db")})
    assert '"source": "ANCADMIN_DB"' in done.stdout
