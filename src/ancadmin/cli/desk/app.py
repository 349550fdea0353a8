"""The cleanup desk: one piece of work at a time on the whole screen, each decision kept the moment it is made."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from ancadmin.cli.desk import drawing
from ancadmin.cli.desk.base import DeskScreen, Drawn
from ancadmin.cli.desk.screens import Edit
from ancadmin.services.register.desk.deciding import Decided, StillHeld
from ancadmin.services.register.desk.pieces import PairPiece, Piece, RowPiece
from ancadmin.services.register.desk.verdicts import QUARANTINE
from ancadmin.services.register.desk.work import Desk

_FOOT = "a accept  1-9 choose  e edit  s skip  m mark  d dismiss  u undo  ? help  q quit"
_FOOT_PAIR = "a one person  d two people  s skip  m mark  u undo  ? help  q quit"


class DeskApp(DeskScreen[Piece]):
    """Rows held back, and pairs of members."""

    TITLE = "ancadmin register desk"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("e", "edit")]
    KEYS = (
        ("a", "take the first proposal (of a pair: one person)"),
        ("1-9", "take that proposal"),
        ("e", "edit the cells; the row is checked as if it were imported"),
        ("s", "skip: it comes again another time"),
        ("m", "mark with a word why: it waits, but is not offered"),
        ("d", "dismiss with a word why (of a pair: two people)"),
        ("u", "undo your last decision"),
        ("q", "quit: everything decided is kept"),
    )
    desk: Desk

    def drawn(self, piece: Piece) -> Drawn:
        """Rows and pairs, each in their way."""
        parts = (drawing.title(piece), drawing.wrong(piece), drawing.fields(piece), drawing.offers(piece))
        return Drawn(*parts, _FOOT_PAIR if isinstance(piece, PairPiece) else _FOOT)

    def foot(self) -> str:
        """The keys for rows."""
        return _FOOT

    def left(self) -> str:
        """Rows, pairs, and what is only marked."""
        left = self.desk.left()
        pairs = f", {left.pairs} pairs" if left.pairs else ""
        marked = f", {left.marked} marked" if left.marked else ""
        return f"{left.rows} rows{pairs} left{marked}"

    def accepted(self, piece: Piece, place: int) -> None:
        """Takes a proposal; of a pair `a` says that they are one person, and asks why."""
        if isinstance(piece, RowPiece):
            self.decide(
                lambda: self.desk.accept(piece, place),
                # Where the proposal alone does not do, the rest is asked for.
                then=lambda error: self._edit(piece, place) if isinstance(error, StillHeld) else None,
            )
        elif place == 0:
            self.ask("One person. How is that known?", lambda why: self.desk.same(piece, why))

    def marked(self, piece: Piece, why: str) -> Decided:
        """Leaves it waiting."""
        return self.desk.mark(piece, why)

    def dismissed(self, piece: Piece) -> None:
        """Puts a row away, with a word why; a pair is two people."""
        if isinstance(piece, PairPiece):
            self.decide(lambda: self.desk.dismiss(piece, ""))
        else:
            question = "Put away for good. Why?" if piece.kind == QUARANTINE else "As it should be. How is that known?"
            self.ask(question, lambda why: self.desk.dismiss(piece, why))

    def words_of(self, decided: Decided) -> str:
        """The outcome, or what was decided."""
        return decided.outcome or decided.verdict

    def action_edit(self) -> None:
        """Asks for the cells of a row."""
        if isinstance(self.piece, RowPiece):
            self._edit(self.piece)

    def _edit(self, piece: RowPiece, place: int | None = None) -> None:
        """The cells to change; those of a proposal that alone does not do are filled in."""
        proposed = piece.offers[place].changes if place is not None else {}
        self.push_screen(Edit(piece.cells, proposed), lambda changes: self._edited(piece, changes))

    def _edited(self, piece: RowPiece, changes: dict[int, str] | None) -> None:
        if changes is not None:
            self.decide(lambda: self.desk.edit(piece, changes))
