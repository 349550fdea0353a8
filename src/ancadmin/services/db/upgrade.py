"""Brings a store up to this program's schema."""

from dataclasses import dataclass

from ancadmin.db.identity import calling_account
from ancadmin.db.store import schema_version, store_at, store_errors
from ancadmin.db.upgrade import upgrade
from ancadmin.domain.roles import Role
from ancadmin.errors import NotAllowed, StoreError
from ancadmin.services.config.in_force import authorisation_in_force, bring_into_force, policy_adopted
from ancadmin.services.operator.grants import guard_settings, renew
from ancadmin.services.session import open_session, roles_of, today_in_johannesburg
from ancadmin.settings import Settings


@dataclass(frozen=True)
class Upgraded:
    """The schema before and after; `batch` is None where there was nothing to do."""

    store: str
    before: str
    after: str
    batch: int | None


def upgrade_store(settings: Settings) -> Upgraded:
    """Upgrades an existing store, in one transaction; where no authorisation is in force yet, that of the settings'
    policy is from now on. Raises StoreError, NotAllowed to anyone but national officers."""
    store = store_at(settings.db)
    if store.path is not None and not store.path.exists():
        raise StoreError(f"{store.name}: there is no store here yet", "Make one: ancadmin init")
    account = calling_account(store)
    with store_errors(store.name), store.engine.connect() as connection:
        before = schema_version(connection)
        if before is None:
            raise StoreError(f"{store.name}: not a store of ancadmin", "Make one: ancadmin init")
        # Operators have stood in the same columns since the first schema, so this can be asked before upgrading.
        roles = roles_of(connection, account, today_in_johannesburg())
    if not any(role is Role.NATIONAL_OFFICER for role, _ in roles):
        raise NotAllowed(f"{account} may not upgrade {store.name}", "Ask a national officer.")
    _, after = upgrade(store)
    session = open_session(settings)
    with store.connect() as connection:
        adopted = authorisation_in_force(connection)
    if before == after and adopted:
        return Upgraded(store.name, before, after, None)
    with session.batch("db upgrade") as batch:
        if not adopted:
            bring_into_force(batch)
        guard_settings(batch.connection)
        policy = policy_adopted(batch.connection) or batch.policy
        renew(batch.connection, policy.authorisation, batch.today)
        batch.counts.update(before=before, after=after)
    return Upgraded(store.name, before, after, batch.number)
