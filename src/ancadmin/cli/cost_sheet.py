"""A cost-comparison sheet as a person reads it: headings, lines, the options side by side, what is missing."""

import sys
from collections.abc import Sequence
from typing import Any

from ancadmin.cli.output import Column, Output, Row, show_rows, text_of
from ancadmin.domain.cost_paper import OWN_WORK
from ancadmin.domain.costs import LineKind, OptionKind
from ancadmin.domain.money import rands

Section = tuple[Sequence[Column], list[Row]]

_HEADINGS = ("subject", "region", "name", "address", "concern", "cause", "correction", "not_serviced", "explanation")
_LINES = (
    Column("line", "line"),
    Column("kind", "kind"),
    Column("part_number", "part number"),
    Column("description", "description"),
    Column("quantity", "quantity", "number"),
    Column("unit_cents", "unit cost", "money"),
    Column("handling_percent", "handling %", "number"),
    Column("invoice_cents", "invoice", "money"),
    Column("discount_cents", "discount", "money"),
    Column("allowance_cents", "allowance", "money"),
    Column("cents", "amount", "money"),
)
_CLAIMS = ("invoice_cents", "discount_cents", "allowance_cents")


def show_for_people(output: Output, sheet: dict[str, Any]) -> None:
    """The sheet in tables, to the terminal, a pipe or a file."""
    sections = [section for section in _sections(sheet) if section[1]]
    if output.file is None:
        for number, (columns, rows) in enumerate(sections):
            if number:
                sys.stdout.write("\n")
            show_rows(output, columns, rows)
        return
    from ancadmin.writers.files import written_whole

    with written_whole(output.file) as temporary:
        temporary.write_text("\n".join(text_of(*section) for section in sections), encoding="utf-8")


def _sections(sheet: dict[str, Any]) -> list[Section]:
    lines = [line for option in sheet["options"] for line in option["lines"]]
    claims = any(line["invoice_cents"] is not None for line in lines)
    columns = [column for column in _LINES if claims or column.field not in _CLAIMS]
    missing: list[Row] = [{"where": fault["where"], "what": fault["what"]} for fault in sheet["faults"]]
    return [
        (_pairs(), _headings(sheet)),
        (columns, [_line(line) for line in lines]),
        _side_by_side(sheet),
        ([Column("where", "missing in"), Column("what", "what")], missing),
        (_pairs(), [_decision(decision) for decision in sheet["decisions"]]),
        (_pairs(), [{"what": "recommendation", "value": sheet["recommendation"]}]),
    ]


def _pairs() -> list[Column]:
    return [Column("what", ""), Column("value", "")]


def _headings(sheet: dict[str, Any]) -> list[Row]:
    state = sheet["state"] if sheet["complete"] else f"{sheet['state']}, not complete"
    rows: list[Row] = [
        {"what": "sheet", "value": f"{sheet['sheet']}, opened on {sheet['opened_on']} by {sheet['opened_by']}"}
    ]
    rows.append({"what": "state", "value": state})
    for field in _HEADINGS:
        text = f"{sheet['region']} {sheet['region_name']}" if field == "region" else sheet[field]
        if text or field not in ("not_serviced", "explanation"):
            rows.append({"what": field.replace("_", " "), "value": text})
    return rows


def _line(line: dict[str, Any]) -> Row:
    if line["invoice_cents"] is None:
        return {**line, "discount_cents": None}
    return line


def _decision(decision: dict[str, Any]) -> Row:
    who = f"{decision['name']}, {decision['role'].replace('_', ' ')}"
    own = f" ({OWN_WORK})" if decision["own_work"] else ""
    why = f": {decision['why']}" if decision["why"] else ""
    return {
        "what": decision["when"],
        "value": f"{decision['words']}, {who}{why}{own}",
    }


def _side_by_side(sheet: dict[str, Any]) -> Section:
    options = sheet["options"]
    columns = [Column("what", "")] + [Column(option["option"], _title(option), "number") for option in options]

    def row(what: str, values: Sequence[str]) -> Row:
        return {"what": what, **{option["option"]: value for option, value in zip(options, values, strict=True)}}

    rows = [
        row(
            kind.words, [rands(sum(line["cents"] or 0 for line in o["lines"] if line["kind"] == kind)) for o in options]
        )
        for kind in LineKind
        if any(line["kind"] == kind for o in options for line in o["lines"])
    ]
    rows.append(row("Total", [rands(o["total_cents"]) for o in options]))
    if any(o["refundable_cents"] for o in options):
        rows.append(row("of which refundable", [rands(o["refundable_cents"]) for o in options]))
        rows.append(row("Total after the refund", [rands(o["net_cents"]) for o in options]))
    dearer = ["-" if o["dearer_by_cents"] is None else rands(o["dearer_by_cents"]) for o in options]
    rows.append(row("dearer by", dearer))
    rows.append(row("complete", ["yes" if o["complete"] else "no" for o in options]))
    rows.append(row("recommended", ["recommended" if o["recommended"] else "" for o in options]))
    return columns, rows if options else []


def _sum(option: dict[str, Any], kind: LineKind) -> int:
    return sum(line["cents"] or 0 for line in option["lines"] if line["kind"] == kind)


def _title(option: dict[str, Any]) -> str:
    return f"{option['option']} {option['title'] or OptionKind(option['kind']).words}"
