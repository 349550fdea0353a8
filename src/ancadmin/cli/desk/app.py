"""The cleanup desk: one piece of work at a time on the whole screen, each decision kept the moment it is made."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from ancadmin.cli.desk import drawing
from ancadmin.cli.desk.screens import Ask, Edit, Help
from ancadmin.errors import AncadminError
from ancadmin.services.register.desk.deciding import Decided, StillHeld
from ancadmin.services.register.desk.pieces import PairPiece, Piece, RowPiece
from ancadmin.services.register.desk.verdicts import QUARANTINE
from ancadmin.services.register.desk.work import Desk

_FOOT = "a accept  1-9 choose  e edit  s skip  m mark  d dismiss  u undo  ? help  q quit"
_FOOT_PAIR = "a one person  d two people  s skip  m mark  u undo  ? help  q quit"


class DeskApp(App[None]):
    """The screen; what is decided, and whether it may be, is the desk's."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "ancadmin register desk"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - the base class says which kind it is
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept(0)"),
        *(Binding(str(place), f"accept({place - 1})") for place in range(1, 10)),
        Binding("e", "edit"),
        Binding("s", "skip"),
        Binding("m", "mark"),
        Binding("d", "dismiss_piece"),
        Binding("u", "undo"),
        Binding("q", "quit"),
        Binding("question_mark", "help"),
    ]
    CSS = """
    #head { height: 1; background: $primary; color: $text; text-style: bold; padding: 0 1; }
    #wrong { height: auto; max-height: 6; padding: 0 1; }
    #body { height: 1fr; layout: vertical; }
    #fields-box { height: 1fr; padding: 0 1; border-top: solid $primary-darken-2; }
    #offers-box { height: auto; max-height: 45%; padding: 0 1; border-top: solid $primary-darken-2; }
    #said { height: auto; max-height: 2; padding: 0 1; }
    #foot { height: 1; background: $panel; color: $text-muted; padding: 0 1; }
    .-wide #body { layout: horizontal; }
    .-wide #fields-box { width: 3fr; height: 1fr; }
    .-wide #offers-box { width: 2fr; height: 1fr; max-height: 100%; border-left: solid $primary-darken-2; }
    Ask, Edit, Help { align: center middle; }
    .dialog { width: 90%; max-width: 90; height: auto; max-height: 95%; padding: 1 2; background: $panel; }
    .tall { height: 95%; }
    .hint { color: $text-muted; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.piece: Piece | None = None

    def compose(self) -> ComposeResult:
        """Head, what is wrong, fields beside proposals, what was said last, keys."""
        yield Static(id="head", markup=False)
        yield Static(id="wrong")
        with Container(id="body"):
            with VerticalScroll(id="fields-box", can_focus=False):
                yield Static(id="fields")
            with VerticalScroll(id="offers-box", can_focus=False):
                yield Static(id="offers")
        yield Static(id="said", markup=False)
        yield Static(_FOOT, id="foot", markup=False)

    def on_mount(self) -> None:
        """Starts where work remains."""
        self.forward("")

    def forward(self, said: str) -> None:
        """Shows the next piece."""
        self.piece = self.desk.next()
        left = self.desk.left()
        pairs = f", {left.pairs} pairs" if left.pairs else ""
        marked = f", {left.marked} marked" if left.marked else ""
        rehearsed = " · rehearsal: nothing is written" if self.desk.session.dry_run else ""
        counted = f"{left.rows} rows{pairs} left{marked} · {self.desk.decided} decided{rehearsed}"
        where = drawing.title(self.piece) if self.piece else "Nothing is left to decide"
        self._show("head", f"{where} · {counted}")
        self._show("wrong", drawing.wrong(self.piece) if self.piece else "What was skipped comes again next time.")
        self._show("fields", drawing.fields(self.piece) if self.piece else "")
        self._show("offers", drawing.offers(self.piece) if self.piece else "")
        self._show("foot", _FOOT_PAIR if isinstance(self.piece, PairPiece) else _FOOT)
        self._say(said)
        for box in ("#fields-box", "#offers-box"):
            self.query_one(box).scroll_home(animate=False)

    def action_accept(self, place: int) -> None:
        """Takes a proposal; of a pair `a` says that they are one person, and asks why."""
        piece = self.piece
        if isinstance(piece, PairPiece):
            if place == 0:
                self._ask("One person. How is that known?", lambda why: self.desk.same(piece, why))
        elif piece is not None:
            self._decide(lambda: self.desk.accept(piece, place), then=lambda: self._edit(piece, place))

    def action_edit(self) -> None:
        """Asks for the cells of a row."""
        if isinstance(self.piece, RowPiece):
            self._edit(self.piece)

    def action_skip(self) -> None:
        """On to the next one."""
        if self.piece is not None:
            self.desk.skip(self.piece)
            self.forward("skipped")

    def action_mark(self) -> None:
        """Leaves the piece waiting, with a word why."""
        piece = self.piece
        if piece is not None:
            self._ask("Left waiting. Why?", lambda why: self.desk.mark(piece, why))

    def action_dismiss_piece(self) -> None:
        """Puts a row away, with a word why; a pair is two people."""
        piece = self.piece
        if isinstance(piece, PairPiece):
            self._decide(lambda: self.desk.dismiss(piece, ""))
        elif piece is not None:
            question = "Put away for good. Why?" if piece.kind == QUARANTINE else "As it should be. How is that known?"
            self._ask(question, lambda why: self.desk.dismiss(piece, why))

    def action_undo(self) -> None:
        """Takes the last decision back."""
        try:
            undone = self.desk.undo()
        except AncadminError as error:
            self._say(str(error), failed=True)
            return
        kept = f", {len(undone.kept)} kept: ancadmin batch show {undone.batch}" if undone.kept else ""
        self.forward(f"batch {undone.undoes} undone{kept}")

    def action_help(self) -> None:
        """What the keys do."""
        self.push_screen(Help())

    def _edit(self, piece: RowPiece, place: int | None = None) -> None:
        """The cells to change; those of a proposal that alone does not do are filled in."""
        proposed = piece.offers[place].changes if place is not None else {}
        self.push_screen(Edit(piece.cells, proposed), lambda changes: self._edited(piece, changes))

    def _edited(self, piece: RowPiece, changes: dict[int, str] | None) -> None:
        if changes is not None:
            self._decide(lambda: self.desk.edit(piece, changes))

    def _ask(self, question: str, decide: Callable[[str], Decided]) -> None:
        self.push_screen(Ask(question), lambda why: self._decide(lambda: decide(why)) if why is not None else None)

    def _decide(self, decide: Callable[[], Decided], then: Callable[[], None] | None = None) -> None:
        """Makes a decision; refused, the piece stays, unless it is gone. `then`: what to do where more is wrong."""
        piece = self.piece
        try:
            decided = decide()
        except StillHeld as error:
            self._say(f"{error}. {error.remedy}", failed=True)
            if then is not None:
                then()
            return
        except AncadminError as error:
            if piece is not None and self.desk.gone(piece):
                self.forward(str(error))
            else:
                self._say(f"{error}. {error.remedy}", failed=True)
            return
        words = decided.outcome or decided.verdict
        self.forward(f"{words} · batch {decided.batch} · u undoes it")

    def _show(self, name: str, content: object) -> None:
        self.query_one(f"#{name}", Static).update(content)  # type: ignore[arg-type]

    def _say(self, words: str, *, failed: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.styles.color = "red" if failed else "green"
        said.update(words)
