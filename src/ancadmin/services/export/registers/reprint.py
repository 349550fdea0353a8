"""An issued register once more, to the byte."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from ancadmin.db.schema import paper, paper_file
from ancadmin.domain.attendance import USUAL, Style
from ancadmin.domain.papers import Form
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused, UsageError
from ancadmin.services.export.folder import file_name, form_of
from ancadmin.services.export.handover import PLAIN, Handover
from ancadmin.services.export.registers.kept import file_content, serial_of
from ancadmin.services.operator.reach import require
from ancadmin.services.session import Session

_SAID = [column for column in paper.columns if column.name not in ("said", "reversed_by")]


def reprint(
    session: Session,
    serial: str,
    target: Path | None = None,
    form: Form | None = None,
    style: Style = USUAL,
    handover: Handover = PLAIN,
) -> dict[str, Any]:
    """Writes the register `serial` (in capitals or not) to `target`, or here under its serial, and says what it is.
    Without a form and a style, the file it was given out as first. `hash` is that of the file on disk, which under a
    password is not `file_hash`, that of the file as it was issued.

    Raises InputRefused for a serial that was never issued, UsageError for one that was not issued so or where flags
    disagree, NotAllowed, and StoreError when the store's own copy no longer is what was issued.
    """
    wanted = None if form is None and target is None else form_of(form, target, one_file=True)
    with session.reading("export reprint", serial=serial, to=str(target or "."), **handover.detail) as connection:
        serial = serial_of(connection, serial) or serial
        row = connection.execute(select(*_SAID, paper.c.reversed_by).where(paper.c.serial == serial)).mappings().first()
        if row is None:
            raise InputRefused("no paper was issued under this serial", "It is printed at its foot.", value=serial)
        require(session, connection, frozenset(Role), row["branch"], "take papers of that branch")
        file = _chosen(_files(connection, serial), serial, wanted, style)
        content = file_content(connection, serial, Form(file.form), file.style)
    path = target or Path(file_name(serial, Form(file.form), file.style))
    said = {"serial": serial, "place": row["branch"], "members": row["members"]}
    hash_on_disk = handover.hand_out(session, "export reprint", path, content, Form(file.form), **said)
    shown = {key: value for key, value in row.items() if key != "reversed_by"}
    return {
        **shown,
        "form": file.form,
        "style": file.style,
        "file_hash": file.file_hash,
        "hash": hash_on_disk,
        "withdrawn_in": row["reversed_by"],
        "file": str(path),
    }


def _files(connection: Connection, serial: str) -> Sequence[Row[str, str, str]]:
    query = select(paper_file.c.form, paper_file.c.style, paper_file.c.file_hash)
    return connection.execute(query.where(paper_file.c.serial == serial).order_by(paper_file.c.id)).all()


def _chosen(files: Sequence[Row[str, str, str]], serial: str, form: Form | None, style: Style) -> Row[str, str, str]:
    alike = [file for file in files if form in (None, file.form) and (style == USUAL or style.name == file.style)]
    usual = [file for file in alike if file.style == style.name]
    if alike:
        return (usual or alike)[0]
    there = ", ".join(f"{file.form} {file.style}".strip() for file in files)
    raise UsageError(
        f"{serial} was not issued so", f"It was issued as {there}.", value=f"{form or ''} {style.name}".strip()
    )
