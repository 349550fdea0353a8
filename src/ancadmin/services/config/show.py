"""The settings and the policy in force, and where each came from. Neither needs a store."""

from dataclasses import asdict
from typing import Any

from ancadmin.db.store import store_at
from ancadmin.policy import load_policy
from ancadmin.settings import Setting, Settings


def show_settings(found: tuple[Setting, Setting], settings: Settings) -> list[dict[str, Any]]:
    """Rows `setting, value, source`. Raises ConfigurationError for an URL that names no store."""
    values = {"db": store_at(settings.db).url.render_as_string(), "policy": str(settings.policy or "shipped")}
    return [{"setting": one.name, "value": values[one.name], "source": one.source} for one in found]


def show_policy(settings: Settings) -> dict[str, Any]:
    """The policy in force, its version and its file; fees are `from` (None: the first there was) and `cents`."""
    policy = load_policy(settings.policy)
    first, *later = policy.fees
    numbers = {name: value for name, value in asdict(policy).items() if name not in ("version", "fees")}
    return {
        "version": policy.version,
        "source": str(settings.policy or "shipped"),
        **numbers,
        "fees": [
            {"from": None, "cents": first.cents},
            *({"from": fee.from_day.isoformat(), "cents": fee.cents} for fee in later),
        ],
    }
