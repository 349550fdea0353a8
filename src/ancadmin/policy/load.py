"""A policy file, whole: its text, and the policy it gives or everything that is wrong with it."""

import hashlib
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from ancadmin.domain.policy import Policy
from ancadmin.errors import ConfigurationError, Place
from ancadmin.policy.authorisation import read_level, read_matrix
from ancadmin.policy.dated import read_fees, read_numbers
from ancadmin.policy.faults import Fault, Table
from ancadmin.policy.reminders import read_reminders


def policy_text(path: Path | None) -> str:
    """The text of the policy file in force: `path`, or the one shipped. Raises ConfigurationError."""
    if path is None:
        return files("ancadmin").joinpath("policy.toml").read_text(encoding="utf-8")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the policy file cannot be read: {error}", "Name another with `policy = ` in ancadmin.toml."
        ) from error


def load_policy(path: Path | None = None) -> Policy:
    """The policy in force. Raises ConfigurationError, which says the first of its faults."""
    policy, faults = read_policy(policy_text(path))
    if not faults:
        return policy
    first = faults[0]
    name = str(path) if path else "policy.toml"
    more = f" Everything that is wrong with it: ancadmin config policy check {name}" if len(faults) > 1 else ""
    what = f"`{first.key}` {first.what}" if first.key else first.what
    raise ConfigurationError(what, f"{first.remedy}{more}", place=Place(file=name), value=first.value)


def policy_version(text: str) -> str:
    """What decisions name a policy by: the first 12 digits of its text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_policy(text: str) -> tuple[Policy, list[Fault]]:
    """The policy a text gives, and what is wrong in it: where anything is, the policy is not to be used."""
    shipped = tomllib.loads(policy_text(None))
    faults: list[Fault] = []
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        data = shipped
        faults.append(Fault("", f"not valid TOML: {error}", "Mend that line."))
    return _policy(Table(data, "", faults), policy_version(text), shipped), faults


def _policy(whole: Table, version: str, shipped: dict[str, Any]) -> Policy:
    """A section has a line here and a reader of its own. Those that an older copy does not have are as shipped."""
    retention = whole.table("retention")
    return Policy(
        version=version,
        fees=read_fees(whole),
        numbers=read_numbers(whole, shipped),
        proof_months=retention.count("proof_months"),
        shifted_percent=whole.table("register", shipped["register"]).count("shifted_percent"),
        sweep_percent=whole.table("sweep", shipped["sweep"]).count("most_percent"),
        sweep_free_changes=whole.table("sweep", shipped["sweep"]).count("free_changes"),
        old_references=whole.table("suggestions", shipped["suggestions"]).choice("old_references"),
        authorisation=read_matrix(whole.table("authorisation"), shipped["authorisation"]),
        cost_sheet_approver=read_level(whole.table("authorisation")),
        cost_sheet_months=_with(retention, shipped["retention"]).count("cost_sheet_months"),
        reminders=read_reminders(whole, shipped["reminders"]),
    )


def _with(section: Table, shipped: dict[str, Any]) -> Table:
    """A section in which an older copy lacks entries that came later: those as shipped."""
    return Table({**shipped, **section.entries}, section.name, section.faults)
