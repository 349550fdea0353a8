"""What every desk's screen has: head, what it is about, two boxes side by side, what was said last, and the keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from rich.console import RenderableType
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from ancadmin.cli.desk.screens import Ask, Help
from ancadmin.errors import AncadminError
from ancadmin.services.desk.work import AtDesk, Made, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Drawn:
    """A piece as it is shown: where it is from, what is wrong or asked, what is known, what is proposed, the keys."""

    title: str
    wrong: RenderableType
    fields: RenderableType
    offers: RenderableType
    foot: str


class DeskScreen(App[None], Generic[Piece]):
    """The screen; what is decided, and whether it may be, is the desk's."""

    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - the base class says which kind it is
    KEYS: "ClassVar[Sequence[tuple[str, str]]]" = ()
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept_first"),
        *(Binding(str(place), f"accept({place - 1})") for place in range(1, 10)),
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

    def __init__(self, desk: AtDesk[Piece]) -> None:
        super().__init__()
        self.desk = desk
        self.piece: Piece | None = None

    def drawn(self, piece: Piece) -> Drawn:
        """How a piece is shown."""
        raise NotImplementedError

    def left(self) -> str:
        """What is left to do, in words."""
        raise NotImplementedError

    def accepted(self, piece: Piece, place: int) -> None:
        """What `a` (place 0) and the numbers do to a piece."""
        raise NotImplementedError

    def marked(self, piece: Piece, why: str) -> Made:
        """What `m` does to a piece."""
        raise NotImplementedError

    def dismissed(self, piece: Piece) -> None:
        """What `d` does to a piece."""
        raise NotImplementedError

    def words_of(self, decided: Any) -> str:
        """What became of a piece, in words."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Head, what is wrong, what is known beside what is proposed, what was said last, keys."""
        yield Static(id="head", markup=False)
        yield Static(id="wrong")
        with Container(id="body"):
            with VerticalScroll(id="fields-box", can_focus=False):
                yield Static(id="fields")
            with VerticalScroll(id="offers-box", can_focus=False):
                yield Static(id="offers")
        yield Static(id="said", markup=False)
        yield Static(id="foot", markup=False)

    def on_mount(self) -> None:
        """Starts where work remains."""
        self.forward("")

    def forward(self, said: str) -> None:
        """Shows the next piece."""
        self.piece = self.desk.next()
        drawn = self.drawn(self.piece) if self.piece is not None else self._nothing_left()
        rehearsed = " · rehearsal: nothing is written" if self.desk.session.dry_run else ""
        self._show("head", f"{drawn.title} · {self.left()} · {self.desk.decided} decided{rehearsed}")
        for name in ("wrong", "fields", "offers", "foot"):
            self._show(name, getattr(drawn, name))
        self.say(said)
        for box in ("#fields-box", "#offers-box"):
            self.query_one(box).scroll_home(animate=False)

    def _nothing_left(self) -> Drawn:
        return Drawn("Nothing is left to decide", "What was skipped comes again next time.", "", "", self.foot())

    def foot(self) -> str:
        """The keys, in a line."""
        raise NotImplementedError

    def action_accept_first(self) -> None:
        """Takes the first proposal."""
        self.action_accept(0)

    def action_accept(self, place: int) -> None:
        """Takes a proposal."""
        if self.piece is not None:
            self.accepted(self.piece, place)

    def action_skip(self) -> None:
        """On to the next one."""
        if self.piece is not None:
            self.desk.skip(self.piece)
            self.forward("skipped")

    def action_mark(self) -> None:
        """Leaves the piece waiting, with a word why."""
        piece = self.piece
        if piece is not None:
            self.ask("Left waiting. Why?", lambda why: self.marked(piece, why))

    def action_dismiss_piece(self) -> None:
        """Puts the piece away."""
        if self.piece is not None:
            self.dismissed(self.piece)

    def action_undo(self) -> None:
        """Takes the last decision back."""
        try:
            undone = self.desk.undo()
        except AncadminError as error:
            self.say(str(error), failed=True)
            return
        kept = f", {len(undone.kept)} kept: ancadmin batch show {undone.batch}" if undone.kept else ""
        self.forward(f"batch {undone.undoes} undone{kept}")

    def action_help(self) -> None:
        """What the keys do."""
        self.push_screen(Help(self.KEYS))

    def ask(self, question: str, decide: Callable[[str], Made]) -> None:
        """Asks for a word why, and then decides."""
        self.push_screen(Ask(question), lambda why: self.decide(lambda: decide(why)) if why is not None else None)

    def decide(self, decide: Callable[[], Made], then: Callable[[AncadminError], None] | None = None) -> None:
        """Makes a decision; refused, the piece stays, unless it is gone. `then`: what to do about what was refused."""
        piece = self.piece
        try:
            decided = decide()
        except AncadminError as error:
            if piece is not None and self.desk.gone(piece):
                self.forward(str(error))
            else:
                self.say(f"{error}. {error.remedy}", failed=True)
                if then is not None:
                    then(error)
            return
        self.forward(f"{self.words_of(decided)} · batch {decided.batch} · u undoes it")

    def _show(self, name: str, content: RenderableType) -> None:
        self.query_one(f"#{name}", Static).update(content)

    def say(self, words: str, *, failed: bool = False) -> None:
        """One line on what happened."""
        said = self.query_one("#said", Static)
        said.styles.color = "red" if failed else "green"
        said.update(words)
