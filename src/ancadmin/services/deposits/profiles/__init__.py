"""Profiles of bank statements: suggested, tried, and saved by name."""
