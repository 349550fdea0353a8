"""What is said at every desk of a piece of work: words of `desk_decision`."""

ACCEPTED = "accepted"
MARKED = "marked"
"""It goes on waiting, out of the list of work."""
