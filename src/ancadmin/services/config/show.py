"""The settings and the policy in force, and where each came from. No store has to be there."""

from dataclasses import asdict
from datetime import date
from itertools import pairwise
from typing import Any

from ancadmin.db.store import store_at
from ancadmin.domain.authorisation import Act, Authority
from ancadmin.domain.policy import Numbers
from ancadmin.domain.roles import Role
from ancadmin.policy import load_policy, policy_text
from ancadmin.services.config.adopted import adopted_in, said_of
from ancadmin.settings import Setting, Settings


def show_settings(found: tuple[Setting, Setting], settings: Settings) -> list[dict[str, Any]]:
    """Rows `setting, value, source`. Raises ConfigurationError for an URL that names no store."""
    values = {"db": store_at(settings.db).url.render_as_string(), "policy": str(settings.policy or "shipped")}
    return [{"setting": one.name, "value": values[one.name], "source": one.source} for one in found]


def show_policy(settings: Settings, today: date) -> dict[str, Any]:
    """The policy in force, its version and its file: the numbers of `today`, and fees and `changes`, each `from` its
    day (None: the first there was); of a change only what it changes.
    """
    policy = load_policy(settings.policy)
    shown_apart = ("version", "fees", "numbers", "authorisation")
    rest = {name: value for name, value in asdict(policy).items() if name not in shown_apart}
    return {
        "version": policy.version,
        "source": str(settings.policy or "shipped"),
        **_numbers(policy.on(today)),
        **rest,
        "authorisation": [_decides(act, authority) for act, authority in policy.authorisation.authorities.items()],
        "roles": [_gives(role, policy.authorisation.over(role)) for role in Role],
        "back_days": dict(policy.authorisation.back_days),
        "fees": [{"from": _from(fee.from_day), "cents": fee.cents} for fee in policy.fees],
        "changes": [
            {"from": _from(later.from_day), **dict(_numbers(later).items() - _numbers(before).items())}
            for before, later in pairwise(policy.numbers)
        ],
    }


def show_text(settings: Settings) -> dict[str, Any]:
    """The `text` of the policy of the settings, its `version`, and whose authorisation is in force in the store."""
    policy = load_policy(settings.policy)
    said = said_of(policy, adopted_in(settings))
    return {"version": policy.version, "text": policy_text(settings.policy), "authorisation": said}


def _numbers(numbers: Numbers) -> dict[str, int]:
    return {name: value for name, value in asdict(numbers).items() if name != "from_day"}


def _decides(act: Act, authority: Authority) -> dict[str, Any]:
    """Who decides one kind of decision."""
    return {"decision": act, **_parts(authority)}


def _gives(role: Role, authority: Authority) -> dict[str, Any]:
    """Who gives a role, and takes it back."""
    return {"role": role, **_parts(authority)}


def _parts(authority: Authority) -> dict[str, list[Role]]:
    """Roles in the order of the list there is of them."""
    return {name: [role for role in Role if role in roles] for name, roles in vars(authority).items()}


def _from(day: date) -> str | None:
    return None if day == date.min else day.isoformat()
