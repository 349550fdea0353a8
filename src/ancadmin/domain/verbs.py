"""What a file of decisions says was decided, in English or Afrikaans (docs/rules.md, section 5)."""

import re
import unicodedata
from enum import StrEnum

from ancadmin.domain.decisions import Kind


class Verb(StrEnum):
    """What a row of a file of decisions records; the first wording of each."""

    APPLY = "apply"
    ACCEPT = "accept"
    REFUSE = "refuse"
    OBJECT = "object"
    SETTLE = "settle objection"
    EXPEL = "expel"
    SUSPEND = "suspend"
    LIFT = "lift"
    LIFT_EXPULSION = "lift expulsion"
    LIFT_SUSPENSION = "lift suspension"
    RESIGN = "resign"
    DEFECT = "defect"
    LAPSE = "lapse"
    TRANSFER = "transfer"
    CONTACT = "contact"
    DIE = "deceased"


DECIDES = {
    Verb.ACCEPT: Kind.ACCEPTED,
    Verb.REFUSE: Kind.REFUSED,
    Verb.OBJECT: Kind.OBJECTION,
    Verb.EXPEL: Kind.EXPELLED,
    Verb.SUSPEND: Kind.SUSPENDED,
    Verb.RESIGN: Kind.RESIGNED,
    Verb.DEFECT: Kind.DEFECTED,
    Verb.LAPSE: Kind.LAPSED,
}
"""The verbs that write an entry about somebody on record, and of which kind it is."""

LIFTS = {Verb.LIFT: None, Verb.LIFT_EXPULSION: Kind.EXPELLED, Verb.LIFT_SUSPENSION: Kind.SUSPENDED}
"""The verbs that end discipline, and of which kind; None: whichever is in force."""

_WORDINGS = {
    Verb.APPLY: "applied; applies; application; membership application; aansoek; doen aansoek; aansoek gedoen",
    Verb.ACCEPT: "accepted; acceptance; admit; admitted; aanvaar; aanvaarding; toegelaat",
    Verb.REFUSE: "refused; refusal; reject; rejected; rejection; weier; geweier; afgekeur; verwerp; afgewys",
    Verb.OBJECT: "objection; objected; objection lodged; beswaar; beswaar aangeteken; beswaar ingedien",
    Verb.SETTLE: "objection settled; settled; objection withdrawn; beswaar afgehandel; beswaar teruggetrek",
    Verb.EXPEL: "expelled; expulsion; uitgesit; sit uit; uitsetting; geroyeer; royeer",
    Verb.SUSPEND: "suspended; suspension; skors; geskors; skorsing; opgeskort",
    Verb.LIFT: "lifted; lift discipline; opgehef; hef op; opheffing",
    Verb.LIFT_EXPULSION: "expulsion lifted; uitsetting opgehef; hef uitsetting op",
    Verb.LIFT_SUSPENSION: "suspension lifted; skorsing opgehef; hef skorsing op",
    Verb.RESIGN: "resigned; resignation; resigns; bedank; bedanking",
    Verb.DEFECT: "defected; defection; oorgeloop; oorgestap; loop oor; oorloop",
    Verb.LAPSE: "lapsed; verval; verstryk; lidmaatskap verval",
    Verb.TRANSFER: "transferred; move; moved; oorplaas; oorgeplaas; oorplasing; verhuis; verskuif",
    Verb.CONTACT: "contacts; contact details; new contact details; kontak; kontakbesonderhede; nuwe kontakbesonderhede",
    Verb.DIE: "died; death; dead; dood; oorlede; oorlye; gesterf; afgesterf; sterfte",
}


def verb_of(text: str) -> Verb | None:
    """What a cell says was decided; None for words nobody has thought of, and for none."""
    return _KNOWN.get(_plain(text))


def _plain(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


_KNOWN = {_plain(said): verb for verb, words in _WORDINGS.items() for said in (verb, *words.split(";"))}
