"""Where the text of a paper differs from the text it was issued with (docs/rules.md, section 6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

# Finding which line became which costs as much as both lengths multiplied; beyond this lines are paired in order.
_MOST_PAIRS = 40_000


@dataclass(frozen=True)
class Part:
    """A page of a PDF or a sheet of a workbook: its `name`, and the texts on it, each with its place (`line 3`, `C9`).
    The cells of a sheet are told by their places, the lines of a page by their order.
    """

    name: str
    texts: tuple[tuple[str, str], ...]
    cells: bool = False


@dataclass(frozen=True)
class Alteration:
    """A place, what was issued there and what stands there now; None for what is on one side only. `after` is the
    line before it, on a page.
    """

    where: str
    issued: str | None
    here: str | None
    after: str | None = None


def alterations(issued: Sequence[Part], here: Sequence[Part]) -> list[Alteration]:
    """All that differs, in the order of the paper; nothing where both read the same."""
    found: list[Alteration] = []
    for one, other in _paired(issued, here):
        if one is not None and other is not None:
            if one.cells and one.name != other.name:
                found.append(Alteration(f"name of {one.name}", one.name, other.name))
            found += _in_cells(one, other) if one.cells else _in_lines(one, other)
        elif one is not None:
            found.append(Alteration(one.name, _counted(one), None))
        elif other is not None:
            found.append(Alteration(other.name, None, _counted(other)))
    return found


def _paired(issued: Sequence[Part], here: Sequence[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Each part with the one that stands for it now: those that read the same, wherever it is now that some were taken
    out or put in, and between them in order.
    """
    at, to = 0, 0
    for first, last, start, end in _unequal(*([_read(part) for part in parts] for parts in (issued, here))):
        yield from zip(issued[at:first], here[to:start], strict=True)
        yield from zip_longest(issued[first:last], here[start:end])
        at, to = last, end
    yield from zip(issued[at:], here[to:], strict=True)


def _read(part: Part) -> str:
    return " ".join(" ".join(text for _, text in part.texts).split())


def _counted(part: Part) -> str:
    return "1 text" if len(part.texts) == 1 else f"{len(part.texts)} texts"


def _in_cells(issued: Part, here: Part) -> Iterator[Alteration]:
    before, now = dict(issued.texts), dict(here.texts)
    for place in dict.fromkeys((*before, *now)):
        if before.get(place) != now.get(place):
            yield Alteration(f"{issued.name}, {place}", before.get(place), now.get(place))


def _in_lines(issued: Part, here: Part) -> Iterator[Alteration]:
    before, now = [text for _, text in issued.texts], [text for _, text in here.texts]
    if " ".join(before).split() == " ".join(now).split():
        return  # only the lines are broken elsewhere: another program's doing
    for first, last, start, end in _unequal(before, now):
        after = before[first - 1] if first else None
        for offset in range(max(last - first, end - start)):
            old = before[first + offset] if first + offset < last else None
            new = now[start + offset] if start + offset < end else None
            place = issued.texts[first + offset][0] if old is not None else here.texts[start + offset][0]
            yield Alteration(f"{issued.name}, {place}", old, new, after)
            after = old if old is not None else after


def _unequal(before: list[str], now: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches `before[a:b]` of lines, or of what whole pages say, in whose place stands `now[c:d]`."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    tail = 0
    while tail < min(len(before), len(now)) - same and before[-1 - tail] == now[-1 - tail]:
        tail += 1
    old, new = before[same : len(before) - tail], now[same : len(now) - tail]
    if len(old) * len(new) > _MOST_PAIRS:
        yield same, len(before) - tail, same, len(now) - tail
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield same + a, same + b, same + c, same + d
