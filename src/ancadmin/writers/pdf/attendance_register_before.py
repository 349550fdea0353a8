"""What an attendance register says of the one it supersedes: a sentence in a box, and at the end who differs."""

from collections.abc import Iterator
from dataclasses import replace

from ancadmin.domain.attendance import Style, Superseded
from ancadmin.domain.attendance_room import said_of
from ancadmin.domain.papers import cell_words, masked
from ancadmin.writers.pdf.attendance_register_rows import Print
from ancadmin.writers.pdf.base import BOLD, INK, Block, Canvas, mm, paragraph, space, stacked
from ancadmin.writers.pdf.table import Column, Grid, Look, shared

_INSIDE = 5.0


def boxed(before: Superseded, across: float, size: float) -> list[Block]:
    """Which register this one supersedes, where nobody overlooks it."""
    text = paragraph(before.words, across - 2 * _INSIDE, font=BOLD, size=size)
    height = text.height + 2 * _INSIDE - 1

    def draw(canvas: Canvas, left: float, top: float) -> None:
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(1)
        canvas.rect(left, top - height, across, height)
        text.draw(canvas, left + _INSIDE, top - _INSIDE)

    return [Block(height, draw), space(8)]


def who_differs(before: Superseded, style: Style, sizes: Print, across: float) -> Iterator[Block]:
    """The people added, removed and changed, by name and ID number; nothing where the earlier register is not kept."""
    difference, words = before.difference, before.differs
    if difference is None or words is None:
        return
    title = f"What differs from {before.serial}"
    yield replace(space(10 * mm), with_next=True)
    yield paragraph(title, across, font=BOLD, size=sizes.name + 3, after=3, with_next=True)
    people = said_of(difference)
    yield paragraph(f"{words[0].upper()}{words[1:]}.", across, size=sizes.facts, after=6, with_next=bool(people))
    if not people:
        return
    grid = _grid(sizes, across)
    heading = grid.heading()
    yield replace(heading, with_next=True)
    for name, of in people:
        what = paragraph(f"{name}: {len(of)}", across, font=BOLD, size=sizes.rest + 1, after=2)
        band = stacked(space(5), what)
        again = stacked(heading, band)
        yield replace(band, heading=heading, with_next=True)
        for one in of:
            yield grid.row(
                (
                    one.surname,
                    one.first_names,
                    masked(one.id_number) if style.mask_ids else one.id_number,
                    one.voting_district or "",
                    cell_words(one.cell),
                ),
                heading=again,
            )


def _grid(sizes: Print, across: float) -> Grid:
    wide = shared(across, 45, 48, 32, 23, 32)
    columns = (
        Column("Surname", wide[0], font=BOLD, size=sizes.name),
        Column("First names", wide[1], size=sizes.name),
        Column("ID number", wide[2]),
        Column("Voting district", wide[3]),
        Column("Cell", wide[4]),
    )
    return Grid(columns, Look(sizes.rest, sizes.name * 2, heading_size=sizes.heading))
