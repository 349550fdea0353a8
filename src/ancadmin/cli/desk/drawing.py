"""A piece of work as it is drawn: what is wrong, what is written beside what is read, what is proposed."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ancadmin.domain.money import rands
from ancadmin.services.register.desk.pieces import PairPiece, Piece, RowPiece

_LABELS = {
    "id_number": "ID number",
    "surname": "surname",
    "first_names": "first names",
    "born": "born",
    "gender": "gender",
    "branch": "branch",
    "cell": "cell",
    "email": "e-mail",
    "joined_on": "joined",
    "old_reference": "old reference",
    "last_payment_on": "last payment on",
    "last_payment_cents": "last payment",
    "register_status": "status",
    "origin": "from a",
}


def title(piece: Piece) -> str:
    """Where the piece is from."""
    if isinstance(piece, PairPiece):
        return f"May be one person ({piece.score:.0%})"
    file, sheet = piece.waiting.source.place
    return " ".join(part for part in (file, sheet, f"row {piece.waiting.row}") if part)


def wrong(piece: Piece) -> RenderableType:
    """What keeps the row out, who else claims its number, and what is odd besides; of a pair, the evidence."""
    text = Text()
    if isinstance(piece, PairPiece):
        for words in piece.evidence:
            text.append(f"· {words}\n")
    else:
        for problem, words in piece.reasons:
            text.append(f"✗ {problem.replace('_', ' ')}", style="bold red")
            text.append(f"  {words}\n")
        for words in piece.others:
            text.append(f"  also: {words}\n", style="yellow")
        if piece.notes:
            text.append(f"noted: {', '.join(note.replace('_', ' ') for note in piece.notes)}\n", style="dim")
    text.rstrip()
    return text


def fields(piece: Piece) -> RenderableType:
    """Field by field: as written and as read, or the one record beside the other."""
    return _records(piece) if isinstance(piece, PairPiece) else _cells(piece)


def offers(piece: Piece) -> RenderableType:
    """The proposals with their numbers, or what the keys would do to a pair."""
    if isinstance(piece, PairPiece):
        kept, gone = piece.kept_first
        return Text.assemble(
            ("a ", "bold green"),
            f"one person: keep {kept['id_number']}, and let {gone['id_number']} go into it\n",
            ("d ", "bold green"),
            "two people: not offered again",
        )
    if not piece.offers:
        return Text("Nothing to propose: e edits the cells.", style="dim")
    blocks: list[RenderableType] = []
    for place, offer in enumerate(piece.offers, 1):
        line = Text.assemble((f"{place} ", "bold green"), (offer.what, "bold"), (f"  {offer.percent}", "cyan"))
        blocks += [line, Padding(Text("\n".join(f"· {words}" for words in offer.evidence), style="dim"), (0, 0, 0, 2))]
    return Group(*blocks)


def _cells(piece: RowPiece) -> Table:
    table = _table("", "as written", "as read")
    suspects = _suspects(piece)
    for cell in piece.cells:
        if not cell.written and cell.column not in suspects:
            continue
        bad = cell.column in suspects
        table.add_row(
            Text(cell.heading, style="dim"),
            Text(cell.written or "(blank)", style="bold red" if bad else ""),
            Text(cell.read or ("?" if bad else "" if not cell.field else "–"), style="red" if bad else "green"),
        )
    return table


def _suspects(piece: RowPiece) -> set[int]:
    """The columns the problems are about."""
    about = {"surname_missing": ("surname", "full_name"), "branch_missing": _PLACE, "branch_unknown": _PLACE}
    places = piece.waiting.source.fields
    names = (name for problem, _ in piece.reasons for name in about.get(problem, ("id_number",)))
    return {places[name] for name in names if name in places}


_PLACE = ("branch", "branch_name", "ward")


def _records(piece: PairPiece) -> Table:
    table = _table("", "one", "the other")
    for name, label in _LABELS.items():
        pair = [piece.one.get(name), piece.other.get(name)]
        if any(pair):
            shown = [_shown(name, value) for value in pair]
            style = "green" if shown[0] == shown[1] else "yellow"
            table.add_row(Text(label, style="dim"), *(Text(value, style=style) for value in shown))
    return table


def _shown(name: str, value: object) -> str:
    if value is None:
        return "–"
    return rands(int(str(value))) if name.endswith("cents") else str(value)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, expand=True, header_style="bold")
    for heading, ratio in zip(headings, (3, 5, 4), strict=True):
        table.add_column(heading, ratio=ratio, overflow="fold")
    return table
