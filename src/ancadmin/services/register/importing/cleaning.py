"""One sheet's rows, a chunk at a time, as clean columns: read, repaired, and with everything odd about them noted.

What becomes of a row beside others, and beside what is on record, is decided later (`groups.py`).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.domain.contacts import read_email
from ancadmin.domain.fingerprints import text_hashes
from ancadmin.domain.id_columns import IdColumn, births_at, read_id_column
from ancadmin.domain.names import first_names_of, split_full_name, surname_key, surname_of
from ancadmin.domain.policy import Policy
from ancadmin.readers.headings import plain_words
from ancadmin.readers.registers import DATE_FIELDS, RegisterSheet
from ancadmin.readers.tables import Chunk
from ancadmin.services.register.codes import NOBODYS, Bits, mark, problem_bit
from ancadmin.services.register.importing.branches import Branches, KnownBranches, Written
from ancadmin.services.register.importing.columns import Texts, buffers, filled, whole_rows
from ancadmin.services.register.importing.days import DayColumn, DayReader, read_payments
from ancadmin.services.register.importing.statuses import Statuses
from ancadmin.services.register.importing.texts import Mapping, cells, dates, joined, or_none, written

# The clean columns of a row. `number` is 0 without a valid ID number; `key` compares surnames; `notes` and `problems`
# are bit masks of `codes.NOTES` and `codes.PROBLEMS`, `repairs` of `id_columns.REPAIRS`; `raw` is the row as it stood.
SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("id_number", pa.string()),
        ("source", pa.int32()),
        ("row", pa.int32()),
        ("surname", pa.string()),
        ("key", pa.string()),
        ("first_names", pa.string()),
        ("gender", pa.string()),
        ("born", pa.date32()),
        ("branch", pa.string()),
        ("voting_district", pa.string()),
        ("cell", pa.string()),
        ("email", pa.string()),
        ("old_reference", pa.string()),
        ("joined_on", pa.date32()),
        ("last_payment_on", pa.date32()),
        ("last_payment_cents", pa.int64()),
        ("register_status", pa.string()),
        ("entry", pa.string()),
        ("entry_on", pa.date32()),
        ("notes", pa.int32()),
        ("problems", pa.int32()),
        ("repairs", pa.uint8()),
        ("fingerprint", pa.int64()),
        ("raw", pa.string()),
    ]
)
_HASHED = 4_096
_GENDERS = {
    "M": ("m", "male", "man", "manlik"),
    "F": ("f", "female", "woman", "v", "vroulik", "vrou", "w"),
}


@dataclass(frozen=True)
class Terms:
    """What an import reads under: the day of the import, and the day ages are read at where no joining date helps."""

    policy: Policy
    today: date
    reading_date: date
    create_branches: bool


class Cleaner:
    """Cleans the chunks of one sheet. `source` is the row of `register_source` the sheet has."""

    def __init__(self, sheet: RegisterSheet, source: int, terms: Terms, branches: KnownBranches) -> None:
        self._sheet = sheet
        self._source = source
        self._terms = terms
        self._branches = branches
        self.orders = sheet.date_orders()
        self._days = {name: DayReader(self.orders.get(name), terms.today) for name in DATE_FIELDS}
        self._statuses = Statuses(terms.policy, terms.today)
        self._surname = Mapping(surname_of)
        self._first_names = Mapping(first_names_of)
        self._key = Mapping(surname_key)
        first = self._first_of_full_name()
        self._full_name = Mapping(lambda text: split_full_name(text, surname_first=first))
        self._gender = Mapping(_gender_of)
        self._email = Mapping(read_email)
        self._branch = Mapping(self._written_branch)

    def clean(self, chunk: Chunk) -> tuple[pa.Table, int]:
        """The rows that are somebody's, in SCHEMA, and how many are nobody's."""
        blank = self._sheet.blank_rows(chunk)
        table = chunk.cells.combine_chunks()
        rows = chunk.rows
        if blank.any():
            table, rows = table.filter(pa.array(~blank)), rows[~blank]
        table, raw = whole_rows(table)
        texts = Texts(self._sheet, table)
        count = len(rows)
        notes = np.zeros(count, dtype=np.int32)
        joining = self._joining(texts, notes)
        ids = self._ids(texts, joining, notes)
        surname, first_names, key = self._names(texts, notes)
        problems = ids.problem.astype(np.int32)
        problems = np.where(problems > 0, 1 << np.maximum(problems - 1, 0), 0).astype(np.int32)
        problems[~written(surname)] |= problem_bit("surname_missing")
        branch = self._branches_of(texts, problems)
        cell, email = self._contacts(texts, notes)
        gender = pa.array(np.where(ids.male, "M", "F"))
        self._compare_gender(texts, ids, notes)
        paid = self._days["last_payment_on"].read(texts("last_payment_on"))
        payment = read_payments(paid, texts("last_payment_cents"), self._terms.policy, notes)
        status = self._statuses.read(texts("status"), self._days["status_on"].read(texts("status_on")), payment, notes)
        mark(notes, "old_book", ids.valid & (ids.digits[:, 11] < 8))
        id_texts = pa.array(ids.texts).cast(pa.string())
        plain = {
            "surname": surname,
            "key": key,
            "first_names": first_names,
            "branch": branch,
            "voting_district": or_none(texts("voting_district")),
            "cell": cell,
            "email": email,
            "old_reference": or_none(texts("old_reference")),
            "joined_on": dates(joining.taken),
            "last_payment_on": dates(payment.days),
            "last_payment_cents": pa.array(payment.cents, mask=np.isnat(payment.days)),
            "register_status": status.text,
            "entry": status.entry,
            "entry_on": dates(status.entry_on),
        }
        columns = plain | {
            "number": pa.array(ids.numbers),
            "id_number": id_texts,
            "source": pa.array(np.full(count, self._source, dtype=np.int32)),
            "row": pa.array(rows.astype(np.int32)),
            "gender": gender,
            "born": dates(np.where(ids.valid, ids.born, np.datetime64("NaT"))),
            "notes": pa.array(notes),
            "problems": pa.array(problems),
            "repairs": pa.array(ids.repairs),
            "fingerprint": pa.array(self._fingerprints(texts, ids, id_texts, plain, self._branch_said(texts, rows))),
            "raw": raw,
        }
        return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA), int(blank.sum())

    def _joining(self, texts: Texts, notes: Bits) -> DayColumn:
        joining = self._days["joined_on"].read(texts("joined_on"))
        mark(notes, "joined_missing", joining.missing)
        mark(notes, "joined_malformed", joining.malformed)
        mark(notes, "joined_in_future", joining.in_future)
        mark(notes, "date_doubtful", joining.doubtful)
        return joining

    def _ids(self, texts: Texts, joining: DayColumn, notes: Bits) -> IdColumn:
        """ID numbers read on the day of joining, and where that gives no answer on the command's date."""
        reading_date = np.datetime64(self._terms.reading_date)
        usable = ~np.isnat(joining.taken) & (joining.taken <= reading_date)
        column = texts.untrimmed("id_number")
        ids = read_id_column(*buffers(column), np.where(usable, joining.taken, reading_date), self._terms.policy)
        again = np.flatnonzero(usable & ~ids.valid)
        if len(again):
            others = column.take(pa.array(again))
            second = read_id_column(*buffers(others), np.full(len(again), reading_date), self._terms.policy)
            for name in ("digits", "problem", "repairs", "born", "male", "citizenship"):
                getattr(ids, name)[again] = getattr(second, name)
            usable[again[second.valid]] = False
        other = births_at(ids.digits, np.full(len(ids.digits), reading_date), self._terms.policy)
        mark(notes, "century_doubtful", usable & ids.valid & ~np.isnat(other) & (other != ids.born))
        mark(notes, "joined_implausible", ~np.isnat(joining.taken) & ~usable & ids.valid)
        return ids

    def _names(self, texts: Texts, notes: Bits) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Surname (null where missing), first names, and what surnames are compared by."""
        if "full_name" in self._sheet.fields and "surname" not in self._sheet.fields:
            found, at = self._full_name.values(texts("full_name"))
            rows = pa.array(at)
            surname = pa.array([surname for surname, _ in found], pa.string()).take(rows)
            first_names = pa.array([first for _, first in found], pa.string()).take(rows)
        else:
            surname = self._surname.texts(texts("surname"))
            first_names = self._first_names.texts(texts("first_names"))
        mark(notes, "first_names_missing", pc.equal(first_names, "").to_numpy(zero_copy_only=False))
        return filled(surname), filled(first_names), self._key.texts(surname)

    def _branches_of(self, texts: Texts, problems: Bits) -> pa.Array:
        """Codes of branches, made where that was asked for; only a row that can be taken makes one."""
        both = joined(*(texts(name) for name in ("branch", "branch_name", "ward", "region", "province")))
        found, at = self._branch.values(both)
        if self._terms.create_branches and isinstance(self._branches, Branches):
            for place in np.unique(at[(problems & NOBODYS) == 0]).tolist():
                self._branches.find(found[place]) or self._branches.make(found[place])
        codes = [self._branches.find(row) for row in found]
        missing = np.array([row.blank for row in found], dtype=np.bool_)[at]
        makeable = [self._terms.create_branches and self._branches.can_make(row) for row in found]
        unknown = np.array([code is None and not can for code, can in zip(codes, makeable, strict=True)], np.bool_)[at]
        problems[missing] |= problem_bit("branch_missing")
        problems[unknown & ~missing] |= problem_bit("branch_unknown")
        return pa.array(codes, pa.string()).take(pa.array(at))

    def _written_branch(self, text: str) -> Written:
        named = "branch" in self._sheet.fields or "branch_name" in self._sheet.fields
        return Written.of(text.split("\x1f"), branch_named=named)

    def _contacts(self, texts: Texts, notes: Bits) -> tuple[pa.Array, pa.Array]:
        numbers, addresses = or_none(texts("cell")), or_none(texts("email"))
        cell = cells(texts("cell"))
        email = self._email.texts(texts("email"))
        malformed = (written(numbers) & ~written(cell)) | (written(addresses) & ~written(email))
        mark(notes, "contact_malformed", malformed)
        mark(notes, "contact_missing", ~written(numbers) & ~written(addresses))
        return cell, email

    def _compare_gender(self, texts: Texts, ids: IdColumn, notes: Bits) -> None:
        found, at = self._gender.values(texts("gender"))
        said = np.array([{"M": 1, "F": 0}.get(gender, -1) for gender in found], dtype=np.int8)[at]
        mark(notes, "gender_conflict", ids.valid & (said >= 0) & (said != ids.male))

    def _first_of_full_name(self) -> bool:
        """Whether the heading over whole names puts the surname first: `Surname and names`, `Van en voorname`."""
        at = self._sheet.fields.get("full_name")
        words = plain_words(self._sheet.sheet.columns[at]) if at is not None else []
        return bool(words) and words[0] in {"surname", "surnames", "van", "last", "family", "familienaam"}

    def _branch_said(self, texts: Texts, rows: npt.NDArray[np.int64]) -> pa.Array:
        """The branch as each row writes it, or the title over it."""
        if not self._sheet.said:
            return texts("branch")
        begins, said = zip(*self._sheet.said, strict=True)
        over = np.searchsorted(np.array(begins, np.int64), rows, side="right") - 1
        return pa.array(said, pa.string()).take(pa.array(over))

    def _fingerprints(
        self, texts: Texts, ids: IdColumn, id_texts: pa.Array, plain: dict[str, pa.Array], branch: pa.Array
    ) -> npt.NDArray[np.int64]:
        """What tells a row seen before: its fields as they were read, or as written where they could not be."""
        as_written = {"cell", "email", "joined_on", "last_payment_on", "last_payment_cents"}
        parts = [pc.if_else(pa.array(ids.valid), id_texts, texts("id_number"))]
        for name, column in plain.items():
            if name in ("key", "branch"):
                continue  # the key follows from the surname, and which branch is meant from the places there are
            text = column if pa.types.is_string(column.type) else pc.cast(column, pa.string())
            parts.append(pc.coalesce(text, texts(name)) if name in as_written else text)
        parts += [texts("gender"), branch, texts("branch_name"), texts("ward")]
        whole = joined(*parts)
        # A few at a time: the hashes are reckoned in matrices eight times as large as the text.
        hashes = [text_hashes(*buffers(whole.slice(start, _HASHED))) for start in range(0, len(whole), _HASHED)]
        return np.concatenate([np.zeros(0, dtype=np.uint64), *hashes]).view(np.int64)


def _gender_of(text: str) -> str | None:
    plain = text.casefold().strip(".")
    return next((gender for gender, words in _GENDERS.items() if plain in words), None)
