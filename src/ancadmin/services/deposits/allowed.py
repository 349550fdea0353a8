"""Who may work on deposits (docs/rules.md, section 7)."""

from ancadmin.domain.roles import DECIDES
from ancadmin.errors import NotAllowed
from ancadmin.services.session import Session


def require_officer(session: Session, what: str) -> None:
    """Raises NotAllowed for those who do not decide about members: money decides about their standing."""
    if not any(role in DECIDES for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not {what}", "Ask a membership officer to do it.")
