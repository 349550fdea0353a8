"""One command's session: the open store, who is asking, the policy, the clock; the ways to read and to write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from ancadmin.db.access import record_access
from ancadmin.db.batches import Batch, moment, open_batch
from ancadmin.db.identity import calling_account
from ancadmin.db.schema import operator, operator_role, setting
from ancadmin.db.store import Store, open_store
from ancadmin.domain.looking import LOOKS
from ancadmin.domain.policy import Policy
from ancadmin.domain.roles import NATIONAL, Role, either
from ancadmin.errors import NotAllowed
from ancadmin.policy import load_policy, policy_text
from ancadmin.services.config.in_force import refuse_other
from ancadmin.services.progress import Progress, Silent
from ancadmin.settings import Settings

# What a national officer does whichever authorisation is in force: bringing one in, and going back to another.
_WHATEVER_IS_IN_FORCE = frozenset({"config policy adopt", "db upgrade", "batch undo"})
ZONE = ZoneInfo("Africa/Johannesburg")


def utc_now() -> datetime:
    """The clock, read once here and passed on."""
    return datetime.now(UTC)


def today_in_johannesburg() -> date:
    """The day it is now where the organisation is."""
    return utc_now().astimezone(ZONE).date()


@dataclass(frozen=True)
class Session:
    """What every service is given first. `today` is the day in Johannesburg."""

    store: Store
    account: str
    roles: tuple[tuple[Role, str], ...]
    sole_operator: bool
    policy: Policy
    policy_source: str
    today: date
    policy_file: str = "policy.toml as shipped"
    dry_run: bool = False
    clock: Callable[[], datetime] = utc_now
    progress: Progress = Silent()  # noqa: RUF009 - it has no state

    @contextmanager
    def batch(self, command: str, *, undoes: int | None = None, filling: bool = False) -> Iterator[Batch]:
        """Opens a batch; `filling` as for `Store.write`. Raises NotAllowed to those who only read, and under a
        policy by which others decide than by the authorisation in force; StoreBusy when someone else writes.
        """
        if not any(role.writes for role, _ in self.roles):
            raise NotAllowed(f"{self.account} may look, not change", "Ask a membership officer to do it.")
        with open_batch(
            self.store,
            command,
            operator=self.account,
            clock=self.clock,
            today=self.today,
            policy=self.policy,
            policy_source=self.policy_source,
            dry_run=self.dry_run,
            undoes=undoes,
            filling=filling,
        ) as batch:
            if command not in _WHATEVER_IS_IN_FORCE or not self._is_national_officer:
                refuse_other(batch.connection, self.policy, self.policy_file)
            yield batch

    @contextmanager
    def reading(self, action: str, **detail: Any) -> Iterator[Connection]:
        """A connection for reading, once the access is on record. Detail names members by row id, not ID number.
        Raises NotAllowed to those whose roles do not look at this at all; how far others see is for the query to say.
        """
        self._refuse_looking(action)
        record_access(self.store, at=moment(self.clock()), operator=self.account, action=action, detail=detail)
        with self.store.connect() as connection:
            yield connection

    @property
    def _is_national_officer(self) -> bool:
        return any(role is Role.NATIONAL_OFFICER for role, _ in self.roles)

    def _refuse_looking(self, action: str) -> None:
        look = LOOKS.get(action)
        if look is None:
            return
        if any(role in look.roles and (place == NATIONAL or not look.nationally) for role, place in self.roles):
            return
        whole = " of the whole organisation" if look.nationally else ""
        raise NotAllowed(f"{self.account} may not see {look.what}", f"Ask a {either(look.roles)}{whole}.")


def open_session(settings: Settings, *, dry_run: bool = False, progress: Progress | None = None) -> Session:
    """Opens the store as the calling account. Raises StoreError, ConfigurationError, NotAllowed (unknown account)."""
    store = open_store(settings.db)
    account = calling_account(store)
    policy = load_policy(settings.policy)
    today = today_in_johannesburg()
    with store.connect() as connection:
        roles = roles_of(connection, account, today)
        sole = connection.scalar(select(setting.c.value).where(setting.c.key == "sole_operator"))
    if not roles:
        raise NotAllowed(
            f"{account} is not an operator of {store.name}",
            f"Someone who is can add you: ancadmin operator add {account}",
        )
    return Session(
        store=store,
        account=account,
        roles=roles,
        # Whoever writes may write settings, but only who gives roles may write these: a claim alone is not enough.
        sole_operator=sole == account and any(role is Role.NATIONAL_OFFICER for role, _ in roles),
        policy=policy,
        policy_source=policy_text(settings.policy),
        today=today,
        policy_file=str(settings.policy) if settings.policy else "policy.toml as shipped",
        dry_run=dry_run,
        progress=progress or Silent(),
    )


def roles_of(connection: Connection, account: str, today: date) -> tuple[tuple[Role, str], ...]:
    """The roles an account holds on a day, each with its place; none for an unknown account."""
    held = connection.execute(
        select(operator_role.c.role, operator_role.c.place)
        .join(operator, operator.c.account == operator_role.c.account)
        .where(
            operator.c.account == account,
            operator.c.reversed_by.is_(None),
            operator_role.c.reversed_by.is_(None),
            operator_role.c.begins_on <= today.isoformat(),
            or_(operator_role.c.ends_on.is_(None), operator_role.c.ends_on > today.isoformat()),
        )
    )
    return tuple((Role(row.role), row.place) for row in held)
