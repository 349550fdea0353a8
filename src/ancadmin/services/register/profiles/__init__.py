"""Mappings of columns, saved by name."""
