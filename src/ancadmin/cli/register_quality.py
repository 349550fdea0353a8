"""`ancadmin register quality`."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ancadmin.cli.output import Column, Format, FormatOption, JsonOption, Output, chosen, show_result, show_rows
from ancadmin.cli.state import State, state_of
from ancadmin.domain.papers import Form
from ancadmin.domain.quality import Sort, percent

if TYPE_CHECKING:
    from ancadmin.domain.quality import Imported, Line, QualityPaper, TrendPaper

_SHARES = ("valid_share", "contactable_share", "captured_share")
_SHARE_COLUMNS = tuple(zip(_SHARES, ("valid IDs", "contactable", "payments"), strict=True))
_EIGHTHS = " ▏▎▍▌▋▊▉"
# What a table's other columns take of a terminal's width.
_BESIDE_BARS = 92
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
    from ancadmin.services.register.quality import paper_form, scope_of

    scope = scope_of(branch, region, province)
    if over_time and not scope.everything:
        raise UsageError("an import is of no one branch, region or province", "Give --trend without a place.")
    state = state_of(ctx)
    paper = paper_form(as_, target)
    output = chosen(form, as_json, None if paper else target)
    if over_time:
        from ancadmin.services.register.trend import trend

        imports = trend(state.session(), paper)
        _conclude_trend(state, output, imports, paper, target)
    else:
        from ancadmin.services.register import quality as service

        _conclude(state, output, service.quality(state.session(), scope, sort, paper), paper, target)


def _conclude(state: State, output: Output, made: "QualityPaper", paper: Form | None, target: Path | None) -> None:
    whole = made.total.quality
    held = f"{_many(whole.held)} held back"
    if paper:
        _drawn(state, output, made, {"place": made.place, **_row(made.total)}, paper, target)
        return
    rows = [*made.lines, made.total]
    columns = (
        Column("code", "code"),
        Column("words", "name"),
        Column("members", "members", "number"),
        *(Column(f"shown_{name}", title) for name, title in _SHARE_COLUMNS),
        Column("duplicates", "pairs", "number"),
        Column("held", "held back", "number"),
        Column("noted", "notes", "number"),
    )
    show_rows(output, columns, _shown(output, rows) if output.format is Format.TABLE else map(_row, rows))
    state.say(f"{made.place}: {_many(whole.members)} members, {held}" + (_REMEDY if whole.held else ""))


_REMEDY = " → ancadmin register quarantine"


def _conclude_trend(state: State, output: Output, made: "TrendPaper", paper: Form | None, target: Path | None) -> None:
    if paper:
        _drawn(state, output, made, {"imports": len(made.imports)}, paper, target)
        return
    columns = (
        Column("batch", "batch", "number"),
        Column("at", "when"),
        Column("operator", "by"),
        Column("files", "files"),
        Column("read", "read", "number"),
        Column("taken", "taken", "number"),
        Column("quarantined", "held back", "number"),
        *(Column(f"shown_{name}", title) for name, title in _SHARE_COLUMNS),
        Column("shown_problems", "problems"),
        Column("shown_notes", "notes"),
    )
    table = output.format is Format.TABLE
    show_rows(output, columns, _shown_imports(output, made) if table else map(_import_row, made.imports))
    state.say("1 import" if len(made.imports) == 1 else f"{_many(len(made.imports))} imports")


def _drawn(state: State, output: Output, made: Any, about: dict[str, Any], paper: Form, target: Path | None) -> None:
    from ancadmin.services.register.quality import draw

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


def _shown(output: Output, lines: "list[Line]") -> Iterator[dict[str, Any]]:
    width = _bar_width(output)
    for line in lines:
        code = "" if line.kind == "total" else line.code
        name = f"Total: {line.name}" if line.kind == "total" else line.words
        row = {**_row(line), "code": code, "words": name, "noted": line.quality.notes.total()}
        yield row | {f"shown_{name}": _share(getattr(line.quality, name), width) for name in _SHARES}


def _shown_imports(output: Output, made: "TrendPaper") -> Iterator[dict[str, Any]]:
    width = _bar_width(output)
    for one in made.imports:
        row = {**_import_row(one), "taken": one.taken, "files": ", ".join(one.files)}
        row |= {f"shown_{name}": _share(getattr(one, name), width) for name in _SHARES}
        yield row | {f"shown_{name}": _most(row[name], all_of_them=not width) for name in ("problems", "notes")}


def _most(codes: dict[str, int], *, all_of_them: bool) -> str:
    """The commonest codes; a terminal has no room for all."""
    named = list(codes.items())[: None if all_of_them else _CODES_SHOWN]
    return ", ".join(f"{code} {_many(count)}" for code, count in named) + (", …" if len(named) < len(codes) else "")


def _bar_width(output: Output) -> int:
    """How many characters a bar takes; 0 where no terminal shows it."""
    if output.file is not None or not sys.stdout.isatty():
        return 0
    return max(4, min(16, (shutil.get_terminal_size().columns - _BESIDE_BARS) // 3))


def _share(value: float | None, width: int) -> str:
    """A share in figures, on a terminal beside a bar: `██████▌   65.1%`."""
    if not width:
        return "" if value is None else percent(value)
    whole, rest = divmod(round((value or 0.0) * width * 8), 8)
    bar = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return f"{bar:<{width}} {percent(value):>6}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _many(count: int) -> str:
    return f"{count:,}".replace(",", " ")
