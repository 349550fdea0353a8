"""What was decided: the rules as pure functions and frozen dataclasses; no input, no output, no clock."""
