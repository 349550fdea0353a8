"""Works a workbook's formulas out, as far as the program's papers use them: a second opinion on the values in the file.

Numbers are doubles and ROUND goes half away from zero on the double itself, with none of the snapping to fifteen
digits that spreadsheet programs add: what comes out right here comes out right there.
"""

import io
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|"(?P<text>(?:[^"]|"")*)"
    |(?P<range>(?:(?:'[^']+'|[A-Za-z_]+)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![A-Za-z(])
    |(?P<name>[A-Z]+)|(?P<sign><>|<=|>=|[-+*/&=<>(),{}]))""",
    re.VERBOSE,
)


class ErrorValue(Exception):
    """#VALUE!, #N/A and their like; they spread through whatever reckons with them."""


class Book:
    """A workbook's formulas, worked out when asked for."""

    def __init__(self, content: bytes) -> None:
        self._sheets = openpyxl.load_workbook(io.BytesIO(content))
        self._known: dict[tuple[str, int, int], Any] = {}

    def formulas(self) -> list[tuple[str, str]]:
        """Sheet and cell of every formula."""
        return [
            (sheet.title, cell.coordinate)
            for sheet in self._sheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]

    def row_of(self, sheet: str, label: str) -> int:
        """The first row that begins with `label`."""
        return next(number for number, row in enumerate(self._sheets[sheet].values, 1) if row[0] == label)

    def set(self, sheet: str, cell: str, value: Any) -> None:
        """What someone types into a cell."""
        self._sheets[sheet][cell] = value
        self._known.clear()

    def value(self, sheet: str, cell: str) -> Any:
        """What a cell comes to; None when it is empty."""
        column, row, _, _ = range_boundaries(cell)
        return self._at(sheet, row, column)

    def _at(self, sheet: str, row: int, column: int) -> Any:
        key = (sheet, row, column)
        if key not in self._known:
            cell = self._sheets[sheet].cell(row, column)
            plain = cell.data_type != "f"
            self._known[key] = cell.value if plain else _Formula(self, sheet, column, cell.value[1:]).result()
        return self._known[key]

    def cells(self, sheet: str, reference: str) -> "list[Any] | Any":
        """The values of a range, as a list; of one cell, its value."""
        where, _, cells = reference.rpartition("!")
        name = where.strip("'") or sheet
        first, top, last, bottom = range_boundaries(cells.replace("$", ""))
        found = [self._at(name, row, column) for row in range(top, bottom + 1) for column in range(first, last + 1)]
        return found if ":" in cells else found[0]


class _Loose:
    """Cells without a workbook."""

    def __init__(self, cells: dict[str, Any]) -> None:
        self._cells = cells

    def cells(self, _sheet: str, reference: str) -> Any:
        return self._cells.get(reference.replace("$", ""))


def work_out(formula: str, cells: dict[str, Any]) -> Any:
    """What one formula comes to over cells given by name; those not given are empty."""
    return _Formula(_Loose(cells), "", 1, formula.removeprefix("=")).result()


class _Formula:
    """One formula, read and worked out from left to right; what IF does not take is read but not asked for."""

    def __init__(self, book: Book | _Loose, sheet: str, column: int, text: str) -> None:
        self._book, self._sheet, self._column = book, sheet, column
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise SyntaxError(f"{text[at:]!r} in {text!r}")
            self._tokens.append((str(found.lastgroup), found.group(str(found.lastgroup))))
            at = found.end()
        self._at = 0

    def result(self) -> Any:
        value = self._compared()()
        assert self._at == len(self._tokens), self._tokens[self._at :]
        return value

    def _next(self, *signs: str) -> str | None:
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "sign" and text in signs:
                self._at += 1
                return text
        return None

    def _need(self, sign: str) -> None:
        assert self._next(sign), (sign, self._tokens[self._at :])

    def _chain(self, part: Callable[[], Any], signs: dict[str, Callable[[Any, Any], Any]]) -> Callable[[], Any]:
        value = part()
        while sign := self._next(*signs):
            value = _lazily(signs[sign], value, part())
        return value

    def _compared(self) -> Callable[[], Any]:
        return self._chain(self._joined, _COMPARISONS)

    def _joined(self) -> Callable[[], Any]:
        return self._chain(self._summed, {"&": lambda a, b: _text(a) + _text(b)})

    def _summed(self) -> Callable[[], Any]:
        return self._chain(
            self._multiplied, {"+": lambda a, b: _number(a) + _number(b), "-": lambda a, b: _number(a) - _number(b)}
        )

    def _multiplied(self) -> Callable[[], Any]:
        return self._chain(
            self._single, {"*": lambda a, b: _number(a) * _number(b), "/": lambda a, b: _number(a) / _number(b)}
        )

    def _single(self) -> Callable[[], Any]:
        if self._next("-"):
            return _lazily(lambda a, b: b - _number(a), self._single(), lambda: 0.0)
        if self._next("("):
            inner = self._compared()
            self._need(")")
            return inner
        if self._next("{"):
            values = [self._single()()]
            while self._next(","):
                values.append(self._single()())
            self._need("}")
            return lambda: values
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return lambda: float(text)
        if kind == "text":
            return lambda: text.replace('""', '"')
        if kind == "range":
            return lambda: self._book.cells(self._sheet, text)
        return self._call(text)

    def _call(self, name: str) -> Callable[[], Any]:
        if name in ("TRUE", "FALSE"):
            return lambda: name == "TRUE"
        self._need("(")
        arguments: list[Callable[[], Any]] = []
        while not self._next(")"):
            arguments.append(self._compared())
            self._next(",")
        if name == "COLUMN":
            return lambda: float(self._column)
        if name == "IF":
            test, yes, no = arguments
            return lambda: yes() if _truth(test()) else no()
        if name == "ISNUMBER":
            return lambda: _is_number(arguments[0])
        return lambda: _FUNCTIONS[name](*(argument() for argument in arguments))


def _lazily(work: Callable[[Any, Any], Any], left: Callable[[], Any], right: Callable[[], Any]) -> Callable[[], Any]:
    """Both sides, spread over ranges where there are any."""

    def done() -> Any:
        a, b = left(), right()
        if not isinstance(a, list) and not isinstance(b, list):
            return work(a, b)
        size = len(a if isinstance(a, list) else b)
        many = (a if isinstance(a, list) else [a] * size, b if isinstance(b, list) else [b] * size)
        return [work(x, y) for x, y in zip(*many, strict=True)]

    return done


def _number(value: Any) -> float:
    if value is None:
        return 0.0
    if isinstance(value, str):
        raise ErrorValue(value)
    return float(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _truth(value: Any) -> bool:
    return bool(_number(value))


def _is_number(argument: Callable[[], Any]) -> bool:
    try:
        value = argument()
    except ErrorValue:
        return False
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(a: Any, b: Any) -> bool:
    if a is None or b is None:
        other = b if a is None else a
        return other is None or other in ("", 0)
    if isinstance(a, str) and isinstance(b, str):
        return a.casefold() == b.casefold()
    return type(a) in (int, float) and type(b) in (int, float) and a == b


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": _equal,
    "<>": lambda a, b: not _equal(a, b),
    ">": lambda a, b: _number(a) > _number(b),
    "<": lambda a, b: _number(a) < _number(b),
    ">=": lambda a, b: _number(a) >= _number(b),
    "<=": lambda a, b: _number(a) <= _number(b),
}


def _round(value: Any, places: Any) -> float:
    return float(Decimal(_number(value)).quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP))


