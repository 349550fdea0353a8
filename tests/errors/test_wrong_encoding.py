"""Text in no encoding that holds to the end: two files pasted together, or bytes lost on the way."""

import pytest
from tests.errors.refusal import REGISTER, refused


@pytest.mark.parametrize(
    ("before", "damaged"),
    [
        ("7501151234085,Müller,Zoë,GP0101\n".encode(), "8801235111088,Müller,Zo\xeb\n".encode("cp1252")),
        (b"", b"7501151234085,M\x81\x8dller,Zoe,GP0101\n"),
    ],
)
def test_wrong_encoding(office, before, damaged):
    path = office.folder / "lede.csv"
    path.write_bytes(REGISTER.encode() + before + damaged)
    row = 5 if before else 4
    refused(office, path, f" row {row}", "wrong encoding", "save it as CSV UTF-8")


def test_bytes_that_no_text_has(office):
    path = office.folder / "lede.csv"
    path.write_bytes(REGISTER.encode() + b"7501151234085,Na\x00idoo,Priya,GP0101\n" * 3)
    refused(office, path, " row 4", "bytes here that no text has", "save it as CSV UTF-8")
