"""Makes or upgrades a store, and its maker the national officer."""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from ancadmin.db.batches import open_batch
from ancadmin.db.identity import calling_account
from ancadmin.db.schema import operator, operator_role, setting
from ancadmin.db.store import Store, schema_version, store_at, store_errors
from ancadmin.db.upgrade import upgrade
from ancadmin.db.version import SCHEMA_HEAD
from ancadmin.domain.roles import NATIONAL, Role
from ancadmin.errors import NotAllowed
from ancadmin.policy import load_policy, policy_text
from ancadmin.services.config.in_force import bring_into_force
from ancadmin.services.db.upgrade import upgrade_store
from ancadmin.services.operator.grants import guard_settings
from ancadmin.services.session import ZONE, open_session, utc_now
from ancadmin.settings import Settings


@dataclass(frozen=True)
class Initialised:
    """What `init` did. `before` is None for a new store."""

    store: str
    account: str
    before: str | None
    schema: str
    sole_operator: bool


def initialise(settings: Settings, *, sole_operator: bool) -> Initialised:
    """Creates or upgrades the store; who may do what in a new one is as the policy of the settings says. In a store
    that has operators the caller must be one; only a national officer upgrades it. Raises StoreError, NotAllowed.
    """
    store = store_at(settings.db)
    # A store that is there already is upgraded only by who may; a new one belongs to who makes it.
    version = upgrade_store(settings).before if _is_behind(store) else None
    before, schema = upgrade(store)
    before = version or before
    account = calling_account(store)
    with store.connect() as connection:
        operators = connection.scalar(select(func.count()).select_from(operator)) or 0
        sole = connection.scalar(select(setting.c.value).where(setting.c.key == "sole_operator"))
    if operators:
        session = open_session(settings)
        if sole_operator and not any(role is Role.NATIONAL_OFFICER for role, _ in session.roles):
            raise NotAllowed("only a national officer may become the sole operator", "Ask one.")
    if not operators or (sole_operator and sole != account):
        now = utc_now()
        with open_batch(
            store,
            "init --sole-operator" if sole_operator else "init",
            operator=account,
            clock=utc_now,
            today=now.astimezone(ZONE).date(),
            policy=load_policy(settings.policy),
            policy_source=policy_text(settings.policy),
        ) as batch:
            if not operators:
                batch.connection.execute(insert(operator).values(account=account, name=account, batch=batch.number))
                batch.connection.execute(
                    insert(operator_role).values(
                        account=account,
                        role=Role.NATIONAL_OFFICER,
                        place=NATIONAL,
                        begins_on=batch.today.isoformat(),
                        batch=batch.number,
                    )
                )
                bring_into_force(batch)
                guard_settings(batch.connection)
            if sole_operator:
                batch.connection.execute(delete(setting).where(setting.c.key == "sole_operator"))
                batch.connection.execute(insert(setting).values(key="sole_operator", value=account))
            batch.counts.update(operator=account, sole_operator=sole_operator)
    return Initialised(store.name, account, before, schema, sole_operator or sole == account)


def _is_behind(store: Store) -> bool:
    """Whether there is a store, with another schema than this program's."""
    if store.path is not None and not store.path.exists():
        return False
    with store_errors(store.name), store.engine.connect() as connection:
        return schema_version(connection) not in (None, SCHEMA_HEAD)
