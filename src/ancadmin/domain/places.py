"""The nine provinces, and the levels a place can be (docs/rules.md, section 1)."""

from ancadmin.domain.roles import NATIONAL

PROVINCES = {
    "EC": "Eastern Cape",
    "FS": "Free State",
    "GP": "Gauteng",
    "KZN": "KwaZulu-Natal",
    "LIM": "Limpopo",
    "MP": "Mpumalanga",
    "NC": "Northern Cape",
    "NW": "North West",
    "WC": "Western Cape",
}
# Codes other offices use for the same provinces.
_OTHER_CODES = {"GT": "GP", "KN": "KZN", "LP": "LIM", "LI": "LIM"}


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


_BY_NAME = {_plain(name): code for code, name in PROVINCES.items()}


def province_code(text: str) -> str | None:
    """The code of a province written as a code or by name, in any case: `kwazulu natal` → `KZN`; None if neither."""
    code = text.strip().upper()
    code = _OTHER_CODES.get(code, code)
    return code if code in PROVINCES else _BY_NAME.get(_plain(text))


def is_taken_code(code: str) -> bool:
    """Whether a region or branch may not be called so: the codes of provinces and the word for the whole."""
    return code.casefold() == NATIONAL or code.upper() in PROVINCES
