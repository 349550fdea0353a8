"""The fields of the JSON a command gives, as they come out of a real run on the sample."""

import json
import re
from typing import Any

import transcripts

_HEAD = "<!-- Written by `make docs`; do not edit. -->\n\n"
# Of these the keys are codes, headings or names of facts, and differ from store to store.
_FREE = {"diff", "notes", "problems", "repairs", "reasons", "raw", "facts", "counts", "detail", "changed"}
_EXPLAINED = re.compile(r"member explain (\d{13})")
# What is typed after `ancadmin`; the words before `|` are the command, the rest is told to it. MEMBER is whom the
# demo explains.
_COMMANDS = (
    "register import | --dry-run demo/incoming/register-2-kaap.xlsx",
    "register quarantine |",
    "register quarantine export | held-back.xlsx",
    "register quarantine apply | --dry-run held-back.xlsx",
    "deposits import | --dry-run demo/incoming/statement-1-fnb-history.csv",
    "deposits match | --dry-run",
    "deposits list |",
    "deposits review |",
    "deposits balance |",
    "deposits statements |",
    "deposits profile list |",
    "deposits profile check | demo/incoming/statement-1-fnb-history.csv",
    "deposits suspense |",
    "deposits bulk list |",
    "deposits patterns |",
    "deposits remind plan | --on 2025-06-30 --dry-run",
    "approvals list |",
    "sweep | --on 2025-07-15 --dry-run",
    "sweep --verify | --on 2025-06-30",
    "member list | --branch 79700001 --on 2025-06-30",
    "member show | MEMBER",
    "member find | Dlamini",
    "member history | MEMBER",
    "member explain | MEMBER --on 2025-06-30",
    "export branch-list | --branch 79700001 --on 2025-06-30 -o list.pdf",
    "export attendance-register | --branch 79700001 --cut-off 2025-06-30 --meeting-date 2025-07-19 -o register.pdf",
    "export statement-of-dues | MEMBER --on 2025-06-30 -o dues.pdf",
    "export verify | register.pdf",
    "costs list |",
    "costs show | 1",
    "export cost-comparison | 1 -o cost-comparison.xlsx",
    "costs template | -o to-fill-in.xlsx",
    "costs import | --new --dry-run cost-comparison.xlsx",
    "costs purge | --dry-run",
    "report ageing | --on 2025-06-30",
    "report receivables | --from 2025-01-01 --to 2025-06-30",
    "report cash | --from 2025-01-01 --to 2025-06-30",
    "report standing | --from 2025-01-01 --to 2025-12-31",
    "batch list |",
    "batch show | 3",
    "audit log |",
    "audit verify |",
    "audit head |",
    "check id | 8.00101E+12",
    "db places list |",
    "db info |",
    "operator list |",
    "config show |",
    "config policy |",
    "config policy list |",
)


def page() -> str:
    """docs/reference/json.md."""
    parts = [
        f"{_HEAD}# JSON, field by field\n\nWhat a command gives with `--json`: one object, or (*rows*) a list of "
        "objects, which `--format ndjson` gives a line each. Money is whole cents and named `*_cents`, days are ISO "
        "text. Fields may be added in later versions; none is renamed or taken away without notice in the changelog.\n"
    ]
    with transcripts.desk() as at:
        member = _EXPLAINED.search(_expect(at, "ancadmin demo demo --members 500").said)
        for command in _COMMANDS:
            title, _, told = command.replace("MEMBER", member[1] if member else "").partition(" |")
            data = json.loads(_expect(at, f"ancadmin --quiet --db demo/demo.db {title}{told} --json").out)
            rows = isinstance(data, list)
            lines = _described(data[:500] if rows else [data])
            parts.append(f"## {title}{' *(rows)*' if rows else ''}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _expect(at: transcripts.Desk, line: str) -> transcripts.Answer:
    answer = at.type(line)
    if answer.code not in (0, 10):
        raise SystemExit(f"{line}: exit {answer.code}\n{answer.said}")
    return answer


def _described(objects: list[dict[str, Any]], depth: int = 0) -> list[str]:
    """A line for each field of some objects that are alike, with the kinds of value it may have."""
    values: dict[str, list[Any]] = {}
    for one in objects:
        for key, value in one.items():
            values.setdefault(key, []).append(value)
    lines = []
    for key, found in values.items():
        kinds = sorted({_kind(value) for value in found} - {"null"}) or ["null"]
        optional = ", or null" if any(value is None for value in found) and kinds != ["null"] else ""
        lines.append(f"{'  ' * depth}* `{key}`: {' or '.join(kinds)}{optional}")
        if key in _FREE:
            continue
        inside = [value for value in found if isinstance(value, dict)]
        inside += [item for value in found if isinstance(value, list) for item in value if isinstance(item, dict)]
        lines += _described(inside, depth + 1) if inside else []
    return lines


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "number"
    return {str: "text", dict: "object", list: "list"}[type(value)]
