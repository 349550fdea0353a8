"""Which kinds of work wait for approval, who approves each, and how it is done once it is approved.

A kind is the command that asked. Its work is done in the batch of the approval, as the one who approves: what that
person may not decide about is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ancadmin.db.batches import Batch
from ancadmin.domain.authorisation import Act, Matter, matter_named
from ancadmin.services.approvals.captured import approved as as_captured
from ancadmin.services.approvals.requests import Request
from ancadmin.services.deposits.asked import approved
from ancadmin.services.deposits.officer import do_refund, do_reverse
from ancadmin.services.deposits.suspense.moving import do_move
from ancadmin.services.member.apply import do_apply
from ancadmin.services.member.contact import do_contact
from ancadmin.services.member.decide import COMMANDS, do_decide
from ancadmin.services.member.moving.transfer import do_transfer
from ancadmin.services.member.numbers.release import do_release
from ancadmin.services.member.numbers.renumber import do_renumber
from ancadmin.services.operator.add import ADD, GRANT, do_add, do_grant
from ancadmin.services.operator.revoke import REVOKE, do_revoke
from ancadmin.services.session import Session


@dataclass(frozen=True)
class Work:
    """Who approves it by the matrix (`act` None: whoever gives the role it is about), and how it is done."""

    act: Act | None
    do: Callable[[Session, Batch, Request], Mapping[str, Any]]


KINDS: dict[str, Work] = {
    "deposits refund": Work(Act.MONEY, approved(do_refund)),
    "deposits reverse": Work(Act.MONEY, approved(do_reverse)),
    "deposits move": Work(Act.MONEY, approved(do_move)),
    "member apply": Work(Act.APPLICATION, as_captured(do_apply)),
    "member contact": Work(Act.CONTACT, as_captured(do_contact)),
    "member release": Work(Act.ID_NUMBER, as_captured(do_release)),
    "member renumber": Work(Act.ID_NUMBER, as_captured(do_renumber)),
    "member transfer": Work(Act.TRANSFER, as_captured(do_transfer)),
    **{command: Work(act, as_captured(do_decide)) for command, act in COMMANDS.items()},
    ADD: Work(None, as_captured(do_add)),
    GRANT: Work(None, as_captured(do_grant)),
    REVOKE: Work(None, as_captured(do_revoke)),
}


def matter_of(kind: str, content: Mapping[str, Any]) -> Matter:
    """What a request of a kind needs authority over."""
    return KINDS[kind].act or matter_named(content["act"])
