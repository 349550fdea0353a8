"""The options with which papers leave: for whom, and under a password."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ancadmin.services.export.handover import Handover

ForOption = Annotated[
    str | None, typer.Option("--for", metavar="TEXT", help="Who it is handed to, for the access trail; else you")
]
PasswordFileOption = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="Under the password in FILE's first line (chmod 600)"),
]


def handing(for_: str | None, password_file: Path | None) -> "Handover":
    """How papers leave; no trail has anybody's ID number. Raises InputRefused for a password file that cannot serve,
    UsageError for nobody's name.
    """
    from ancadmin.cli.said import without_numbers
    from ancadmin.errors import UsageError
    from ancadmin.readers.passwords import read_password
    from ancadmin.services.export.handover import Handover

    if for_ is not None and not for_.strip():
        raise UsageError("--for names nobody", "Say who it is handed to, or leave --for out.")
    to = None if for_ is None else without_numbers(for_.strip())
    return Handover(to, None if password_file is None else read_password(password_file))
