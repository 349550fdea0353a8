"""`check`: every consistency rule of the store, silent when clean."""

from collections.abc import Callable
from typing import Any

from ancadmin.services.check import money, people, reckoning, store
from ancadmin.services.check.rule import Rule, Subject
from ancadmin.services.session import Session

RULES: tuple[Rule, ...] = (*store.RULES, *money.RULES, *people.RULES, *reckoning.RULES)


def _unsaid(_: str) -> None:
    """What is noted is not asked for."""


def check_store(session: Session, note: Callable[[str], object] = _unsaid) -> list[dict[str, Any]]:
    """What offends a rule: rows `rule, sentence, what`, in the order of the rules; none in a clean store. `note` is
    told what a rule excepts: statements that do not add up and were taken in with `--force`.
    """
    found: list[dict[str, Any]] = []
    with session.reading("check") as connection, session.progress.step("Checking", len(RULES)) as step:
        subject = Subject(session, connection, note)
        for rule in RULES:
            found += [{"rule": rule.name, "sentence": rule.sentence, "what": what} for what in rule.find(subject)]
            step.advance(1)
            if found and rule is store.FILE:
                break  # nothing else that is read from a damaged file can be believed
    return found
