"""What is decided about at the desk, and what is said of it: the words of `desk_decision`."""

QUARANTINE, DUPLICATE, NOTE = "quarantine", "duplicate", "note"
ACCEPTED, EDITED, DISMISSED, SEEN = "accepted", "edited", "dismissed", "seen"
MARKED, DIFFERENT = "marked", "different"
