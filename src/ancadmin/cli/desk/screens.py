"""What the desk asks for over the piece at hand: changed cells, a word why; and what its keys do."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from ancadmin.services.register.desk.pieces import Cell


class Ask(ModalScreen[str | None]):
    """One line of text, or None where it was left with Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "leave")]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and where the answer goes."""
        with Vertical(classes="dialog"):
            yield Label(self._question)
            yield Input(id="why")
            yield Label("Enter: done   Escape: back", classes="hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: done."""
        self.dismiss(event.value)


class Edit(ModalScreen[dict[int, str] | None]):
    """The cells of a row to change, what is proposed filled in; gives those that differ from what is written, by
    column, or None where it was left with Escape.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "leave"), ("ctrl+s", "take", "take")]

    def __init__(self, cells: Sequence[Cell], proposed: Mapping[int, str]) -> None:
        super().__init__()
        self._cells = cells
        self._proposed = proposed

    def compose(self) -> ComposeResult:
        """A line for each cell."""
        with Vertical(classes="dialog tall"):
            yield Label("Change what is wrong. Enter: take the row   Tab: next cell   Escape: back", classes="hint")
            with VerticalScroll(can_focus=False):
                for cell in self._cells:
                    yield Label(cell.heading)
                    yield Input(self._proposed.get(cell.column, cell.written), id=f"cell{cell.column}", compact=True)

    def on_input_submitted(self) -> None:
        """Enter in any cell takes the row."""
        self.action_take()

    def action_take(self) -> None:
        """The cells that are not as they were."""
        now = {cell.column: self.query_one(f"#cell{cell.column}", Input).value for cell in self._cells}
        self.dismiss({cell.column: now[cell.column] for cell in self._cells if now[cell.column] != cell.written})


class Help(ModalScreen[None]):
    """What the keys do."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,question_mark,q,enter", "dismiss(None)", "back")]

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._explained = keys

    def compose(self) -> ComposeResult:
        """The keys, a line each."""
        with Vertical(classes="dialog"):
            yield Static("\n".join(f"{key:>4}  {words}" for key, words in self._explained), markup=False)
            yield Label("Escape: back", classes="hint")
