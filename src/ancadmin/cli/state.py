"""What the common options said, and the session they open."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ancadmin.services.session import Session


class State:
    """The common options of one command line; `ctx.obj` of every command. No dataclass: it costs `--help` a twentieth
    of its time.
    """

    __slots__ = ("db", "debug", "policy", "quiet")

    def __init__(
        self, db: str | None = None, policy: Path | None = None, quiet: bool = False, debug: bool = False
    ) -> None:
        self.db = db
        self.policy = policy
        self.quiet = quiet
        self.debug = debug

    def session(self, *, dry_run: bool = False) -> "Session":
        """Opens the store as the calling account. Raises StoreError, NotAllowed, ConfigurationError."""
        from ancadmin.cli.progress import progress_for
        from ancadmin.services.session import open_session
        from ancadmin.settings import load_settings

        settings = load_settings(self.db, self.policy)
        return open_session(settings, dry_run=dry_run, progress=progress_for(quiet=self.quiet))

    def say(self, line: str) -> None:
        """The summary line after a write: on stderr, and not with --quiet."""
        if not self.quiet:
            sys.stderr.write(f"{line}\n")

    def conclude(self, line: str, following: str, *, dry_run: bool) -> None:
        """The summary of a write and the next useful command; after a dry run there is nothing it could work on."""
        self.say(f"{line} (dry run: nothing was written)" if dry_run else f"{line} → {following}")


def state_of(ctx: Any) -> State:
    """The state of the running command."""
    state: State = ctx.find_root().obj
    return state
