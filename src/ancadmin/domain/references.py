"""What a narrative calls its payer by, where it has no ID number: a reference, or the words a depositor always writes
(docs/rules.md, section 4.2). The keys by which both are compared and learnt.
"""

import re
import unicodedata

SHORTEST_REFERENCE = 5
_ENOUGH_WORDS = 2
_MARKS = r"[\s\-\u2010-\u2015./\\'`\"]"
# Digits, perhaps behind a short word and a mark, with the digits that follow them; or letters and digits mixed.
_DIGITS = r"\d+(?![^\W_])"
_STRING = re.compile(
    rf"(?<![^\W_])(?:[^\W\d_]{{1,6}}[-/.])?{_DIGITS}(?:{_MARKS}+{_DIGITS})*|[^\W_]*\d[^\W_]*",
)
_GROUP = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_PARTED = re.compile(r"(?<![^\W_])([A-Z]{2,6})[\s\-/.]+(\d[A-Z0-9]*)(?![^\W_])")
_TERMINAL = re.compile(r"\d{6,8}")
# From so many digits on a string of them is a number by itself, and what stands before it is another.
_BY_ITSELF = 9
_DAY = re.compile(r"(?<!\d)(?:\d{4}([-/.])\d\d?\1\d\d?|\d\d?([-/.])\d\d?\2(?:\d\d){1,2})(?!\d)")
_DATE = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)
_MONTH_WORDS = (
    "JAN FEB MAR APR MAY JUN JUL AUG SEP SEPT OCT NOV DEC JANUARY FEBRUARY MARCH APRIL JUNE JULY AUGUST SEPTEMBER "
    "OCTOBER NOVEMBER DECEMBER MRT MEI AUGS OKT DES JANUARIE FEBRUARIE MAART JUNIE JULIE AUGUSTUS OKTOBER "
    "DESEMBER"
)
_MONTHS = frozenset(_MONTH_WORDS.split())
# What banks and payers write whoever pays: these words do not tell anybody from anybody else.
_COMMON_WORDS = (
    "ABSA ACC ACCOUNT ADT AND ANC ATM BANK BRANCH CAPITEC CASH CODE CR CREDIT CARD CELL DEP DEPO DEPOSIT DIRECT DUES "
    "EFT FEE FEES FNB FOR FROM FROMCELL IB ID IMMEDIATE INTERNET INVESTEC LEAGUE MEMBER MEMBERS MEMBERSHIP MOBILE "
    "MONEY MONTHLY NAME NEDBANK NO NUMBER OB OF PAID PAY PAYMENT PHONE PMT REAL REF REFERENCE RENEWAL RTC SBSA SEND "
    "STANDARD SUB SUBS SUBSCRIPTION TEL THE TIME TO TRANSFER TRF VAN WOMENS YOUTH"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def reference_key(text: str) -> str:
    """How a reference is compared: `eku-000 123` → `EKU000123`. "" where nothing of it is a letter or a digit."""
    return "".join(_GROUP.findall(unicodedata.normalize("NFKC", text).upper()))


def reference_keys(narrative: str) -> tuple[str, ...]:
    """The keys of whatever in a narrative may be a reference, in its order: strings of at least five letters and digits
    with a digit among them, digits parted by marks taken together; not days, and no terminal's code before a number.
    """
    found: dict[str, None] = {}
    text = _DAY.sub("|", unicodedata.normalize("NFKC", narrative).upper())
    for string in _STRING.findall(text):
        for key in _numbers(_GROUP.findall(string)):
            if len(key) >= SHORTEST_REFERENCE and not _DATE.fullmatch(key):
                found[key] = None
    return tuple(found)


def old_reference_keys(narrative: str) -> tuple[str, ...]:
    """The keys of old references written apart, as in `BOJ 9001`: a short word and the digits after it."""
    text = unicodedata.normalize("NFKC", narrative).upper()
    keys = (f"{match[1]}{match[2]}" for match in _PARTED.finditer(text))
    return tuple(dict.fromkeys(key for key in keys if len(key) >= SHORTEST_REFERENCE))


def telling_keys(narrative: str) -> tuple[str, ...]:
    """The keys by which a narrative is known again: its references; a short number behind a short word of its own, as
    in `BOJ 9001`, with that word.
    """
    text = unicodedata.normalize("NFKC", narrative).upper()
    parted = {
        match[2]: f"{match[1]}{match[2]}"
        for match in _PARTED.finditer(text)
        if len(match[2]) < _BY_ITSELF and match[1] not in _COMMON
    }
    return tuple(parted.get(key, key) for key in reference_keys(narrative))


def depositor_key(narrative: str) -> str | None:
    """The words of a narrative without what changes from deposit to deposit (whatever has digits, months): who writes
    the same again is the same depositor. None where fewer than two of them tell anybody from anybody else.
    """
    text = unicodedata.normalize("NFKC", narrative).upper()
    words = [word for word in text.split() if not any(char.isdigit() for char in word)]
    letters = [one for word in words for one in _LETTERS.findall(word) if one not in _MONTHS]
    telling = {one for one in letters if len(one) > 1 and one not in _COMMON}
    return " ".join(letters) if len(telling) >= _ENOUGH_WORDS else None


def _numbers(groups: list[str]) -> list[str]:
    """Groups parted by marks as the references they are: one, unless a group is long enough to be one by itself."""
    if not any(len(group) >= _BY_ITSELF for group in groups):
        return ["".join(groups)]
    last = len(groups) - 1
    return [group for place, group in enumerate(groups) if place == last or not _TERMINAL.fullmatch(group)]
