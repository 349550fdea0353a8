"""Decisions about many people, from a file."""
