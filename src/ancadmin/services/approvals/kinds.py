"""Which kinds of work wait for approval, and how each is done once it is approved.

A kind is the command that asked. Its work is done in the batch of the approval, as the one who approves: what that
person may not decide about is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ancadmin.db.batches import Batch
from ancadmin.services.approvals.requests import Request
from ancadmin.services.deposits.asked import approved
from ancadmin.services.deposits.officer import do_refund, do_reverse
from ancadmin.services.deposits.suspense.moving import do_move
from ancadmin.services.session import Session

KINDS: dict[str, Callable[[Session, Batch, Request], Mapping[str, Any]]] = {
    "deposits refund": approved(do_refund),
    "deposits reverse": approved(do_reverse),
    "deposits move": approved(do_move),
}
