"""Which encoding a text file is in, held against every byte of it; and which files are no text at all."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from ancadmin.errors import InputRefused
from ancadmin.readers.refusals import refused

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_PIECE = 1 << 20
_SAVE_AS_TEXT = "Open it in the spreadsheet program and save it as CSV UTF-8."
_COPY_AGAIN = "Export it again and see that the copy finished."
_WRONG = "wrong encoding: no one encoding reads the whole text"
_HALF_A_LETTER = "the file is cut off in the middle of a letter"
_NO_TEXT = "there are bytes here that no text has; the file is no text file, or damaged"
_KINDS = {
    b"%PDF": ("a PDF document", "Ask for the list as a spreadsheet or CSV file; a PDF cannot be imported."),
    b"PK\x03\x04": ("a workbook or a zip archive", "Unpack it, or give it the name it should have (.xlsx, .ods)."),
    b"PK\x05\x06": ("an empty zip archive", "Ask for the file again."),
    b"\xd0\xcf\x11\xe0": ("an old workbook or document", "Give it the name it should have (.xls), or save it as CSV."),
    b"\x89PNG": ("a picture", "A picture cannot be imported; ask for the list as a spreadsheet."),
    b"\xff\xd8\xff": ("a picture", "A picture cannot be imported; ask for the list as a spreadsheet."),
    b"GIF8": ("a picture", "A picture cannot be imported; ask for the list as a spreadsheet."),
    b"II*\x00": ("a picture", "A picture cannot be imported; ask for the list as a spreadsheet."),
    b"\x1f\x8b": ("a compressed file", "Unpack it first."),
    b"Rar!": ("a compressed file", "Unpack it first."),
    b"7z\xbc\xaf": ("a compressed file", "Unpack it first."),
    b"SQLite format 3": ("a database", "Export the list from the program it belongs to."),
    b"{\\rtf": ("a word-processor document", "Ask for the list as a spreadsheet or CSV file."),
}
_ASCII = bytes(range(128))
# The mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LETTERS_OF_WIDTH = 1 << 12
_LETTERS_LOOKED_AT = 1 << 24
_HTML = re.compile(rb"\s*<(?:!doctype html|html|table|head|body)", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
# DOS programs end a text file with this.
END_OF_FILE = b"\x1a"
_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
# What charset-normalizer may find; its other guesses are noise in a South African register.
_OTHERS = ("mac_roman", "cp437", "cp850", "cp858", "latin_1")
# Letters of the old DOS code page 850 look, read as cp1252, like punctuation inside a word, or like a sign no word ends
# in. Byte 8A is left out: è there, but Š here, a letter of Sesotho sa Leboa.
_DOS_LETTER = re.compile(
    rb"[A-Za-z](?:[\x81-\x84\x87-\x89\x8b\x8d\x93-\x95\xa0\xa2-\xa4][A-Za-z]|[\x81\x82\x87-\x89\x8b\x8d][\s,;|])"
)
_WINDOWS_LETTER = re.compile(rb"[A-Za-z](?:[\xc0-\xd6\xd8-\xf6\xf8-\xff][A-Za-z]|[\xe0-\xf6\xf8-\xff][\s,;|])")


def encoding_of(path: Path) -> tuple[str, int, bool]:
    """The codec that reads every byte of the file, the byte where the text begins, whether the last line is open.

    Raises InputRefused for an empty or binary file, or one no single encoding reads.
    """
    with path.open("rb") as file:
        head = file.read(_PIECE)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise refused(path, "the file is empty", _COPY_AGAIN)
    kind = kind_of(head)
    if kind is not None:
        raise refused(path, f"this is {kind[0]}, not a text file", kind[1])
    wide = _wide_codec(head)
    if wide is not None:
        return *wide, _checked(path, *wide)
    control = _CONTROLS.search(head)
    if control:
        raise refused(path, _NO_TEXT, _SAVE_AS_TEXT, row=_row_at(path, control.start()))
    marked = head.startswith(codecs.BOM_UTF8)
    start = len(codecs.BOM_UTF8) if marked else 0
    try:
        return "utf-8", start, _checked(path, "utf-8", start)
    except InputRefused:
        if marked or _partly_utf8(path):
            raise
        other = _single_byte_codec(path)
        if other is None:
            raise
        return other, 0, _checked(path, other, 0)


def is_workbook(path: Path) -> bool:
    """Is this to be read as a workbook: by its name, and by its first bytes? Raises OSError, InputRefused."""
    with path.open("rb") as file:
        head = file.read(64)
    workbook = head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    named_so = path.suffix.lower() in WORKBOOKS
    if named_so and not workbook:
        kind = kind_of(head)
        if kind is not None:
            raise refused(path, f"this is {kind[0]}, not a workbook", kind[1])
    return named_so and workbook


def kind_of(head: bytes) -> tuple[str, str] | None:
    """What a file that is no text is, and the remedy, by its first bytes; None for what may be text."""
    for mark, kind in _KINDS.items():
        if head.startswith(mark):
            return kind
    if _HTML.match(head):
        return "a web page", "Open it in the spreadsheet program and save it as a workbook or CSV file."
    return None


def _wide_codec(head: bytes) -> tuple[str, int] | None:
    """UTF-16 or UTF-32 and where its text begins, by their marks, or UTF-16 without one: of each two bytes always the
    same one is nearly always zero. None for a text of single bytes.
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec, len(mark)
    sample = head[:_LETTERS_OF_WIDTH]
    first, second = sample[::2], sample[1::2]
    for zeros, others, codec in ((second, first, "utf-16-le"), (first, second, "utf-16-be")):
        if zeros.count(0) * 10 >= len(zeros) * 9 and 0 not in others:
            return codec, 0
    return None


