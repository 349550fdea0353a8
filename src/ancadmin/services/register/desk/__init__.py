"""The cleanup desk: who works at what, and what was decided."""
