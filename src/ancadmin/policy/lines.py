"""On which line of a policy file an entry stands: the library that reads TOML does not say."""

import re
from collections import Counter

_HEADING = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]")
_ENTRY = re.compile(r"\s*([\w.\"' -]+?)\s*=")
_TEXT = re.compile(r'"""|\'\'\'')
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')


def lines_of(text: str) -> dict[str, int]:
    """Line numbers, from 1, by key with its tables: `bulk.word_fees`; `changes.2.grace_months` for the second
    `[[changes]]`.
    """
    found: dict[str, int] = {}
    seen: Counter[str] = Counter()
    table, inside, depth = "", False, 0
    for number, line in enumerate(text.splitlines(), 1):
        was_inside, inside = inside, inside != (len(_TEXT.findall(line)) % 2 == 1)
        if was_inside:
            continue
        was_open, plain = depth > 0, _QUOTED.sub("", line)
        if was_open or _ENTRY.match(line):
            depth += plain.count("[") - plain.count("]")  # a list goes on until it is closed
        if was_open:
            continue
        if heading := _HEADING.match(line):
            table = _plain(heading[2])
            found.setdefault(table, number)
            if heading[1] == "[[":
                seen[table] += 1
                table = f"{table}.{seen[table]}"
                found[table] = number
        elif entry := _ENTRY.match(line):
            found.setdefault(f"{table}.{_plain(entry[1])}" if table else _plain(entry[1]), number)
    return found


def line_of(key: str, lines: dict[str, int]) -> int | None:
    """The line of an entry, or of the nearest table it belongs into; None for the file as a whole."""
    while key and key not in lines:
        key = key.rpartition(".")[0]
    return lines.get(key)


def _plain(key: str) -> str:
    return ".".join(part.strip(" \"'") for part in key.split("."))
