"""People on record twice."""
