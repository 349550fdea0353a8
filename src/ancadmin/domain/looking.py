"""Who may look at what besides members and places, which every role sees within its own (docs/rules.md, section 7)."""

from dataclasses import dataclass

from ancadmin.domain.roles import DECIDES, SEES_PAYMENTS, SEES_UNPLACED, Role


@dataclass(frozen=True)
class Look:
    """What is looked at, and by whom; `nationally`: it shows the whole organisation, and is for those whose role is."""

    what: str
    roles: frozenset[Role]
    nationally: bool = False


_PAYMENTS = Look("what members paid and owe", SEES_PAYMENTS)
_COSTS = Look("cost sheets", SEES_PAYMENTS)
_QUALITY = Look("the quality of registers", SEES_PAYMENTS)
_CARDS = Look("membership cards", SEES_PAYMENTS)
_HEALTH = Look("how a branch stands", SEES_PAYMENTS)
_REMINDED = Look("reminders that were sent", DECIDES)
_ACCOUNTS = Look("bank accounts and deposits of nobody", SEES_UNPLACED)
_HELD_BACK = Look("rows of registers held back", SEES_UNPLACED)
_WHOLE_STORE = Look("what the whole store holds", SEES_UNPLACED, nationally=True)

# By what the trail of accesses calls the look; what is not here every role may look at, within its places.
LOOKS: dict[str, Look] = {
    **dict.fromkeys(("deposits list", "deposits patterns", "deposits remind list", "deposits alias list"), _PAYMENTS),
    **dict.fromkeys(("report ageing", "report receivables", "export statement-of-dues"), _PAYMENTS),
    **dict.fromkeys(("costs list", "costs show", "export cost-comparison"), _COSTS),
    "register quality": _QUALITY,
    "export card": _CARDS,
    "export branch-health": _HEALTH,
    "deposits remind again": _REMINDED,
    **dict.fromkeys(("deposits balance", "deposits statements", "deposits suspense", "report cash"), _ACCOUNTS),
    **dict.fromkeys(("deposits review", "deposits bulk list", "deposits bulk show"), _ACCOUNTS),
    **dict.fromkeys(("register quarantine", "register quarantine export"), _HELD_BACK),
    **dict.fromkeys(("check", "standing verify"), _WHOLE_STORE),
}
