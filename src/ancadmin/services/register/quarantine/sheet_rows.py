"""Rows held back as they stand in the workbook an officer mends, and as she gives them back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from ancadmin.domain.problems import Problem
from ancadmin.services.register.quarantine.repairs import Offer
from ancadmin.services.register.quarantine.waiting import Waiting
from ancadmin.writers.xlsx import held_back as paper
from ancadmin.writers.xlsx.held_back import HeldLine

TITLES = {
    "id_number": "ID number",
    "surname": "Surname",
    "first_names": "First names",
    "full_name": "Full name",
    "gender": "Gender",
    "branch": "Branch",
    "branch_name": "Branch name",
    "ward": "Ward",
    "region": "Region",
    "province": "Province",
    "voting_district": "Voting district",
    "cell": "Cell number",
    "email": "E-mail",
    "joined_on": "Date joined",
    "last_payment_on": "Last payment on",
    "last_payment_cents": "Last payment",
    "old_reference": "Old reference",
    "status": "Status",
    "status_on": "Status date",
}
# Which cells a problem is about; of those named the row has at least one.
_ABOUT = {
    "surname_missing": ("surname", "full_name"),
    "branch_missing": ("branch", "branch_name", "ward"),
    "branch_unknown": ("branch", "branch_name", "ward"),
}
_SEALED = (paper.FILE, paper.PLACE, paper.ROW, paper.WRONG, paper.PROPOSED, paper.ELSE, paper.OFFER)
_MOST_TOLD = 3


@dataclass(frozen=True)
class Given:
    """A row as it came back: its key, decision, why, the cells by field, and where in the workbook it stands."""

    key: int
    at: int
    decision: str
    why: str
    cells: dict[str, str]
    offer: dict[int, str]


def line_of(waiting: Waiting, offers: list[Offer], reasons: Mapping[str, str]) -> HeldLine:
    """A row for the workbook, sealed."""
    fields = waiting.source.fields
    wrong: dict[str, str] = {}
    for problem, words in reasons.items():
        for name in _ABOUT.get(problem, ("id_number",)):
            if name in fields:
                wrong[name] = "\n".join(part for part in (wrong.get(name), words) if part)
    used = set(fields.values())
    also = "; ".join(
        f"{waiting.heading(column)}: {text}"
        for column, text in enumerate(waiting.cells)
        if column not in used and text.strip()
    )
    proposed = "\n".join(
        f"{place}. {offer.what} ({offer.percent}): {'; '.join(offer.evidence)}"
        for place, offer in enumerate(offers[:_MOST_TOLD], 1)
    )
    offer = json.dumps(offers[0].changes) if offers and not offers[0].theirs else ""
    file, sheet = waiting.source.place
    locked = dict(
        zip(
            _SEALED,
            (file, sheet, str(waiting.row), "\n".join(reasons.values()), proposed, also, offer),
            strict=True,
        )
    )
    locked = {title: plain(text) for title, text in locked.items()}
    return HeldLine(
        waiting.id,
        seal(waiting, locked),
        locked[paper.OFFER],
        locked[paper.FILE],
        locked[paper.PLACE],
        waiting.row,
        locked[paper.WRONG],
        locked[paper.PROPOSED],
        locked[paper.ELSE],
        cells_of(waiting),
        wrong,
    )


def cells_of(waiting: Waiting) -> dict[str, str]:
    """What is written in each field's column, as the workbook shows it."""
    cells, width = waiting.cells, len(waiting.cells)
    return {name: plain(cells[at]) for name, at in waiting.source.fields.items() if name in TITLES and at < width}


def seal(waiting: Waiting, locked: Mapping[str, str]) -> str:
    """A short hash for each locked column, and for the row as it stood: what was changed can be named."""
    texts = [*(locked[title] for title in _SEALED), "\x1f".join(waiting.cells)]
    return "-".join(hashlib.sha256(f"{waiting.id}\x1f{text}".encode()).hexdigest()[:8] for text in texts)


def tampered(waiting: Waiting, row: Mapping[str, str]) -> str | None:
    """The heading of the first locked column that is not as it was written; None where all are."""
    now = seal(waiting, {title: plain(row.get(title, "")) for title in _SEALED}).split("-")
    then = row.get(paper.SEAL, "").split("-")
    if len(then) != len(now):
        return paper.SEAL
    changed = [title for title, was, is_now in zip((*_SEALED, paper.SEAL), then, now, strict=True) if was != is_now]
    return changed[0] if changed else None


def given(at: int, row: Mapping[str, str]) -> Given | Problem:
    """A row that came back, or why it is none."""
    key = row.get(paper.KEY, "").strip()
    decision = row.get(paper.DECISION, "").strip()
    if not key.isdigit():
        return _problem(at, paper.KEY, key, "row_key_missing", "Rows cannot be added here; import them as a register.")
    if decision and decision not in paper.DECISIONS:
        return _problem(at, paper.DECISION, decision, "no_such_decision", f"Choose: {', '.join(paper.DECISIONS)}.")
    why = row.get(paper.WHY, "").strip()
    if decision == paper.DISMISS and not why:
        return _problem(at, paper.WHY, "", "reason_missing", "Say why the row is put away.")
    try:
        offer = {int(column): str(text) for column, text in json.loads(row.get(paper.OFFER) or "{}").items()}
    except ValueError:
        return _problem(at, paper.OFFER, "", "locked_cell_changed", "Export the rows again.")
    if decision == paper.ACCEPT and not offer:
        return _problem(at, paper.DECISION, decision, "nothing_proposed", "Mend the cells instead.")
    cells = {name: plain(row[title]) for name, title in TITLES.items() if title in row}
    return Given(int(key), at, decision, why, cells, offer)


def plain(text: str) -> str:
    """A text as it survives a workbook: no controls, one kind of line end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        "\ufffd" if (char < " " and char not in "\t\n") or char in "\ufffe\uffff" else char for char in lines
    )


def _problem(at: int, column: str, value: str, code: str, remedy: str) -> Problem:
    return Problem("", paper.SHEET, at, column, value, code, remedy)