def _flat(values: tuple[Any, ...]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [float(one) for one in _flat(values) if isinstance(one, int | float) and not isinstance(one, bool)]


def _sumifs(summed: list[Any], *conditions: Any) -> float:
    pairs = list(zip(conditions[::2], conditions[1::2], strict=True))
    chosen = [
        value for index, value in enumerate(summed) if all(_equal(where[index], wanted) for where, wanted in pairs)
    ]
    return sum(_numbers((chosen,)))


def _match(wanted: Any, values: list[Any], kind: Any) -> float:
    assert kind == 0
    for number, value in enumerate(values, 1):
        if value is not None and _equal(value, wanted):
            return float(number)
    raise ErrorValue("#N/A")


def _each(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: [work(one) for one in value] if isinstance(value, list) else work(value)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "AND": lambda *values: all(_truth(value) for value in _flat(values)),
    "OR": lambda *values: any(_truth(value) for value in _flat(values)),
    "ROUND": _round,
    "MIN": lambda *values: min(_numbers(values), default=0.0),
    "SUMIFS": _sumifs,
    "SUMPRODUCT": lambda *values: sum(_number(one) for one in _flat(values)),
    "COUNT": lambda *values: float(len(_numbers(values))),
    "COUNTA": lambda *values: float(sum(one is not None for one in _flat(values))),
    "COUNTIF": lambda values, wanted: float(sum(_equal(one, wanted) for one in values if one is not None)),
    "INDEX": lambda values, number: values[int(number) - 1],
    "MATCH": _match,
    "LEN": _each(lambda value: float(len(_text(value)))),
    "LEFT": lambda value, size: _each(lambda one: _text(one)[: int(size)])(value),
    "LOWER": lambda value: _text(value).lower(),
    "TRIM": lambda value: " ".join(_text(value).split(" ")).strip(),
    "CHAR": lambda code: chr(int(code)),
    "N": lambda value: 0.0 if isinstance(value, str) else _number(value),
    "SUBSTITUTE": lambda value, old, new: _text(value).replace(old, new),
}
