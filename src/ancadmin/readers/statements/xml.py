"""XML files of banks, element by element, in bounded memory; hostile ones are refused before anything is read."""

from collections.abc import Iterator
from pathlib import Path

# Only used on files that defusedxml has looked at, where it is three times as fast.
from xml.etree.ElementTree import Element, ParseError, iterparse

from ancadmin.readers.refusals import not_readable, refused
from ancadmin.readers.statements.messages import ASK_AGAIN


def elements_of(path: Path) -> Iterator[tuple[str, Element]]:
    """Every element as it starts (`start`) and when it is whole (`end`). Those who are done with one clear it.

    Raises InputRefused for XML that defines entities or a document type, points outside, or is cut off or malformed.
    """
    try:
        _refuse_definitions(path)
        yield from iterparse(path, events=("start", "end"))  # noqa: S314 (no definitions in it: see above)
    except ParseError as error:
        row, _ = error.position
        cut = "no element found" in str(error) or "unclosed" in str(error)
        what = "the file is cut off" if cut else f"not XML from here on: {str(error).partition(':')[0]}"
        raise refused(path, what, ASK_AGAIN, row=row) from error
    except (LookupError, ValueError) as error:
        raise refused(path, f"in an encoding that cannot be read: {error}", ASK_AGAIN) from error
    except OSError as error:
        raise not_readable(path, error) from error


def _refuse_definitions(path: Path) -> None:
    """Definitions may stand only before the first element, so that far the careful parser reads."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse as careful

    try:
        next(iter(careful(path, events=("start",), forbid_dtd=True)), None)
    except DefusedXmlException as error:
        raise refused(
            path, "the file brings definitions of its own (DTD or entities), which no bank sends", ASK_AGAIN
        ) from error
