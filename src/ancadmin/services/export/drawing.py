"""Content to the bytes of a file, in either form. The writers are loaded only for what is drawn."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ancadmin.domain.attendance import AttendanceRegister, Seal, Style
from ancadmin.domain.papers import Form

if TYPE_CHECKING:  # a process that draws registers needs none of what these need
    from ancadmin.domain.branch_list import BranchList
    from ancadmin.domain.cost_paper import CostPaper
    from ancadmin.domain.dues_paper import StatementOfDues


@dataclass(frozen=True)
class Sheet:
    """An attendance register to be drawn."""

    register: AttendanceRegister
    seal: Seal
    form: Form
    style: Style


def draw_register(sheet: Sheet) -> bytes:
    """The file of an attendance register. Equal sheets give equal bytes."""
    if sheet.form is Form.PDF:
        from ancadmin.writers.pdf.attendance_register import rendered as as_pdf

        return as_pdf(sheet.register, sheet.seal, sheet.style)
    from ancadmin.writers.xlsx.attendance_register import rendered as as_xlsx

    return as_xlsx(sheet.register, sheet.seal, sheet.style)


def draw_list(branch_list: "BranchList", form: Form) -> bytes:
    """The file of a branch list."""
    if form is Form.PDF:
        from ancadmin.writers.pdf.branch_list import rendered as as_pdf

        return as_pdf(branch_list)
    from ancadmin.writers.xlsx.branch_list import rendered as as_xlsx

    return as_xlsx(branch_list)


def draw_cost_comparison(paper: "CostPaper", form: Form, *, sole_operator: bool) -> bytes:
    """The file of a cost-comparison sheet."""
    if form is Form.PDF:
        from ancadmin.writers.pdf.cost_comparison import rendered as as_pdf

        return as_pdf(paper, sole_operator=sole_operator)
    from ancadmin.writers.xlsx.cost_comparison import rendered as as_xlsx

    return as_xlsx(paper, sole_operator=sole_operator)


def draw_dues(statement: "StatementOfDues", form: Form) -> bytes:
    """The file of a statement of dues."""
    if form is Form.PDF:
        from ancadmin.writers.pdf.statement_of_dues import rendered as as_pdf

        return as_pdf(statement)
    from ancadmin.writers.xlsx.statement_of_dues import rendered as as_xlsx

    return as_xlsx(statement)


def digest(content: bytes) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()
