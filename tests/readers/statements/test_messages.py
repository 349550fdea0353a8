"""A random ledger, written as a bank writes it in each format, is read back to the cent and the day."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import mt940
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.readers.statements import bank
from tests.readers.statements.bank import CAMT_VERSIONS, Ledger, Line

from ancadmin.errors import InputRefused
from ancadmin.readers.statements.read import read_statements

TODAY = date(2026, 11, 22)
CORPUS = Path(__file__).parents[2] / "data" / "statements"
FORMATS = {
    "ofx1": lambda chance, ledgers: bank.ofx(chance, ledgers, 1),
    "ofx2": lambda chance, ledgers: bank.ofx(chance, ledgers, 2),
    "mt940": bank.mt940,
    **{f"camt{one}": lambda chance, ledgers, one=one: bank.camt053(chance, ledgers, one) for one in CAMT_VERSIONS},
}
EXAMPLES = {"ofx1": 50, "ofx2": 30, "mt940": 80}
AS_IT_COMES = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

# Letters a bank writes; `-`, `:` and `?` mean something at the beginning of a line of MT940, or in it.
_WORDS = st.lists(st.text("ABCXxyzéëü0123456789/.,()+&<>'\"", min_size=1, max_size=14), max_size=18)
_NARRATIVES = _WORDS.map(lambda words: " ".join(words)[:240].strip()).filter(
    lambda text: text.upper() not in ("0", "N/A", "NA", "NONE")
)
_CENTS = st.one_of(st.sampled_from([2000, 2000, 0, -6500]), st.integers(-(10**11), 10**11))
_DAYS = st.integers(0, 400).map(lambda days: date(2019, 12, 20) + timedelta(days=days))


@st.composite
def ledgers(draw):
    """One to three accounts, with identifiers that are different in each."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        drawn = draw(st.lists(st.tuples(_DAYS, _CENTS, _NARRATIVES), max_size=8))
        lines = [Line(day, cents, text, f"ID{place}") for place, (day, cents, text) in enumerate(sorted(drawn))]
        found.append(Ledger(f"6201234567{number}", draw(st.integers(-(10**9), 10**12)), lines))
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_read_back_to_the_cent_and_the_day(form, tmp_path):
    identified = form != "mt940"

    @settings(max_examples=EXAMPLES.get(form, 20), **AS_IT_COMES)
    @given(ledgers=ledgers(), seed=st.integers(0, 10**9))
    def read_back(ledgers, seed):
        path = tmp_path / "statement"
        path.write_bytes(FORMATS[form](Random(seed), ledgers))
        statements = read_statements(path, TODAY)
        assert [one.account for one in statements] == [one.account for one in ledgers]
        for statement, ledger in zip(statements, ledgers, strict=True):
            assert (statement.opening_cents, statement.closing_cents) == (ledger.opening, ledger.closing)
            assert (statement.breaks, statement.unreadable) == (None, 0)
            assert statement.period_to == ledger.period[1]
            assert "details_do_not_add_up" not in statement.notes
            assert _lines(statement) == [
                (line.day, line.cents, line.narrative, line.identifier if identified else "") for line in ledger.lines
            ]

    read_back()


def _lines(statement):
    lines = statement.lines
    identifiers = lines.identifier.to_pylist() if lines.identifier is not None else [""] * len(lines)
    return list(
        zip(
            lines.value_date.astype(object), lines.cents.tolist(), lines.narrative.to_pylist(), identifiers, strict=True
        )
    )


@pytest.mark.parametrize("form", FORMATS)
def test_one_that_does_not_add_up(form, tmp_path):
    """Whatever it closes on but what it opens with and its lines, is noticed, and by how much."""

    @settings(max_examples=15, **AS_IT_COMES)
    @given(ledgers=ledgers(), wrong=st.integers(-200_000, 200_000).filter(bool), seed=st.integers(0, 10**9))
    def noticed(ledgers, wrong, seed):
        path = tmp_path / "statement"
        path.write_bytes(FORMATS[form](Random(seed), [*ledgers[1:], replace(ledgers[0], wrong=wrong)]))
        *others, statement = read_statements(path, TODAY)
        assert statement.breaks.found - statement.breaks.expected == wrong
        assert not any(one.breaks for one in others)

    noticed()


@settings(max_examples=60, **AS_IT_COMES)
@given(ledgers=ledgers(), seed=st.integers(0, 10**9))
def test_mt940_as_the_library_reads_it(ledgers, seed, tmp_path):
    """Held against the library mt-940 where that reads: amounts, value dates and balances."""
    path = tmp_path / "statement.sta"
    path.write_bytes(bank.mt940(Random(seed), ledgers, pages=False))
    theirs = mt940.parse_statements(str(path), encoding="cp1252", options=mt940.Options.all())
    ours = read_statements(path, TODAY)
    for one, other in zip(ours, theirs, strict=True):
        assert [int(line.data["amount"].amount * 100) for line in other] == one.lines.cents.tolist()
        assert [line.data["date"] for line in other] == one.lines.value_date.astype(object).tolist()
        assert int(other.data["final_opening_balance"].amount.amount * 100) == one.opening_cents
        assert int(other.data["final_closing_balance"].amount.amount * 100) == one.closing_cents


_DAMAGE = [
    b"",
    b"<",
    b"&#0;",
    b"\0",
    b"\xff",
    b"-",
    b",",
    b"\n-\n",
    b"0" * 20,
    b"9" * 20,
    b"<Stmt>",
    b"</Stmt>",
    b"<Ntry>",
]
_DAMAGE += [b"</Ntry>", b"<STMTTRN>", b"</STMTTRN>", b"<STMTRS>", b"</OFX>", b":20:", b":61:", b":86:", b":62F:"]


def test_damaged_files_are_read_or_refused(tmp_path):
    """Whatever happens to a file on its way, the officer gets a statement or a sentence."""
    path = tmp_path / "statement"
    files = [one for one in sorted(CORPUS.iterdir()) if one.is_file() and one.suffix != ".json"]
    outcomes = set()
    for seed in range(400):
        chance = Random(seed)
        content = bytearray(chance.choice(files).read_bytes())
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(content) + 1)
            content[at : at + chance.choice([0, 1, 20, len(content)])] = chance.choice(_DAMAGE)
        path.write_bytes(content)
        said = _refusal(path)
        outcomes.add(said is None)
        assert said is None or (said.remedy and "\n" not in str(said))
    assert outcomes == {True, False}


def _refusal(path):
    try:
        read_statements(path, TODAY)
    except InputRefused as error:
        return error
    return None
