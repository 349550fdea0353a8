"""Whoever holds a role at a place, typing the lines of scope.py: an account of the machine, a login of the server."""

import gc
import os
import pty
import re
import shutil
import signal
import sys
import termios
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.accounts import STRANGER, as_other, open_to_all, typed
from tests.conftest import Answer, Office
from tests.services.operator.scope import ROLES
from tests.services.operator.world import FAR, HERE, NEAR, OWN, let_in, make_login

# Where a role may be held, seen from the own branch: above it, there, or elsewhere; and who has things there.
PLACES = {"national": HERE, "GP": (OWN, NEAR), "EKU": (OWN,), OWN[0]: (OWN,), "ETH": (FAR,)}
# Typed at a terminal, whose first line says which piece is shown.
DESK, HEAD = "register desk", rb"[^\x1b]+ rows left"
# These say nothing in JSON.
PLAIN = (
    *("init", "export", DESK, "register profile", "deposits profile", "deposits remind again"),
    *("check id", "db path", "member deceased layout"),
)
LET_IN = "operator add {deputy} --name D --role branch_secretary --place 79700012"


@dataclass(frozen=True)
class Holder:
    """One role at one place; without a role, somebody who is no operator."""

    role: str | None
    place: str

    @property
    def account(self) -> str:
        return f"{self.role or 'stranger'}-{self.place}"


HOLDERS = [
    Holder(role, place) for role in ROLES for place in PLACES if role != "national_officer" or place == "national"
]
STRANGER_HERE = Holder(None, "nowhere")


@dataclass(frozen=True)
class World:
    """The organisation of world.py in a store of one engine; `names` are those the table uses."""

    office: Office
    names: dict[str, str]

    @property
    def on_server(self) -> bool:
        return self.office.db.startswith("postgresql")

    def typed_here(self, lines: list[str]) -> list[Answer]:
        """What whoever made the store is answered."""
        names = {**self.names, "as": "maker", "deputy": self.names["secretary"]}
        return [_type(["--db", self.office.db, *_words(line, names)]) for line in lines]

    def typed_by(self, holder: Holder, lines: list[str]) -> list[Answer]:
        """What the program answers the holder. Nothing but one's own deputy, whom whoever gives roles lets in, is
        written: the server lets only those take rights back who gave them. For who only asks somebody else does it.
        """
        world, does = self._seat(holder)
        names = {**world.names, "as": holder.account, "deputy": f"deputy-{holder.account}"}
        make_login(world.office, names["deputy"])
        letting = _words(LET_IN, names)
        let = does([[*letting, "--json"]])[0]
        if let.code or '"waits": true' in let.out:
            world.office(*letting)
        return does([_words(line, names) for line in lines])

    def _seat(self, holder: Holder) -> tuple["World", Callable[[list[list[str]]], list[Answer]]]:
        """The world the holder works in, let in with the role alone, and how the holder types there."""
        if self.on_server:
            if holder.role:
                let_in(self.office, holder.account, holder.role, holder.place)
            else:
                make_login(self.office, holder.account)
            db = self.office.db.replace("//postgres@", f"//{holder.account}@")
            return self, lambda lines: [_type(["--db", db, *words]) for words in lines]
        folder = self.office.folder / holder.account
        folder.mkdir()
        for name in ("store.db", "store.db.access"):
            shutil.copy(self.office.folder / name, folder)
        office = replace(self.office, db=f"sqlite:///{folder}/store.db")
        if holder.role:
            let_in(office, STRANGER, holder.role, holder.place)
        open_to_all(folder)

        def really(lines: list[list[str]]) -> list[Answer]:
            return as_other(STRANGER, lambda: [_type(["--db", office.db, *words]) for words in lines])

        return World(office, self.names), really


def _words(line: str, names: dict[str, str]) -> list[str]:
    return [*line.format(**names).split(), *([] if line.startswith((*PLAIN, LET_IN)) else ["--json"])]


def _type(words: list[str]) -> Answer:
    return _at_a_terminal(words) if words[2:4] == DESK.split() else typed(words)


def _at_a_terminal(words: list[str]) -> Answer:
    """Types a command at a terminal of its own, in a child process; there one piece after the other is skipped."""
    child, terminal = pty.fork()
    if child == 0:
        _leave_at_the_terminal(words)
    shown, before = b"", b""
    while True:
        try:
            shown += os.read(terminal, 1 << 16)
        except OSError:  # the command has ended, and its end of the terminal is closed
            break
        head = next(reversed(re.findall(HEAD, shown)), before)
        if head != before:
            os.write(terminal, b"q" if b"Nothing is left" in head else b"s")
            before = head
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode(errors="replace"))
    return Answer(os.waitstatus_to_exitcode(status), text, text)


def _leave_at_the_terminal(words: list[str]) -> None:
    """Runs the command where the terminal is all there is, and leaves the child with its exit code."""
    code = 1
    try:
        from ancadmin.cli.app import run

        gc.freeze()  # what libraries keep threads for is not the child's to clear away
        signal.alarm(60)  # a screen that never comes ends the child, and fails the test
        termios.tcsetwinsize(0, (24, 80))
        os.environ["TERM"] = "xterm"
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
        code = run(words)
    except BaseException:  # noqa: BLE001 - whatever it is, it is said before the child is gone
        traceback.print_exc()
    finally:
        os._exit(code)
