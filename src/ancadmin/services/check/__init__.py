"""Checking: one ID number, or every consistency rule of the store."""
