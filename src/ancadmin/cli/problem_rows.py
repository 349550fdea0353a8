"""Rows of a file that were refused, told one a line on stderr."""

from collections.abc import Sequence

from ancadmin.cli.state import State
from ancadmin.domain.problems import Problem

NEEDS_A_PERSON = 10
_MOST_TOLD = 20


def tell_problems(state: State, problems: Sequence[Problem]) -> None:
    """Says where each is, what it is and what to do; no value, which may be somebody's number. Of many, the first."""
    for problem in problems[:_MOST_TOLD]:
        parts = (problem.file, problem.sheet, f"row {problem.row}", problem.column)
        where = " ".join(part for part in parts if part)
        state.say(f"{where}: {problem.code.replace('_', ' ')}. {problem.remedy}")
    if len(problems) > _MOST_TOLD:
        state.say(f"and {len(problems) - _MOST_TOLD} more: --json tells them all")
