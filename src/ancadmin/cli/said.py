"""How an error is said: one line, without anybody's ID number."""

import re

from ancadmin.errors import AncadminError

_ID_NUMBER = re.compile(r"(?<!\d)\d{13}(?!\d)")
# What a file says may have an ID number between other digits; an account of a card has more than thirteen.
_MAY_HOLD_ONE = re.compile(r"\d{13,}")


def line_of(error: AncadminError) -> str:
    """What is wrong, without anybody's ID number: screens and the logs of cron show it."""
    said = str(error)
    if error.value:
        said = said.removesuffix(f"({error.value})") + f"({without_numbers(error.value)})"
    return _masked(_ID_NUMBER, said)


def without_numbers(text: str) -> str:
    """A text with whatever may hold an ID number masked."""
    return _masked(_MAY_HOLD_ONE, text)


def _masked(what: re.Pattern[str], text: str) -> str:
    return what.sub(lambda found: f"{found[0][:6]}****{found[0][-3:]}", text)
