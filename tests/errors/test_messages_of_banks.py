"""Messages of banks: hostile, cut off, in another encoding or currency are refused in one line, nothing written."""

from pathlib import Path

import pytest
from tests.errors.refusal import contents

CORPUS = Path(__file__).parents[1] / "data" / "statements"
CAMT = "camt053-02-usual.xml"
OFX1, OFX2 = "ofx1-unclosed.ofx", "ofx2-several-accounts.ofx"
MT940 = "mt940-plain.sta"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture(params=["sqlite"])
def engine(request):
    """Refused before anything reaches the store: one engine will do."""
    return request.param


def refused(office, content, place, what):
    good = office.write("good.csv", "Date,Amount,Description\n2020-03-01,20.00,X\n")
    path = office.folder / "statement"
    path.write_bytes(content)
    before = contents(office)
    answer = office("deposits", "import", good, path, code=3)
    assert answer.out == ""
    lines = answer.err.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"ancadmin: error: {path}{place}: ")
    assert what in lines[0]
    assert contents(office) == before
    return lines


def of(name):
    return (CORPUS / name).read_bytes()


def changed(name, *changes):
    text = of(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def with_prolog(name, prolog):
    """The prolog behind the XML declaration."""
    head, _, rest = of(name).partition(b"?>")
    return head + b"?>" + prolog.encode() + rest


@pytest.mark.parametrize("name", [CAMT, OFX2])
@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://127.0.0.1:9/x.dtd'> %a;]>",
        "<!DOCTYPE x [<!ELEMENT x ANY>]>",
        LAUGHS + "]>",
        f"<!DOCTYPE x [<!ENTITY a '{'A' * 100_000}'>]>",
    ],
    ids=["document type outside", "file", "parameter entity", "document type", "billion laughs", "quadratic"],
)
def test_definitions(office, name, prolog):
    refused(office, with_prolog(name, prolog), "", "definitions of its own")


def test_definitions_in_ofx_1(office):
    refused(office, changed(OFX1, (b"<OFX>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><OFX>")), "", "definitions of its own")


def test_an_entity_nobody_defined(office):
    refused(office, changed(CAMT, (b"MONTHLY FEE", b"&fee;")), " row 7", "undefined entity")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("name", [CAMT, OFX1, OFX2, MT940])
def test_cut_off(office, name, part):
    whole = of(name).rstrip() if name != MT940 else of(name)[: of(name).index(b":62F:") + 9]
    content = whole[: int(len(whole) * part)]
    line = refused(office, content, "", "cut off")[0] if name == OFX1 else None
    if line is None:
        path = office.folder / "statement"
        path.write_bytes(content)
        before = contents(office)
        error = office("deposits", "import", path, code=3).err
        assert any(what in error for what in ("cut off", "not a balance")), error
        assert contents(office) == before


