"""The desk for suggestions: a deposit at a time, with those it may be meant for."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ancadmin.cli.desk.base import DeskScreen, Drawn
from ancadmin.domain.money import rands
from ancadmin.services.deposits.review.deciding import Decided
from ancadmin.services.deposits.review.pieces import Candidate, SuggestedPiece, in_question
from ancadmin.services.deposits.review.waiting import ReviewDesk

_FOOT = "a accept  1-9 choose  s skip  m mark  d refuse  u undo  ? help  q quit"


class ReviewApp(DeskScreen[SuggestedPiece]):
    """Deposits with suggestions."""

    TITLE = "ancadmin deposits review"
    KEYS = (
        ("a", "accept the first candidate; of a tie choose one by number"),
        ("1-9", "accept that candidate"),
        ("s", "skip: it comes again another time"),
        ("m", "mark with a word why: it waits, but is not offered"),
        ("d", "refuse with a word why: none of them is meant"),
        ("u", "undo your last decision"),
        ("q", "quit: everything decided is kept"),
    )
    CSS = (
        DeskScreen.CSS
        + """
    #fields-box { height: auto; }
    #offers-box { height: 1fr; max-height: 100%; }
    .-wide #fields-box { width: 2fr; height: 1fr; }
    .-wide #offers-box { width: 3fr; }
    """
    )
    desk: ReviewDesk

    def drawn(self, piece: SuggestedPiece) -> Drawn:
        """The narrative over what is known of the deposit, beside the candidates."""
        return Drawn(f"Deposit {piece.id}", _narrative(piece), _facts(piece), _offers(piece), _FOOT)

    def foot(self) -> str:
        """The keys."""
        return _FOOT

    def left(self) -> str:
        """Deposits, and what is only marked."""
        left = self.desk.left()
        marked = f", {left.marked} marked" if left.marked else ""
        return f"{left.deposits} left{marked}"

    def accepted(self, piece: SuggestedPiece, place: int) -> None:
        """Takes a candidate."""
        self.decide(lambda: self.desk.accept(piece, place))

    def action_accept_first(self) -> None:
        """Takes the first candidate; where others are as likely there is none."""
        if self.piece is not None and self.piece.tie:
            self.say("Several are as likely: choose one by its number.", failed=True)
        else:
            super().action_accept_first()

    def marked(self, piece: SuggestedPiece, why: str) -> Decided:
        """Leaves it waiting."""
        return self.desk.mark(piece, why)

    def dismissed(self, piece: SuggestedPiece) -> None:
        """None of the candidates is meant."""
        self.ask("None of them is meant. How is that known?", lambda why: self.desk.refuse(piece, why))

    def words_of(self, decided: Decided) -> str:
        """What was decided, and what it taught."""
        taught = " · learnt for the next time" if decided.learnt else ""
        return f"{decided.verdict} {rands(decided.cents)}{taught}" if decided.cents else decided.verdict


def _narrative(piece: SuggestedPiece) -> RenderableType:
    """As the bank wrote it, the digits in question marked."""
    text = Text(piece.narrative, overflow="fold")
    text.stylize("bold")
    for place in in_question(piece):
        text.stylize("white on red", place, place + 1)
    if piece.tie:
        text.append("\nseveral are as likely: choose one by its number", style="yellow")
    return text


def _facts(piece: SuggestedPiece) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    rows = [("amount", rands(piece.cents)), ("value date", piece.value_date), ("account", piece.account)]
    if piece.flags:
        rows.append(("flags", " ".join(piece.flags)))
    for label, words in rows:
        table.add_row(Text(label, style="dim"), Text(words, overflow="fold"))
    return table


def _offers(piece: SuggestedPiece) -> RenderableType:
    return Group(*(part for place, one in enumerate(piece.candidates, 1) for part in _candidate(place, one)))


def _candidate(place: int, one: Candidate) -> list[RenderableType]:
    """Score and who it is; then branch, standing and dues; then what speaks for them."""
    name = f"{one.first_names} {one.surname}".strip()
    line = Text.assemble((f"{place} ", "bold green"), (f"{one.score} % ", "cyan"), (f"{name} ", "bold"), one.id_number)
    owed = f", owes {rands(one.arrears_cents)}" if one.arrears_cents else ", owes nothing"
    standing = (one.status or "not listed yet").replace("_", " ")
    about = [f"{one.branch} {one.branch_name} · {standing}{owed}", *(f"· {words}" for words in one.evidence)]
    return [line, Padding(Text("\n".join(about), style="dim"), (0, 0, 0, 2))]
