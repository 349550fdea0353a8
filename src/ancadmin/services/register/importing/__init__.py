"""Registers in: read, cleaned, decided about and written."""
