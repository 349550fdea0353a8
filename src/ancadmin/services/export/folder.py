"""Where files go: one file by name, or a file a branch under a folder, with a manifest that says what is there."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ancadmin.domain.harmless import as_meant, harmless
from ancadmin.domain.papers import BranchPlace, Form
from ancadmin.errors import InputRefused, Place, UsageError
from ancadmin.writers.files import written_whole

MANIFEST = "manifest.csv"


def form_of(wanted: Form | None, target: Path | None, *, one_file: bool) -> Form:
    """The form asked for: `--as`, else the suffix of `-o FILE`, else PDF. Raises UsageError where they disagree."""
    if not one_file or target is None:
        return wanted or Form.PDF
    suffix = target.suffix.lower().removeprefix(".")
    known = suffix in list(Form)
    if wanted is not None and known and suffix != wanted:
        raise UsageError(f"--as {wanted} and -o {target.name} say different things", "Give one of them.")
    if wanted is None and not known:
        raise UsageError(f"no form goes with `{target.suffix}`", "Name the file .pdf or .xlsx, or add --as pdf.")
    return wanted or Form(suffix)


def forms_of(wanted: Sequence[Form], target: Path | None, *, one_file: bool) -> tuple[Form, ...]:
    """The forms asked for, each once, as `form_of` has them. Raises UsageError where they disagree, or where one file
    is to be in several forms.
    """
    if len(set(wanted)) < 2:
        return (form_of(wanted[0] if wanted else None, target, one_file=one_file),)
    if one_file and target is not None:
        raise UsageError("one file cannot be in several forms", "Leave -o out, or ask for one form.", value=target.name)
    return tuple(form for form in Form if form in wanted)


def paper_form(as_: Form | None, target: Path | None) -> Form | None:
    """The form of the paper asked for of something that is also shown as data; None where data is. Raises UsageError
    where the flags disagree.
    """
    named = target is not None and target.suffix.lower().removeprefix(".") in list(Form)
    return form_of(as_, target, one_file=True) if as_ is not None or named else None


def file_in(folder: Path, place: BranchPlace, form: Form, style: str = "") -> Path:
    """`FOLDER/PROVINCE/REGION/BRANCH.pdf`, or `BRANCH-STYLE.pdf`."""
    return folder / safe_name(place.province_code) / safe_name(place.region_code) / file_name(place.code, form, style)


def file_name(code: str, form: Form, style: str = "") -> str:
    """`CODE.pdf`; a style that is not the usual one stands behind the code."""
    styled = f"-{style.replace(' ', '-')}" if style else ""
    return f"{safe_name(code)}{styled}.{form}"


def safe_name(code: str) -> str:
    """A code as a file's name on any system; one that had to be changed stays unique."""
    plain = re.sub(r"[^\w-]", "_", code)
    return plain if plain == code else f"{plain}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"


def file_hash(path: Path) -> str | None:
    """SHA-256 of a file, or None where there is none to read. Raises InputRefused when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputRefused(
            f"cannot be read: {error.strerror or error}", "See that it is a file you may read.", place=Place(str(path))
        ) from error


def write_file(path: Path, content: bytes) -> None:
    """Writes the whole file or nothing, for nobody else to read. Raises InputRefused."""
    with written_whole(path) as temporary:
        temporary.write_bytes(content)


def read_manifest(folder: Path) -> dict[str, dict[str, str]]:
    """The rows of the folder's manifest by file, empty where there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {as_meant(row["file"]): _as_meant(row) for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise InputRefused(
            "not a manifest of papers", "Name another folder with -o, or move that file away.", place=Place(str(path))
        ) from error


def _as_meant(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as it was written; of one that somebody cut short what is left."""
    return {name: as_meant(cell) for name, cell in row.items() if isinstance(cell, str)}


def write_manifest(folder: Path, columns: list[str], rows: Iterable[Mapping[str, Any]]) -> Path:
    """Writes the manifest, whole. Rows of files that this run is not about are kept, if they have these columns."""
    new = {str(row["file"]): row for row in rows}
    kept = {file: row for file, row in read_manifest(folder).items() if file not in new and set(row) == set(columns)}
    to = io.StringIO(newline="")
    writer = csv.DictWriter(to, fieldnames=columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for _, row in sorted({**kept, **new}.items()):
        writer.writerow({name: harmless(value) if isinstance(value, str) else value for name, value in row.items()})
    write_file(folder / MANIFEST, to.getvalue().encode())
    return folder / MANIFEST
