"""Who may work on deposits: what the authorisation matrix says of money (docs/rules.md, section 7)."""

from collections.abc import Collection

from ancadmin.domain.authorisation import Act
from ancadmin.domain.roles import Role, either
from ancadmin.errors import NotAllowed
from ancadmin.services.session import Session


def require_officer(session: Session, what: str) -> None:
    """Raises NotAllowed for those whose work on money does not hold at once: it decides about members' standing."""
    _require(session, _alone(session), what)


def may_alone(session: Session) -> bool:
    """Whether the caller's work on money holds at once, up to the amount."""
    return any(role in _alone(session) for role, _ in session.roles)


def require_asker(session: Session, what: str) -> None:
    """Raises NotAllowed for those who may not even ask for such work."""
    _require(session, session.policy.authorisation.may_ask(Act.MONEY), what)


def require_approver(session: Session, what: str) -> None:
    """Raises NotAllowed for those who do not approve such work."""
    _require(session, session.policy.authorisation.approve(Act.MONEY, None, session.today), what)


def money_roles(session: Session) -> frozenset[Role]:
    """The roles that have a say in members' money, each within its place."""
    matrix = session.policy.authorisation
    return matrix.may_ask(Act.MONEY) | matrix.approve(Act.MONEY, None, session.today)


def _alone(session: Session) -> frozenset[Role]:
    return session.policy.authorisation.alone(Act.MONEY, None, session.today)


def _require(session: Session, able: Collection[Role], what: str) -> None:
    if not any(role in able for role, _ in session.roles):
        raise NotAllowed(f"{session.account} may not {what}", f"Ask a {either(able)}.")
