"""The bank statements of the sample: two accounts in three forms, or one account for the whole country."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ancadmin.services.demo.draws import Rows
from ancadmin.services.demo.lines import KINDS, Lines
from ancadmin.services.demo.national import PIECE, digits, join, pieces, text, write_lines
from ancadmin.services.demo.plan import Plan

MAIN_ACCOUNT = "62012345678"
SECOND_ACCOUNT = "62087654321"
OPENING_CENTS = 25_000_000
# The first statement of the main account ends after the second one of it begins: their lines overlap.
_FIRST_ENDS = np.datetime64("2025-04-30")
_SECOND_BEGINS = np.datetime64("2025-04-15")


@dataclass(frozen=True)
class Account:
    """An account of the sample: the label its lines are drawn by, and how many there are."""

    plan: Plan
    label: str
    count: int

    def lines(self, rows: Rows | None = None) -> Lines:
        """Some of its lines, or all."""
        return Lines(self.plan, self.label, self.count, np.arange(self.count) if rows is None else rows)


def accounts(plan: Plan) -> tuple[Account, ...]:
    """The main account with seven of ten lines and the second with the rest; nationally only one."""
    if plan.national:
        return (Account(plan, MAIN_ACCOUNT, plan.deposits),)
    main = plan.deposits * 7 // 10
    return Account(plan, MAIN_ACCOUNT, main), Account(plan, SECOND_ACCOUNT, plan.deposits - main)


def write_history(account: Account, path: Path, until: np.datetime64 | None = None) -> Iterator[Rows]:
    """FNB's online history, newest line first as the bank gives it; yields the rows of each piece it wrote."""
    count = account.count
    if until is not None:
        count = int((account.lines().day <= until).sum())
    closing = OPENING_CENTS + sum(int(account.lines(rows).cents.sum()) for rows in pieces(count))
    with path.open("wb") as file:
        head = (
            "ACCOUNT TRANSACTION HISTORY\n\n"
            "Name:, MEMBERSHIP, FEES\n"
            f"Account:, {account.label}, [Membership Account]\n"
            f"Balance:, {_rands(closing)}, {_rands(closing)}\n\n"
            "Date, Amount, Balance, Description\n"
        )
        file.write(head.encode())
        for start in reversed(range(0, count, PIECE)):
            rows = np.arange(start, min(start + PIECE, count))[::-1]
            lines = account.lines(rows)
            # The balance after a line is the closing balance less everything newer.
            newer = np.cumsum(lines.cents) - lines.cents
            written = join(_days(lines, "/"), money(lines.cents), money(closing - newer), lines.narrative, between=", ")
            write_lines(file, join(written, end="\n"))
            closing -= int(lines.cents.sum())
            yield rows


def write_enterprise(account: Account, path: Path) -> None:
    """FNB's enterprise CSV, oldest line first: the reference in a column of its own."""
    lines = account.lines()
    nothing = pa.array([""] * account.count)
    columns = [
        _days(lines, ""),
        pc.if_else(pa.array(lines.cents > 0), "MAGTAPE CREDIT", "DEBIT"),
        lines.narrative,
        pc.if_else(pa.array(lines.is_kind("charge")), "65.00", "0.00"),
        money(lines.cents),
        money(OPENING_CENTS + np.cumsum(lines.cents)),
        nothing,
    ]
    with path.open("wb") as file:
        file.write(b"Effective Date,Description,Reference,Service Fee,Amount,Balance\n")
        write_lines(file, join(join(*columns[:-1], between=","), end="\n"))


def write_any(account: Account, path: Path) -> Rows:
    """A CSV as some other program exports it, credits and debits in two columns; returns the rows it holds."""
    lines = account.lines()
    balance = OPENING_CENTS + np.cumsum(lines.cents)
    columns = [
        _days(lines, "-"),
        lines.narrative,
        pc.if_else(pa.array(lines.cents < 0), money(-lines.cents), ""),
        pc.if_else(pa.array(lines.cents > 0), money(lines.cents), ""),
        money(balance),
    ]
    kept = np.flatnonzero(lines.day >= _SECOND_BEGINS)
    with path.open("wb") as file:
        file.write(b"Posting Date;Details;Debit;Credit;Balance\n")
        write_lines(file, join(join(*columns, between=";"), end="\n").take(pa.array(kept)))
    return kept


def write_statements(plan: Plan, folder: Path) -> list[dict[str, Any]]:
    """The three statements of a small sample; returns a row of truth for every line of every statement."""
    main, second = accounts(plan)
    history, enterprise, other = (
        folder / name
        for name in ("statement-1-fnb-history.csv", "statement-2-fnb-enterprise.csv", "statement-3-other.csv")
    )
    rows = np.concatenate([*write_history(main, history, _FIRST_ENDS), np.array([], dtype=np.int64)])
    write_enterprise(second, enterprise)
    later = write_any(main, other)
    return [
        *_truth(main.lines(rows), history.name),
        *_truth(second.lines(), enterprise.name, described=True),
        *_truth(main.lines(later), other.name),
    ]


def _truth(lines: Lines, file: str, *, described: bool = False) -> Iterator[dict[str, Any]]:
    """What becomes of each line; where all are `described`, none is without any text."""
    kinds = list(KINDS)
    numbers = lines.payer.id_number
    narratives = lines.narrative.to_pylist()
    for place, (state, reason) in enumerate(lines.expected):
        yield {
            "file": file,
            "line": place + 1,
            "account": lines.label,
            "account_row": int(lines.rows[place]),
            "value_date": str(lines.day[place]),
            "cents": int(lines.cents[place]),
            "narrative": narratives[place],
            "kind": kinds[int(lines.kind[place])],
            "state": state,
            "reason": "no_match" if described and reason == "no_reference" else reason,
            "id_number": f"{int(numbers[place]):013d}" if reason in _NAMES_ONE else "",
        }


_NAMES_ONE = ("id_reference", "in_opening", "member_excluded", "near_miss", "phone", "name")


def _days(lines: Lines, between: str) -> Any:
    iso = pc.cast(pa.array(lines.day), pa.string())
    return pc.replace_substring(iso, "-", between)


def money(cents: Rows) -> Any:
    """Cents as rands with a dot, the sign in front."""
    sign = pc.if_else(pa.array(cents < 0), "-", "")
    whole = np.abs(cents)
    return join(sign, text(whole // 100), ".", digits(whole % 100, 2))


def _rands(cents: int) -> str:
    return f"{cents / 100:.2f}"
