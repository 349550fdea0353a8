"""How papers leave: to whom, under which password, and what the access trail keeps of it (docs/rules.md, section 7)."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ancadmin.db.access import record_access
from ancadmin.db.batches import moment
from ancadmin.domain.papers import Form
from ancadmin.services.export.drawing import digest
from ancadmin.services.export.folder import file_hash, write_file
from ancadmin.services.session import Session

LEFT = "papers left"


@dataclass(frozen=True)
class Handover:
    """To whom papers are handed, where that is not the caller, and the password they leave under. The store keeps the
    plain file all the same, so that a paper can be printed again without the password.
    """

    to: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def detail(self) -> dict[str, Any]:
        """What the trail says of it before anything is read."""
        said: dict[str, Any] = {} if self.to is None else {"for": self.to}
        return said if self.password is None else {**said, "protected": True}

    def sealed(self, content: bytes, form: Form) -> bytes:
        """The file as it leaves: as it is, or under the password (other bytes every time)."""
        if self.password is None:
            return content
        from ancadmin.writers.protected import protected

        return protected(content, form, self.password)

    def write(self, path: Path, content: bytes, form: Form) -> str:
        """Writes the file as it leaves, whole and for nobody else to read, and returns the SHA-256 of what is on disk.
        Raises InputRefused.
        """
        leaving = self.sealed(content, form)
        write_file(path, leaving)
        return digest(leaving)

    def hand_out(self, session: Session, command: str, path: Path, content: bytes, form: Form, **what: Any) -> str:
        """`write` of one paper, once it is on record that it leaves. Raises InputRefused, StoreError."""
        leaving = self.sealed(content, form)
        self.record(session, command, **what, files=1, sha256=digest(leaving))
        write_file(path, leaving)
        return digest(leaving)

    def fits(self, path: Path) -> bool:
        """Whether a file on disk, known to be as it was written here, is under this password, or under none where there
        is none.
        """
        from ancadmin.writers.protected import is_protected

        content = path.read_bytes()
        if self.password is None:
            return not is_protected(content)
        if not is_protected(content):
            return False
        if content.startswith(b"%PDF"):
            from ancadmin.writers.protected_pdf import opens

            return opens(content, self.password)
        from ancadmin.readers.shown import workbook_within

        return workbook_within(content, self.password) is not None

    def record(self, session: Session, command: str, **what: Any) -> None:
        """Puts on record what left by a command: how many files and members, and the SHA-256 of the file, or of the
        manifest that has those of all. The command itself was recorded before anything was read.
        """
        detail = {"by": command, **what, **self.detail}
        record_access(session.store, at=moment(session.clock()), operator=session.account, action=LEFT, detail=detail)

    def record_all(self, session: Session, command: str, path: Path, **what: Any) -> None:
        """`record` of what was written: one paper, or the manifest of many."""
        self.record(session, command, **what, file=str(path), sha256=file_hash(path))


PLAIN = Handover()
