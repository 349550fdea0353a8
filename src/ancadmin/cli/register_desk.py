"""`ancadmin register desk`: rows held back and likely duplicates, decided one by one on the whole screen."""

import sys
from typing import Annotated

import typer

from ancadmin.cli.numbers import number_option
from ancadmin.cli.output import DryRunOption
from ancadmin.cli.state import state_of
from ancadmin.errors import UsageError


def add_to(app: typer.Typer) -> None:
    """Puts the verb beside the others of `ancadmin register`."""
    app.command("desk")(desk)


def desk(
    ctx: typer.Context,
    batch: Annotated[int | None, number_option("--batch", "Only what this import held back")] = None,
    problem: Annotated[
        str | None, typer.Option("--problem", metavar="CODE", help="Only rows with this problem, such as checksum")
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="CODE", help="Rows taken with this note, such as gender_conflict")
    ] = None,
    dry_run: DryRunOption = False,
) -> None:
    """Decide about what waits, one piece at a time: rows held back, then pairs that may be one person.

    Example: ancadmin register desk --problem checksum

    Each row as written beside as read, what is wrong, and proposed repairs with their evidence. Every decision is a
    batch of its own, kept the moment it is made and taken back with `u` or `ancadmin batch undo`; several officers can
    work at once and never get the same row. Needs a terminal; without one, use `ancadmin register quarantine export`.
    """
    state = state_of(ctx)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the desk needs a terminal", "Without one: ancadmin register quarantine export held-back.xlsx")
    session = state.session(dry_run=dry_run)
    from ancadmin.cli.desk.app import DeskApp
    from ancadmin.services.register.codes import NOTES, PROBLEMS
    from ancadmin.services.register.desk.work import Desk

    if problem is not None and problem not in PROBLEMS:
        raise UsageError(f"{problem} is no problem of a row", f"Choose: {', '.join(PROBLEMS)}.")
    if note is not None and (note not in NOTES or problem is not None):
        raise UsageError(f"{note} is no note of a row, or goes with no --problem", f"Choose: {', '.join(NOTES)}.")
    work = Desk(session, batch, problem, note)
    try:
        DeskApp(work).run()
    finally:
        work.close()
    left = work.left()
    following = "ancadmin register desk" if left.rows or left.pairs else "ancadmin sweep"
    state.conclude(f"{work.decided} decided, {left.rows + left.pairs} left", following, dry_run=dry_run)
