"""What `ancadmin register import` says beside its counts: how files were read, and what a dry run found in them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ancadmin.cli.narratives import masked_narrative
from ancadmin.cli.output import Column, Detail, Format, Output

if TYPE_CHECKING:
    from ancadmin.services.register.importing.result import ImportResult


_LONG = re.compile(r"(?<!\d)(\d{6})\d+")
# Problems of other cells than the ID number's: what they are about can be shown.
_NOT_THE_NUMBERS = ("surname_missing", "id_shared", "branch_missing", "branch_unknown")
_SEE = "see ancadmin register profile check FILE"


def previewed(result: dict[str, Any], output: Output) -> dict[str, Any]:
    """The result with what may be an ID number masked in samples and examples, in every format: they are to be looked
    at, not worked with. For people without what `details` shows, or has nothing to say.
    """
    samples = [{**one, "value": _masked_value(one)} for one in result["samples"]]
    diff = {name: {**of, "examples": [_masked(one) for one in of["examples"]]} for name, of in result["diff"].items()}
    if output.format is not Format.TABLE:
        return {**result, "samples": samples, "diff": diff}
    # What is not there for most files is no line of its own; warnings and profiles are said on stderr.
    rare = ("left_out", "profile", "same_as", "set_aside", "changed", "branches_made", "held_before")
    elsewhere = ("samples", "diff", "warnings", "profiles", "unsure", "titled", "hidden")
    return {name: value for name, value in result.items() if name not in elsewhere and (value or name not in rare)}


def details(result: dict[str, Any]) -> list[Detail]:
    """What a dry run found, as tables: some rows of each problem, and the fields that would change."""
    tables = []
    samples = [{**one, "value": _masked_value(one)} for one in result["samples"]]
    if samples:
        kinds = {"row": "number"}
        columns = [Column(name, name, kinds.get(name, "text")) for name in ("file", "sheet", "row", "value", "remedy")]
        if not any(one["sheet"] for one in samples):
            columns.pop(1)
        tables.append(Detail("Some rows of each problem:", [Column("code", "problem"), *columns], samples))
    changes = [
        {
            "field": name.replace("_", " "),
            "changes": of["changes"],
            "examples": "; ".join(
                f"{one['member']}: {one['old'] or '-'} → {one['new'] or '-'}" for one in map(_masked, of["examples"])
            ),
        }
        for name, of in result["diff"].items()
    ]
    if changes:
        columns = [Column("field", "field"), Column("changes", "members", "number"), Column("examples", "for example")]
        tables.append(Detail("What would change on record:", columns, changes))
    return tables


def remarks(result: "ImportResult") -> Iterator[str]:
    """What a person should know about how files were read, a line each."""
    if result.same_as:
        yield f"the same contents as in batch {result.same_as}: nothing had to be read again"
    for read in result.profiles:
        yield f"{_place(read)}: read by the profile {read['profile']}"
    for sheet in result.set_aside:
        why = f"does not fit the profile {result.profile}" if result.profile else "no column of ID numbers"
        yield f"{sheet}: {why}, so none of its rows is anybody's"
    for one in result.unsure:
        yield f"{_place(one)}: `{one['heading']}` taken for {one['field']}, sure {one['confidence']:.2f}: {_SEE}"
    for one in result.titled:
        since = f"the rows under row {one['row']}" if one["row"] else "its rows"
        yield f"{_place(one)}: no column of branches; {since} are of branch {one['branch']}, as {one['said_by']} says"
    for hidden in result.hidden:
        yield from _hidden(hidden)
    for name in result.left_out:
        yield f"{name}: no table, left out"
    for warning in result.warnings:
        yield f"warning: {warning}"


def _hidden(sheet: dict[str, Any]) -> Iterator[str]:
    if sheet["whole"]:
        yield f"{_place(sheet)}: the sheet is hidden; it was looked at like the others"
    if sheet["rows"]:
        yield f"{_place(sheet)}: {_many(sheet['rows'], 'hidden row')} read like the others"
    if sheet["formulas"]:
        formulas = f"{_many(sheet['formulas'], 'formula')} without a value, read as blank"
        yield f"{_place(sheet)}: {formulas}: open it in the spreadsheet program and save it"


def _place(of: dict[str, Any]) -> str:
    return f"{of['file']} {of['sheet']}".strip()


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def masked_number(text: str) -> str:
    """A text that may be the rest of an ID number or a cell number: of seven digits or more the first six are shown."""
    return _LONG.sub(r"\1****", masked_narrative(text))


def _masked_value(sample: dict[str, Any]) -> str:
    mask = masked_narrative if sample["code"] in _NOT_THE_NUMBERS else masked_number
    return mask(sample["value"])


def _masked(example: dict[str, str]) -> dict[str, str]:
    return {name: masked_narrative(value) for name, value in example.items()}
