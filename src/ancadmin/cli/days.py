"""Days as they are typed: ISO, nothing else, so that 3 April and 4 March are never confused."""

from datetime import date

import typer


def parse_day(text: str | date) -> date:
    """`2020-12-30` as a day, for `typer.Option(parser=parse_day)`. Raises BadParameter (exit 2)."""
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"`{text}` is not a day; write it as 2020-12-30") from None