def _pieces(path: Path, start: int = 0) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(_PIECE):
            yield piece


def _checked(path: Path, codec: str, start: int) -> bool:
    """Reads every byte; True where the last line has no line end. Raises InputRefused with the row that fails."""
    decoder = codecs.getincrementaldecoder(codec)()
    wide = codec.startswith(("utf-16", "utf-32"))
    at = start
    last = ""
    for piece in _pieces(path, start):
        # Plain ASCII, most of any file, needs no decoding.
        if not wide and b"\0" not in piece and piece.isascii() and not decoder.getstate()[0]:
            last = chr(piece[-1])
        else:
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                where = at + len(piece) - len(error.object) + error.start
                what = f"{_WRONG}: from here on it is not {codec.upper()}"
                raise refused(path, what, _SAVE_AS_TEXT, row=_row_at(path, where)) from error
            if "\0" in text:
                where = at + text.index("\0")
                raise refused(path, _NO_TEXT, _COPY_AGAIN, row=None if wide else _row_at(path, where))
            last = text[-1:] or last
        at += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise refused(path, _HALF_A_LETTER, _COPY_AGAIN, row=_row_at(path, at)) from error
    return last not in ("\n", "\r", END_OF_FILE.decode())


def _row_at(path: Path, byte: int) -> int:
    """The number of the line a byte stands in."""
    row = 1
    for piece in _pieces(path):
        row += piece[: max(byte, 0)].count(b"\n")
        byte -= len(piece)
    return row


def _partly_utf8(path: Path) -> bool:
    """Is a file that fails as UTF-8 still UTF-8 in part: one letter for ten bytes that are not, or more?

    In cp1252 such a letter stands there only by chance: an accented capital with a symbol after it.
    """
    letters = broken = 0
    for piece in _pieces(path):
        if piece.isascii():
            continue
        text = piece.decode("utf-8", errors="replace")
        wrong = text.count("�")
        plain = len(piece) - len(piece.translate(None, _ASCII))
        broken += wrong
        letters += len(text) - plain - wrong
    return letters > 0 and letters * 10 >= broken


def _single_byte_codec(path: Path) -> str | None:
    """cp1252, the DOS code page where that is what the letters say, or what charset-normalizer is sure of."""
    windows = dos = seen = 0
    undefined = False
    sample = b""
    for piece in _pieces(path):
        if piece.isascii():
            continue
        undefined = undefined or len(piece.translate(None, _UNDEFINED_IN_CP1252)) != len(piece)
        if seen < _LETTERS_LOOKED_AT:
            sample = sample or piece
            seen += len(piece)
            windows += len(_WINDOWS_LETTER.findall(piece))
            dos += len(_DOS_LETTER.findall(piece))
    if dos > windows:
        return "cp850"
    if not undefined:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: 1 << 16]).best()
    return best.encoding if best is not None and best.encoding in _OTHERS else None
