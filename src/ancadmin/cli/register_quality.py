"""`ancadmin register quality`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli.bars import WIDE, room, shown
from ancadmin.cli.output import Column, Format, FormatOption, JsonOption, Output, chosen, show_result, show_rows
from ancadmin.cli.state import State, state_of
from ancadmin.domain.papers import Form
from ancadmin.domain.quality import Sort

if TYPE_CHECKING:
    from ancadmin.domain.quality import Imported, Line, QualityPaper, TrendPaper

_SHARES = ("valid_share", "contactable_share", "captured_share")
_TITLES = ("valid IDs", "contactable", "payments")
_SHORT_TITLES = ("IDs", "contact", "paid")
# What the other columns, the figures and the gaps take of a terminal's width.
_BESIDE, _BESIDE_IMPORTS = 90, 104
# From so many columns on there is room for the commonest codes of each import.
_ROOM_FOR_CODES = 160
_CODES_SHOWN = 3


def add_to(app: typer.Typer) -> None:
    """Adds the command to the group."""
    app.command("quality")(quality)


def quality(
    ctx: typer.Context,
    branch: Annotated[str | None, typer.Option("--branch", metavar="CODE", help="One branch")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="CODE", help="The branches of a region")] = None,
    province: Annotated[
        str | None, typer.Option("--province", metavar="CODE", help="The branches of a province")
    ] = None,
    sort: Annotated[Sort, typer.Option("--sort", help="The worst branches first, or by code")] = Sort.WORST,
    over_time: Annotated[bool, typer.Option("--trend", help="Import by import instead, as each was counted")] = False,
    as_: Annotated[
        Form | None, typer.Option("--as", help="A paper with charts: PDF, or a workbook; else what -o FILE says")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its suffix says the format")
    ] = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """How good the record is, branch by branch: valid ID numbers, contacts, payments, and what waits for someone.

    Example: ancadmin register quality --region EKU

    `--as pdf -o quality.pdf` or `--as xlsx` makes a paper of it, with charts. `--trend` shows the imports instead,
    which are of no one place.
    """
    from ancadmin.errors import UsageError
    from ancadmin.services.export.folder import paper_form
    from ancadmin.services.export.scope import scope_of

    scope = scope_of(branch, region, province)
    if over_time and not scope.everything:
        raise UsageError("an import is of no one branch, region or province", "Give --trend without a place.")
    state = state_of(ctx)
    paper = paper_form(as_, target)
    output = chosen(form, as_json, None if paper else target)
    if over_time:
        from ancadmin.services.register.quality.trend import trend

        imports = trend(state.session(), paper)
        _conclude_trend(state, output, imports, paper, target)
    else:
        from ancadmin.services.register.quality import report as service

        _conclude(state, output, service.quality(state.session(), scope, sort, paper), paper, target)


def _conclude(state: State, output: Output, made: "QualityPaper", paper: Form | None, target: Path | None) -> None:
    whole = made.total.quality
    held = f"{_many(whole.held)} held back"
    if paper:
        _drawn(state, output, made, {"place": made.place, **_row(made.total)}, paper, target)
        return
    rows = [*made.lines, made.total]
    columns = room(output)
    wide = not columns or columns >= WIDE
    shares = zip(_SHARES, _TITLES if wide else _SHORT_TITLES, strict=True)
    shown_columns = (
        Column("code", "code"),
        Column("words", "name"),
        Column("members", "members", "number"),
        *(Column(f"shown_{name}", title) for name, title in shares),
        Column("duplicates", "pairs", "number"),
        Column("held", "held", "number"),
        *([Column("noted", "notes", "number")] if wide else []),
    )
    show_rows(output, shown_columns, _shown(rows, columns) if output.format is Format.TABLE else map(_row, rows))
    state.say(f"{made.place}: {_many(whole.members)} members, {held}" + (_REMEDY if whole.held else ""))


_REMEDY = " → ancadmin register quarantine"


def _conclude_trend(state: State, output: Output, made: "TrendPaper", paper: Form | None, target: Path | None) -> None:
    if paper:
        _drawn(state, output, made, {"imports": len(made.imports)}, paper, target)
        return
    columns = room(output)
    wide = not columns or columns >= WIDE
    shares = zip(_SHARES, _TITLES if wide else _SHORT_TITLES, strict=True)
    shown_columns = (
        Column("batch", "batch", "number"),
        Column("on" if columns else "at", "when"),
        *([Column("operator", "by")] if wide else []),
        Column("files", "files"),
        *([Column("read", "read", "number")] if wide else []),
        Column("taken", "taken", "number"),
        Column("quarantined", "held", "number"),
        *(Column(f"shown_{name}", title) for name, title in shares),
        *([] if 0 < columns < _ROOM_FOR_CODES else [Column("found", "problems"), Column("noted", "notes")]),
    )
    table = output.format is Format.TABLE
    show_rows(output, shown_columns, _shown_imports(made, columns) if table else map(_import_row, made.imports))
    state.say("1 import" if len(made.imports) == 1 else f"{_many(len(made.imports))} imports")


def _drawn(state: State, output: Output, made: Any, about: dict[str, Any], paper: Form, target: Path | None) -> None:
    from ancadmin.services.register.quality.report import draw

    path = draw(made, paper, target)
    show_result(
        output, {**about, "on": made.day.isoformat(), "form": paper.value, "file": str(path)}, quiet=state.quiet
    )
    state.say(f"quality of the register → {path}")


def _row(line: "Line") -> dict[str, Any]:
    """A line as JSON shows it."""
    one = line.quality
    counts = {
        "members": one.members,
        "read": one.read,
        "valid": one.valid,
        "valid_share": _rounded(one.valid_share),
        "contactable": one.contactable,
        "contactable_share": _rounded(one.contactable_share),
        "captured": one.captured,
        "captured_share": _rounded(one.captured_share),
        "overall": _rounded(one.overall),
        "duplicates": one.duplicates,
        "held": one.held,
    }
    about = {"kind": line.kind.value, "code": line.code, "name": line.name, "region": line.region}
    return {**about, **counts, "notes": dict(one.notes.most_common())}


def _import_row(one: "Imported") -> dict[str, Any]:
    """An import as JSON shows it."""
    return {
        "batch": one.batch,
        "at": one.at,
        "operator": one.operator,
        "files": list(one.files),
        "read": one.read,
        "accepted": one.accepted,
        "updated": one.updated,
        "unchanged": one.unchanged,
        "quarantined": one.quarantined,
        "blank": one.blank,
        "valid": one.valid,
        "valid_share": _rounded(one.valid_share),
        "contactable": one.contactable,
        "contactable_share": _rounded(one.contactable_share),
        "captured": one.captured,
        "captured_share": _rounded(one.captured_share),
        "problems": one.problems,
        "notes": one.notes,
    }


def _shown(lines: "list[Line]", columns: int) -> Iterator[dict[str, Any]]:
    for line in lines:
        total = line.kind == "total"
        name = f"Total: {line.name}" if total else line.words
        row = {**_row(line), "code": "" if total else line.code, "words": name, "noted": line.quality.notes.total()}
        yield row | {f"shown_{name}": shown(getattr(line.quality, name), columns, _BESIDE) for name in _SHARES}


def _shown_imports(made: "TrendPaper", columns: int) -> Iterator[dict[str, Any]]:
    for one in made.imports:
        row = {**_import_row(one), "on": one.at[:10], "taken": one.taken, "files": ", ".join(one.files)}
        row |= {"found": _most(one.problems, columns), "noted": _most(one.notes, columns)}
        yield row | {f"shown_{name}": shown(getattr(one, name), columns, _BESIDE_IMPORTS) for name in _SHARES}


def _most(codes: dict[str, int], columns: int) -> str:
    """The codes, of which a terminal has room for the commonest only."""
    named = list(codes.items())[: _CODES_SHOWN if columns else None]
    return ", ".join(f"{code} {_many(count)}" for code, count in named) + (", …" if len(named) < len(codes) else "")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _many(count: int) -> str:
    return f"{count:,}".replace(",", " ")
