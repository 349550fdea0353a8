"""What the status column of a legacy register says (docs/rules.md, sections 3 and 5)."""

import re
import unicodedata
from dataclasses import dataclass

from ancadmin.domain.standing import Status

# The entries of section 5 a register may ask for, and how it words them.
ENTRIES = {
    Status.DECEASED: "deceased|dead|died|late|passed away|passed on|rip|oorlede|gestorwe|dood",
    Status.EXPELLED: "expelled|expulsion|dismissed|geroyeer|uitgesit|uitgestoot",
    Status.SUSPENDED: "suspended|suspension|geskors|opgeskort|skorsing",
    Status.RESIGNED: "resigned|resignation|bedank|bedanking",
    Status.DEFECTED: "defected|defection|defector|oorgeloop|oorloper",
}
_PAID = "in good standing|good standing|paid up|fully paid|paid|financial|in goeie stand|goeie stand|opbetaal|betaal"
_UNPAID = (
    "not in good standing|no good standing|bad standing|not paid up|not paid|unpaid|unfinancial|lapsed|expired|"
    "in arrears|arrears|nie in goeie stand|nie opbetaal|nie betaal|onbetaal|verval|agterstallig"
)
# Words beside the status that change nothing of it.
_BESIDE = re.compile(r"\b(?:member|members|membership|lid|lidmaatskap|was|is|has|het|on|op|since|sedert|date|datum)\b")
_DAY = re.compile(r"\d.*\d")
_LETTERS = re.compile(r"[^a-z]+")


@dataclass(frozen=True)
class StatusText:
    """`entry`: the kind of entry of section 5 it asks for; `paid`: whether it says that dues are paid, None where it
    says nothing of that; `day`: what looks like a date in it, as written.
    """

    entry: Status | None
    paid: bool | None
    day: str


def read_status(text: str) -> StatusText:
    """What a status as written says; in English or Afrikaans, with or without a date in it."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    found = _DAY.search(plain)
    day = found[0] if found else ""
    words = _LETTERS.sub(" ", _BESIDE.sub(" ", plain.replace(day, " ", 1))).strip()
    entry = next((kind for kind, wordings in ENTRIES.items() if words in wordings.split("|")), None)
    if words in _UNPAID.split("|"):
        return StatusText(entry, False, day)
    return StatusText(entry, True if words in _PAID.split("|") else None, day)
