"""A column of ID numbers in a file that is read row by row."""

from datetime import date

import numpy as np
import pyarrow as pa

from ancadmin.domain.id_columns import PROBLEMS, read_id_column
from ancadmin.domain.id_numbers import IdProblem, digits_of_any_age
from ancadmin.domain.policy import Policy


def id_numbers_of(column: pa.Array, today: date, policy: Policy) -> tuple[list[str], dict[int, str]]:
    """The digits of each text, and which texts are no ID number and why; age is no reason (section 4.2)."""
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    texts = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    read = read_id_column(ends, texts, np.full(len(column), np.datetime64(today)), policy)
    digits = [text.decode() for text in read.texts.tolist()]
    problems: dict[int, str] = {}
    for at in np.flatnonzero(~read.valid).tolist():
        problem = PROBLEMS[read.problem[at] - 1]
        if problem is IdProblem.AGE_OUT_OF_RANGE:
            digits[at] = digits_of_any_age(column[at].as_py()) or ""
        if not digits[at].strip("0"):
            problems[at] = str(problem)
    return digits, problems
