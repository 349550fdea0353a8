"""Lines of a statement on their way into the store: fingerprinted, their narratives read, written in chunks."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.db.batches import Batch
from ancadmin.db.bulk import ids_used, indexes_rebuilt, insert_rows, next_id
from ancadmin.db.schema import deposit, deposit_reading
from ancadmin.domain.dates import iso_texts
from ancadmin.domain.deposits import Reason, State
from ancadmin.domain.fingerprints import joined, text_hashes
from ancadmin.domain.narratives import Narratives, read_narratives
from ancadmin.readers.statements.statement import Lines
from ancadmin.services.progress import Step

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_CHUNK = 50_000
# Where an import brings at least so many lines, and they are a good part of all, indexes are built afterwards.
_MANY = 20_000
# Where others have whether a balance is known, 0 or 1: so a line known by its identifier is like no other.
_BY_IDENTIFIER = 2
# What an identifier has at least, zeros in front left out, and digits of a narrative that tell one payer from another.
_SHORTEST_IDENTIFIER = 6
_DIGITS_THAT_TELL = 6
_OTHER_BLANKS = ("  ", "\t", "\n", "\r", "\u00a0")
_COLUMNS = (
    "id",
    "batch",
    "statement",
    "line",
    "account",
    "value_date",
    "cents",
    "balance_cents",
    "narrative",
    "bank_reference",
    "fingerprint",
    "occurrence",
    "id_number",
    "readings",
    "terminal",
    "branch",
    "bulk_words",
    "state",
    "reason",
    "unallocated_cents",
)


def identified(lines: Lines) -> Flags:
    """The lines whose identifier is one the bank gives no other line. A short one counts the lines of a file or of an
    account. That is told by the identifier itself, never by the file, for another file has the line too.
    """
    if lines.identifier is None:
        return np.zeros(len(lines), dtype=np.bool_)
    bare = pc.ascii_ltrim(lines.identifier, "0")
    flags: Flags = pc.greater_equal(pc.binary_length(bare), _SHORTEST_IDENTIFIER).to_numpy(zero_copy_only=False)
    return flags


def fingerprints_of(lines: Lines, identified: Flags) -> Integers:
    """What a line says, in 64 bits: amount, narrative without regard to case and blanks, balance where there is one.
    Of a line that is `identified`: amount, identifier and the digits of the narrative. Another export may say it in
    other words, but some banks give one number to all that was paid on a day, and those lines have other digits.
    """
    parts = []
    for start in range(0, len(lines), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        said = _alike(lines.narrative.slice(start, _CHUNK))
        known = lines.has_balance[chunk].astype(np.int64)
        if lines.identifier is not None:
            known[identified[chunk]] = _BY_IDENTIFIER
            digits = pc.replace_substring_regex(said, "[^0-9]", "")
            told = pc.if_else(pc.less(pc.binary_length(digits), _DIGITS_THAT_TELL), said, digits)
            numbered = pc.binary_join_element_wise(lines.identifier.slice(start, _CHUNK), told, " ")
            said = pc.if_else(pa.array(identified[chunk]), numbered, said)
        balance = np.where(known == 1, lines.balance[chunk], 0)
        parts.append(joined(text_hashes(*buffers(said)), lines.cents[chunk], known, balance))
    return np.concatenate(parts).view(np.int64) if parts else np.zeros(0, dtype=np.int64)


def _alike(narrative: pa.Array) -> pa.Array:
    """Upper case, and one blank where there are several or another kind: another export of a line says it alike."""
    upper = pc.ascii_upper(narrative)
    if not any(pc.any(pc.match_substring(upper, blanks)).as_py() for blanks in _OTHER_BLANKS):
        return upper
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(upper, "[\u00a0\\s]+", " "))


def buffers(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """A string array as offsets and bytes, without copying the bytes."""
    _, offsets, data = texts.buffers()
    at = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    bytes_ = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    first = at[0] if len(at) else 0
    return at - first, bytes_[first : at[-1] if len(at) else 0]


def insert_lines(
    batch: Batch,
    step: Step,
    number: int,
    account: str,
    lines: Lines,
    fingerprints: Integers,
    occurrences: Integers,
    deposits: Flags,
) -> None:
    """Writes new lines of statement `number`, in order of their value dates."""
    connection = batch.connection
    first = next_id(connection, deposit)
    readings: list[tuple[Any, ...]] = []

    def rows() -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(lines), _CHUNK):
            stop = min(start + _CHUNK, len(lines))
            chunk = lines.take(np.arange(start, stop))
            said = read_narratives(*buffers(chunk.narrative), chunk.value_date, batch.policy)
            readings.extend(
                (first + start + one.row, one.start, one.stop, one.id_number, one.likely)
                for one in said.doubtful
                if deposits[start + one.row]
            )
            yield from zip(
                range(first + start, first + stop),
                *_constants(stop - start, batch.number, number),
                chunk.row.tolist(),
                *_constants(stop - start, account),
                *_columns(chunk, said, deposits[start:stop], fingerprints[start:stop], occurrences[start:stop]),
                strict=True,
            )
            step.advance(stop - start)

    many = len(lines) > _MANY and len(lines) > first // 4
    with indexes_rebuilt(connection, deposit, when=many):
        insert_rows(connection, deposit, _COLUMNS, rows())
    insert_rows(connection, deposit_reading, ("deposit", "start", "stop", "id_number", "likely"), readings)
    ids_used(connection, deposit)


def _constants(count: int, *values: Any) -> list[list[Any]]:
    return [[value] * count for value in values]


def _columns(
    lines: Lines, said: Narratives, deposits: Flags, fingerprints: Integers, occurrences: Integers
) -> Iterator[list[Any]]:
    """The columns from `value_date` on."""
    reference = pc.if_else(pc.equal(lines.reference, ""), None, lines.reference)
    reasons = np.where(lines.charge, Reason.CHARGE.value, Reason.DEBIT.value)
    reasons[lines.cents == 0] = Reason.ZERO.value
    yield iso_texts(lines.value_date)
    yield lines.cents.tolist()
    yield _only(lines.balance, lines.has_balance)
    yield lines.narrative.to_pylist()
    yield reference.to_pylist()
    yield fingerprints.tolist()
    yield occurrences.tolist()
    yield _only(said.id_number, deposits)
    yield np.where(deposits, said.readings, 0).tolist()
    yield _only(said.terminal, deposits)
    yield _only(said.branch, deposits)
    yield (said.bulk_words & deposits).tolist()
    yield np.where(deposits, State.OPEN.value, State.NOT_A_DEPOSIT.value).tolist()
    yield _only(reasons, ~deposits)
    yield np.where(deposits, lines.cents, 0).tolist()


def _only(values: npt.NDArray[Any], where: Flags) -> list[Any]:
    """The values where they hold, None elsewhere."""
    kept = values.astype(object)
    kept[~where] = None
    values_or_none: list[Any] = kept.tolist()
    return values_or_none
