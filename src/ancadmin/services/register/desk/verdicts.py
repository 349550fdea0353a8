"""What is decided about at the desk, and what is said of it: the words of `desk_decision`."""

from ancadmin.services.desk.verdicts import ACCEPTED, MARKED

__all__ = ["ACCEPTED", "DIFFERENT", "DISMISSED", "DUPLICATE", "EDITED", "MARKED", "NOTE", "QUARANTINE", "SEEN"]

QUARANTINE, DUPLICATE, NOTE = "quarantine", "duplicate", "note"
EDITED, DISMISSED, SEEN, DIFFERENT = "edited", "dismissed", "seen", "different"
