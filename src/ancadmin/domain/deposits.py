"""What may become of a deposit, and why (docs/rules.md, sections 4.1 and 4.2)."""

from enum import StrEnum


class State(StrEnum):
    """What a line of a statement is. Money of the first six waits, is credited or was given back."""

    OPEN = "open"
    MATCHED = "matched"
    SUGGESTED = "suggested"
    BULK = "bulk"
    UNALLOCATED = "unallocated"
    REFUNDED = "refunded"
    NOT_A_DEPOSIT = "not_a_deposit"


class Reason(StrEnum):
    """Why a deposit is in its state: the rung of the ladder that held, in their order, or what an officer did."""

    SEVERAL_IDS = "several_ids"
    BULK_WORDS = "bulk_words"
    BULK_AMOUNT = "bulk_amount"
    MEMBER_EXCLUDED = "member_excluded"
    NOT_ACCEPTED_YET = "not_accepted_yet"
    IN_OPENING = "in_opening"
    ID_REFERENCE = "id_reference"
    ID_NOT_REGISTERED = "id_not_registered"
    LEGACY_REFERENCE = "legacy_reference"
    NEAR_MISS = "near_miss"
    PHONE = "phone"
    NAME = "name"
    NO_MATCH = "no_match"
    NO_REFERENCE = "no_reference"
    DEBIT = "debit"
    CHARGE = "charge"
    ZERO = "zero"
    OFFICER = "officer"
    REFUSED = "refused"
    REVERSED = "reversed"
    REFUND = "refund"
    RETURNED = "returned"
    BULK_SCHEDULE = "bulk_schedule"


class Flag(StrEnum):
    """What is worth knowing about a deposit besides its state."""

    BULK_PATTERN = "bulk_pattern"


NAMED = (Reason.MEMBER_EXCLUDED, Reason.NOT_ACCEPTED_YET, Reason.IN_OPENING)
"""Reasons that name the member the ID number belongs to, though nothing is credited."""

SUGGESTING = (Reason.LEGACY_REFERENCE, Reason.NEAR_MISS, Reason.PHONE, Reason.NAME)
"""Reasons that suggest members: nothing is credited before an officer accepts one."""

OFFERED_AGAIN = (*NAMED, Reason.ID_NOT_REGISTERED, Reason.NO_MATCH)
"""Reasons that pass: these deposits are matched anew once a member is on record or accepted, and once a register or a
list of deaths is put right.
"""
