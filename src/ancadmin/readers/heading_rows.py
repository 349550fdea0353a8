"""Headings over two rows: a group (`Last payment`) above what is under it (`Date`, `Amount`), joined into one row.

They are joined only where that makes known wordings of them: a title over the table stays a title.
"""

from collections import Counter
from collections.abc import Sequence

from ancadmin.readers.headings import NOT_A_FIELD, find_headings, plain_words, wordings_of
from ancadmin.readers.tables import ROWS_LOOKED_AT, Headings, is_word
from ancadmin.readers.text import Record

_KNOWN = 0.5
# A row under the headings is more of them only if it leaves these blank: a member has an ID number and a surname.
_A_MEMBERS = ("id_number", "surname", "full_name")


def register_headings(top: Sequence[Record]) -> Headings | None:
    """The headings of a register among the first rows of a sheet, those over two rows joined; None without any."""
    index = find_headings(top)
    return None if index is None else joined_headings(top, index)


def joined_headings(top: Sequence[Record], index: int) -> Headings:
    """The headings in row `index`, joined with a row of sub headings below them or of groups above them."""
    row, cells = top[index]
    if index + 1 < min(len(top), ROWS_LOOKED_AT) and top[index + 1][0] == row + 1:
        below = _padded(top[index + 1][1], len(cells))
        cells = _padded(cells, len(below))
        if _are_sub_headings(below, cells):
            groups = _spread(cells, below)
            return index + 1, [
                _better(group, sub) if sub else own for group, sub, own in zip(groups, below, cells, strict=True)
            ]
    if index and top[index - 1][0] == row - 1:
        above = _padded(top[index - 1][1], len(cells))
        return index, _under_groups(_padded(cells, len(above)), above)
    return index, list(cells)


def _are_sub_headings(below: Sequence[str], cells: Sequence[str]) -> bool:
    """Two words or more, half of them known headings under their group, and none where a member's name would be."""
    filled = [cell for cell in below if cell]
    if len(filled) < 2 or not all(map(is_word, filled)):
        return False
    if any(sub and any(name in wordings_of(own) for name in _A_MEMBERS) for own, sub in zip(cells, below, strict=True)):
        return False
    joined = (_better(group, sub) for group, sub in zip(_spread(cells, below), below, strict=True) if sub)
    return sum(_weight(heading) >= _KNOWN for heading in joined) * 2 >= len(filled)


def _under_groups(cells: list[str], above: list[str]) -> list[str]:
    """Each heading with the group above it, where that says more; a heading merged over both rows stands in the upper.

    Where two columns are called the same, only their groups tell them apart; and what stands under the branch secretary
    is not the member's.
    """
    if sum(map(bool, above)) < 2:
        return cells
    said = Counter("".join(plain_words(cell)) for cell in cells if cell)
    groups = _spread(above, cells)
    members = {group for group, own in zip(groups, cells, strict=True) if "id_number" in wordings_of(own)}
    headings = []
    for own, group, here in zip(cells, groups, above, strict=True):
        joined = f"{group} {own}"
        if not own:
            headings.append(here if _weight(here) >= _KNOWN else "")
        elif group and (
            said["".join(plain_words(own))] > 1
            or _weight(joined) > _weight(own)
            or (group not in members and NOT_A_FIELD in wordings_of(group))
        ):
            headings.append(joined)
        else:
            headings.append(own)
    return headings


def _spread(groups: Sequence[str], under: Sequence[str]) -> list[str]:
    """Merged cells hold their text in the first only: it stands over what follows, up to the next text or a gap."""
    spread: list[str] = []
    for group, sub in zip(groups, under, strict=True):
        spread.append(group or (spread[-1] if spread and sub else ""))
    return spread


def _better(group: str, sub: str) -> str:
    """A sub heading with its group, unless it is known and the two together are not."""
    joined = f"{group} {sub}".strip()
    return sub if _weight(sub) > _weight(joined) else joined


def _weight(heading: str) -> float:
    return max(wordings_of(heading, exactly=True).values(), default=0.0)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    tidy = [" ".join(cell.split()) for cell in cells]
    return tidy + [""] * (width - len(tidy))
