"""The card of one member, a page of its own size (docs/rules.md, section 6). Reading only."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ancadmin.domain.cards import Card, card_of, why_none
from ancadmin.domain.papers import Form
from ancadmin.domain.policy import Policy
from ancadmin.domain.standing import Status
from ancadmin.errors import InputRefused, UsageError
from ancadmin.services.export.cards.contents import holder
from ancadmin.services.export.folder import form_of
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.scope import place_of
from ancadmin.services.member.within import seen_member
from ancadmin.services.session import Session


def export_card(
    session: Session,
    text: str,
    day: date,
    form: Form | None = None,
    target: Path | None = None,
    handover: Handover = PLAIN,
    *,
    full_ids: bool,
) -> dict[str, Any]:
    """Writes the card of the member whose ID number was typed, as at the end of `day`, to the file `target` (else one
    named after the member's row, here). Raises UsageError, NotAllowed, InputRefused for nobody's number, for somebody
    who has no card on the day, and for a file that cannot be written.
    """
    from ancadmin.writers.pdf.cards import card_rendered

    refuse_no_card(session, day, form_of(form, target, one_file=True))
    row = seen_member(session, text, day)
    path = target or Path(f"membership-card-{row['id']}-{day}.pdf")
    detail = {"member": row["id"], "on": day.isoformat(), "full_ids": full_ids, "to": str(path)}
    with session.reading("export card", **detail, **handover.detail) as connection:
        card = _card(connection, session.policy, row["id"], day, full_ids=full_ids)
    said = {"member": row["id"], "place": card.place.code, "members": 1}
    hash_of_file = handover.hand_out(session, "export card", path, card_rendered(card), Form.PDF, **said)
    return {
        "on": day.isoformat(),
        "kind": card.kind.value,
        "valid_until": card.valid_until,
        "code": card.code,
        "content_hash": card.content_hash(),
        "file_hash": hash_of_file,
        "file": str(path),
    }


def _card(connection: Connection, policy: Policy, number: int, day: date, *, full_ids: bool) -> Card:
    found = holder(connection, policy, number, day)
    if found is None:
        raise InputRefused(
            "nobody is listed before the day of joining or applying", "Give a later day.", value=day.isoformat()
        )
    card = card_of(found, place_of(connection, found.branch), day, full_ids=full_ids)
    if card is None:
        raise InputRefused(*why_none(Status(found.status)), value=day.isoformat())
    return card


def refuse_no_card(session: Session, day: date, form: Form) -> None:
    """Raises UsageError for what is asked of cards and cannot be: a workbook, or one of a day to come."""
    if form is not Form.PDF:
        raise UsageError(
            "a card is printed: there is no workbook of it",
            "Leave --as out and name the file .pdf; who is in good standing as a workbook: "
            "ancadmin export branch-list --branch CODE --as xlsx",
        )
    if day > session.today:
        raise UsageError(
            f"{day} has not come yet: nobody's standing on it is known", "Make the card on that day or later."
        )
