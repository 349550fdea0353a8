"""What somebody shows: a file, the code of a register, or the code of a membership card."""

from pathlib import Path

from ancadmin.services.export.cards.verify import VerifiedCard, is_card_code
from ancadmin.services.export.cards.verify import verify_code as verify_card
from ancadmin.services.export.registers.codes import read_code, verify_code
from ancadmin.services.export.registers.verdict import Verified
from ancadmin.services.export.registers.verify import verify as verify_file
from ancadmin.services.session import Session


def verify(session: Session, shown: str, password: str | None = None) -> Verified | VerifiedCard:
    """The verdict on a file of that name, where there is one; else on the code that was typed or scanned. Raises what
    these raise.
    """
    path = Path(shown)
    if _there(path):
        return verify_file(session, path, password)
    if is_card_code(shown):
        return verify_card(session, shown)
    if read_code(shown) is not None:
        return verify_code(session, shown)
    return verify_file(session, path, password)


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
