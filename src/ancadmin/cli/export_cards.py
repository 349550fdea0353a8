"""`ancadmin export card`."""

from pathlib import Path
from typing import Annotated

import typer

from ancadmin.cli.export_options import AllOption, OnOption, ProvinceOption, RegionOption
from ancadmin.cli.handing import ForOption, PasswordFileOption, handing
from ancadmin.cli.output import Column, Format, FormatOption, JsonOption, chosen, show_result, show_rows
from ancadmin.cli.state import state_of
from ancadmin.domain.papers import Form
from ancadmin.errors import UsageError


def add_to(app: typer.Typer) -> None:
    """Adds the command to the group."""
    app.command("card")(card)


def card(
    ctx: typer.Context,
    id_number: Annotated[
        str | None, typer.Argument(metavar="ID", help="The member's ID number, as it is written; else a place")
    ] = None,
    branch: Annotated[str | None, typer.Option("--branch", metavar="CODE", help="A branch's cards, one file")] = None,
    region: RegionOption = None,
    province: ProvinceOption = None,
    everything: AllOption = False,
    on: OnOption = None,
    full_ids: Annotated[
        bool, typer.Option("--full-ids", help="The ID number in full on the card; else masked")
    ] = False,
    as_: Annotated[Form | None, typer.Option("--as", help="PDF: cards are printed")] = None,
    target: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The card's file; with many branches, their folder"),
    ] = None,
    for_: ForOption = None,
    password_file: PasswordFileOption = None,
    form: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Membership cards: provisional in probation, full in good standing, nobody else has one.

    Example: ancadmin export card --branch EKU001 -o cards.pdf

    One member's card is a page of its size; a branch's stand ten to an A4 page, with marks to cut along. The ID number
    is masked, so that a card that is lost gives none away. The QR code says whose card of which day it is, and can be
    checked later (see `export verify`). A run over many branches that was stopped is run again.
    """
    places = (branch is not None, region is not None, province is not None, everything)
    if (id_number is not None) == any(places):
        raise UsageError(
            "whose cards is not clear", "Give an ID number, or --branch CODE, --region CODE, --province CODE or --all."
        )
    state, output = state_of(ctx), chosen(form, as_json, None)
    session = state.session()
    day, handover = on or session.today, handing(for_, password_file)
    if id_number is not None:
        from ancadmin.services.export.cards.one import export_card

        told = export_card(session, id_number, day, as_, target, handover, full_ids=full_ids)
        show_result(output, told)
        state.say(f"{told['kind']} card, valid until {told['valid_until']} → {told['file']}")
        return
    from ancadmin.services.export.cards.many import export_cards
    from ancadmin.services.export.scope import Scope

    scope = Scope(branch, region, province, everything)
    done = export_cards(session, scope, day, as_, target, handover, full_ids=full_ids)
    shown = done.as_dict()
    if done.manifest is None or output.format is not Format.TABLE:
        show_result(output, shown)
    else:
        columns = [Column(name, name) for name in ("branch", "cards", "full", "provisional", "file")]
        show_rows(output, columns, shown["papers"])
    cards = "1 card" if done.cards == 1 else f"{done.cards} cards"
    of = "1 branch" if len(done.files) == 1 else f"{len(done.files)} branches"
    state.say(f"{cards} of {of} → {done.manifest or done.files[0].file}")
