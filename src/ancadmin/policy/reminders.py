"""The section `reminders`: when they are due, and what they say."""

from collections.abc import Mapping
from typing import Any

from ancadmin.domain.reminders import Kind, Terms, faulty_text
from ancadmin.policy.faults import Table


def read_reminders(whole: Table, shipped: Mapping[str, Any]) -> Terms:
    """The section `reminders`; days and texts it does not give are those shipped."""
    given = whole.table("reminders", {})
    table = Table({**shipped, **given.entries}, "reminders", whole.faults)
    texts = {**shipped["texts"], **given.table("texts", {}).entries}
    for kind in Kind:
        fault = faulty_text(texts.get(kind))
        if fault is not None:
            table.wrong(f"texts.{kind}", fault, "Compare: ancadmin config policy", texts.get(kind))
    return Terms(
        before_days=table.count("before_days"),
        after_days=table.count("after_days"),
        **{kind.value: str(texts.get(kind)) for kind in Kind},
    )