@pytest.mark.parametrize(
    ("content", "place", "what"),
    [
        (changed(CAMT, (b"MONTHLY FEE", b"M\xd6NTHLY")), " row 7", "not well-formed"),
        (changed(CAMT, (b'"UTF-8"', b'"klingon"')), "", "in an encoding that cannot be read"),
        (changed(MT940, (b"MOKOENA", "Zoë".encode() + b"\xeb")), " row 8", "wrong encoding"),
        (changed(OFX1, (b"CHECKING", b"\x81\x8d")), " row 15", "wrong encoding"),
        (changed(CAMT, (b"<Ccy>ZAR", b"<Ccy>USD")), "", "in another currency than the rand (USD)"),
        (changed(CAMT, (b'<Amt Ccy="ZAR">20.00', b'<Amt Ccy="EUR">20.00')), "", "in entry 1 (EUR)"),
        (
            changed(CAMT, (b'<Amt Ccy="ZAR">1000', b'<Amt Ccy="BWP">1000')),
            "",
            "in another currency than the rand (BWP)",
        ),
        (changed(OFX1, (b"CURDEF>ZAR", b"CURDEF>NAD")), "", "account 62012345678 is in another currency"),
        (changed(OFX2, (b"ORIGCURRENCY>", b"CURRENCY>"), (b"/ORIGCURRENCY>", b"/CURRENCY>")), "", "in entry 1 (USD)"),
        (changed(MT940, (b"200302ZAR", b"200302USD")), "", "in another currency than the rand (USD)"),
        (changed(MT940, (b"ZAR1000,00", b"ZAR1000,00X")), " row 5", "not a balance"),
        (changed(CAMT, (b'"ZAR">1000.00', b'"ZAR">1000.005')), " account 62012345678", "not a balance"),
        (changed(CAMT, (b"20.00</Amt>", b"20.001</Amt>")), " statement 1 entry 1 column Amt", "not an amount (20.001)"),
        (changed(CAMT, (b"<CdtDbtInd>DBIT", b"<CdtDbtInd>DEB")), " statement 1 entry 2 column Amt", "not an amount"),
        (changed(OFX1, (b"TRNAMT>20.00", b"TRNAMT>2O")), " statement 1 entry 1 column TRNAMT", "not an amount (2O)"),
        (changed(OFX1, (b"POSTED>20200303", b"POSTED>20200230")), " statement 1 entry 2 column DTPOSTED", "not a day"),
        (
            changed(OFX1, (b"<FITID>A2", b"<CORRECTFITID>A1<FITID>A2")),
            " statement 1 entry 2 column CORRECTFITID",
            "corrects an earlier one",
        ),
        (changed(MT940, (b":61:200302C", b":61:200231C")), " statement 1 row 9 column :61:", "not a day (200231)"),
        (changed(MT940, (b":61:200302C20,", b":61:200302X20,")), " statement 1 row 9 column :61:", "not an amount"),
        (changed(CAMT, (b">954.30", b">954.31")), " statement 1 entry 2", "should be R954.30 and is R954.31"),
        (changed(MT940, (b"ZAR960,00", b"ZAR960,10")), " statement 1 row 19", "should be R960.00 and is R960.10"),
        (changed(CAMT, (b"<BkToCstmrStmt>", b"<X>"), (b"</BkToCstmrStmt>", b"</X>")), "", "XML, but no camt.053"),
        (b"OFXHEADER:100\n<OFX><STATUS><CODE>15500<MESSAGE>Signon invalid</STATUS></OFX>", "", "Signon invalid"),
    ],
)
def test_refused_with_its_place(office, content, place, what):
    refused(office, content, place, what)


@pytest.mark.parametrize("filler", [44, 47, 48, 50, 57])
def test_an_id_number_that_is_cut_is_masked_before(office, filler):
    line = b":61:2003020302CR20,00NTRF8001015009087//7001010000001"
    assert line in of(MT940)
    odd = b":61:200302" + b"X" * (filler - 6) + b"8001015009087 and so on"
    told, _ = refused(office, of(MT940).replace(line, odd), " statement 1 row 6 column :61:", "amount")
    assert "8001015" not in told
    assert "800101****087"[: 60 - filler] in told


def test_taken_when_forced_and_said(office):
    path = office.folder / "statement.xml"
    path.write_bytes(changed(CAMT, (b">954.30", b">954.31")))
    answer = office("deposits", "import", path, "--force", "--strict", "--json", code=10)
    assert answer.json["forced"] == ["statement.xml statement 1"]
    assert "does not add up" in answer.err


@pytest.mark.parametrize("name", ["ofx", "mt940", "camt053"])
def test_another_format_than_the_one_named(office, name):
    path = CORPUS / {"ofx": MT940, "mt940": CAMT, "camt053": OFX1}[name]
    error = office("deposits", "import", path, "--bank", name, code=3).err
    assert f"{path}: this is no statement in the format {name}" in error


def test_a_day_that_is_none_is_what_is_named(office):
    first = of(MT940).partition(b":61:")[2][:6]
    refused(
        office, changed(MT940, (b":61:" + first, b":61:2503XX")), " statement 1 row 6 column :61:", "not a day (2503XX)"
    )


def test_a_comma_before_three_digits_of_ofx_may_be_either_and_is_refused(office):
    content = changed(OFX2, (b"<TRNAMT>370.00<", b"<TRNAMT>2,000<"))
    refused(office, content, " statement 1 entry 1 column TRNAMT", "not an amount (2,000)")
