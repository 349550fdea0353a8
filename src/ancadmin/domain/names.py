"""People's names: how they are written, told apart and compared (docs/rules.md, section 3).

A register that shouts (`VAN DER MERWE`) says nothing about capitals, so the usual ones are given back; where a value
has small and capital letters, they are the person's own and stay.
"""

import re
import unicodedata
from collections.abc import Sequence

# In front of a surname, written small: Dutch, German, French, Portuguese, Italian.
_PREFIXES = frozenset(
    [
        "van",
        "von",
        "vd",
        "v.d.",
        "de",
        "der",
        "den",
        "des",
        "du",
        "la",
        "le",
        "les",
        "ter",
        "ten",
        "te",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "del",
        "della",
        "zu",
        "zur",
        "'t",
    ]
)
# Those a surname does not begin with in a column of whole names: `Le Roy`, `Do Carmo` may be first names.
_OPENS_SURNAME = frozenset(["van", "von", "vd", "v.d.", "de", "du", "der", "den", "ter", "'t"])
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "adv",
        "rev",
        "ds",
        "mnr",
        "mev",
        "mej",
        "me",
        "cllr",
        "rdl",
        "cde",
        "comrade",
        "kameraad",
        "ntate",
        "mme",
    ]
)
# Mc before a vowel, h or w is as a rule a Zulu or Xhosa name (Mchunu, Mcebisi); these begin a Scottish or Irish one.
_GAELIC = re.compile(
    r"mc(?:a(?:dam|l[lp]|nal|rdle|rthur|teer|uley|uliffe|voy)|e(?:lroy|lwee|nroe|voy|wan|wen)|h(?:ardy|ale|enry|ugh)|"
    r"i(?:l|n[nt]|ver)|w(?:att|hirter|illiam)|[bcdfgklmnpqrstv])"
)
_WORD_PART = re.compile(r"[^\W\d_]+")
_SHORT_NAMES = frozenset(["al", "bo", "di", "ed", "fi", "jo", "li", "lu", "mo", "su", "ty", "vi", "yu"])
_NUMERALS = frozenset(("II", "III", "IV"))
_NOTHING = frozenset(("na", "unknown", "onbekend", "nameunknown"))
_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ŉ": "n"})


def surname_of(text: str) -> str:
    """A surname as it is stored; "" where none was written (`N/A`, `-`)."""
    return _tidied(text, surname=True)


def first_names_of(text: str) -> str:
    """First names or initials as they are stored; "" where none were written."""
    return _tidied(text, surname=False)


def surname_key(surname: str) -> str:
    """What two spellings of one surname have in common: letters and digits, without case or accents."""
    letters = unicodedata.normalize("NFKD", surname.casefold().translate(_UNDECOMPOSED))
    return "".join(char for char in letters if char.isalnum())


def split_full_name(text: str, *, surname_first: bool) -> tuple[str, str]:
    """Surname and first names out of one text; `surname_first` decides where nothing in the text does.

    In order: a comma, capitals for the surname alone, a surname prefix, initials.
    """
    surname, comma, first_names = _plain(text).partition(",")
    if comma:
        return surname_of(surname), first_names_of(first_names)
    words = surname.split()
    while len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        del words[0]
    begins, ends = _surname_span(words, surname_first=surname_first)
    rest = words[:begins] + words[ends:]
    return surname_of(" ".join(words[begins:ends])), first_names_of(" ".join(rest))


def _surname_span(words: Sequence[str], *, surname_first: bool) -> tuple[int, int]:
    """The part of a whole name that is the surname, as a range of words."""
    count = len(words)
    if count < 2:
        return 0, count
    loud = [_is_loud(word) for word in words]
    if not all(loud):
        run = loud.index(False)
        if run and not any(loud[run:]):
            return 0, run
        run = loud[::-1].index(False)
        if run and not any(loud[: count - run]):
            return count - run, count
    for place in range(count - 1):
        if words[place].lower() in _OPENS_SURNAME:
            return (place, count) if place else (0, _past_prefixes(words))
    initials = [_is_initials(word) for word in words]
    if initials[0] and not initials[-1]:
        return initials.index(False), count
    if initials[-1] and not initials[0]:
        return 0, initials.index(True)
    return (0, 1) if surname_first else (count - 1, count)


def _past_prefixes(words: Sequence[str]) -> int:
    """How many words a surname takes that begins with prefixes: those and the word after them."""
    prefixes = next((place for place, word in enumerate(words) if word.lower() not in _PREFIXES), len(words))
    return min(prefixes + 1, len(words))


def _is_loud(word: str) -> bool:
    """A word in capitals that says something: more than initials."""
    return word.isupper() and not _is_initials(word)


def _is_initials(word: str) -> bool:
    letters = word.replace(".", "")
    if not letters.isupper():
        return False
    return len(letters) == 1 or ("." in word and len(letters) <= 4) or not re.search("[AEIOUY]", letters)


def _plain(text: str) -> str:
    """NFC, no invisible characters, single blanks."""
    seen = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
    return " ".join(seen.split())


def _tidied(text: str, *, surname: bool) -> str:
    name = _plain(text).strip(" ,;")
    if surname_key(name) in _NOTHING or not any(char.isalpha() for char in name):
        return ""
    words = name.split(" ")
    if not all(_is_quiet(word) for word in words):
        return name
    cased = " ".join(_cased(word, place, len(words), surname=surname) for place, word in enumerate(words))
    return unicodedata.normalize("NFC", cased)


def _is_quiet(word: str) -> bool:
    """A word whose letters are all capitals or all small, or a prefix: it tells nothing of the person's own capitals.

    A mixed value has at least one word with both.
    """
    letters = "".join(char for char in word if char.isalpha())
    return letters == letters.upper() or letters == letters.lower()


def _cased(word: str, place: int, words: int, *, surname: bool) -> str:
    small = word.lower()
    if small in _PREFIXES and place < words - 1 and (surname or place):
        return small
    if place and word in _NUMERALS:
        return word
    if not surname and _stays_initials(word, words):
        return word.upper()
    parts = re.split(r"(['’])", small, maxsplit=1)
    if len(parts) == 3 and len(parts[0]) != 1:
        # Sa'ad and Isma'il, but O'Neil, D'Oliveira and N'Gwenya.
        return _WORD_PART.sub(_capitalised, parts[0]) + parts[1] + parts[2]
    return _WORD_PART.sub(_capitalised, small)


def _stays_initials(word: str, words: int) -> bool:
    letters = word.replace(".", "")
    if not letters.isupper() or len(letters) > 3:
        return False
    if not re.search("[AEIOUY]", letters):
        return True
    return words == 1 and len(letters) == 2 and letters.lower() not in _SHORT_NAMES


def _capitalised(match: re.Match[str]) -> str:
    part = match[0]
    if _GAELIC.match(part) and len(part) > 4:
        return "Mc" + part[2].upper() + part[3:]
    # The first letter that has a capital: names of the north-west begin with click letters, which have none.
    at = next((place for place, char in enumerate(part) if char.title() != char), 0)
    capital = part[at].title()
    return part[:at] + capital + part[at + 1 :] if len(capital) == 1 else part
