"""Batches: listing, showing, undoing."""
