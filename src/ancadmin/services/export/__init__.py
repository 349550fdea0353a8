"""Papers out."""
