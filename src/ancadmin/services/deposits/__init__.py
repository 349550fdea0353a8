"""Bank statements in, and what became of the money."""
