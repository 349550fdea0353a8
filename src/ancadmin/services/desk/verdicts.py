"""What is said at every desk of a piece of work: words of `desk_decision`."""

ACCEPTED = "accepted"
REFUSED = "refused"
"""Of suggestions: none of them is meant."""
MARKED = "marked"
"""It goes on waiting, out of the list of work."""
