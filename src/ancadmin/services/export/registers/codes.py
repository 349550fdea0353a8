"""The code printed on a register, typed or scanned: serial and content hash (docs/rules.md, section 6)."""

import re
from dataclasses import dataclass, replace

from ancadmin.db.schema import paper
from ancadmin.domain.papers import digits_meant
from ancadmin.domain.roles import Role
from ancadmin.errors import InputRefused
from ancadmin.services.export.registers.kept import serial_of
from ancadmin.services.export.registers.verdict import Verdict, Verified, as_issued, as_others_see, changed, papers
from ancadmin.services.operator.reach import reaches
from ancadmin.services.session import Session

LEAST_DIGITS = 12
_WHOLE = 64
_CODE = re.compile(r"\s*(AR-\S.*?)-([0-9OIL]{4}-[0-9OIL]{1,9})(?:\s+([0-9A-FOIL][0-9A-FOIL\s]*))?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class RegisterCode:
    """A code: the serial as it was typed, and as many digits of the content hash as were."""

    serial: str
    digits: str


def read_code(text: str) -> RegisterCode | None:
    """The code in a text; None where it begins with no serial."""
    found = _CODE.fullmatch(text)
    if found is None:
        return None
    digits = digits_meant("".join((found[3] or "").split())).lower()
    return RegisterCode(f"{found[1]}-{digits_meant(found[2])}", digits)


def verify_code(session: Session, text: str) -> Verified:
    """Says what the code of a register is worth. Capitals count nothing, an O is taken for a 0 and an l for a 1, and
    from twelve digits of the hash on not all 64 have to be typed. Raises InputRefused for a text that is no code, or
    has too few digits or too many.
    """
    code = read_code(text)
    if code is None:
        raise InputRefused(
            "not the code of a register",
            "Type it as it stands at the register's foot: AR-EKU001-2026-1 9F86D081884C",
            value=text,
        )
    if not LEAST_DIGITS <= len(code.digits) <= _WHOLE:
        raise InputRefused(
            f"the code of a register has {_WHOLE} digits behind its serial, and this has {len(code.digits)}",
            f"Type at least the first {LEAST_DIGITS} of what stands behind `Content` at its foot.",
            value=text,
        )
    with session.reading("export verify", code=code.serial, digits=code.digits) as connection:
        serial = serial_of(connection, code.serial)
        if serial is None:
            return Verified(Verdict.UNKNOWN, "no register was issued here under this serial", code=text)
        row = connection.execute(papers().where(paper.c.serial == serial)).mappings().one()
        if not row["content_hash"].startswith(code.digits):
            why = "a register with this serial was issued here, but it says something else: its code is another"
            found = changed(connection, row, why, code=text)
            return found if reaches(session, connection, frozenset(Role), row["branch"]) else as_others_see(found)
        found = as_issued(connection, row, code=text)
        told = "" if len(code.digits) == _WHOLE else f"; told by the first {len(code.digits)} of {_WHOLE} digits"
        return replace(found, why=f"{found.why}{told}; a code does not say whether the lines of the paper are its own")
