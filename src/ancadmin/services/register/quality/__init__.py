"""How good the record is."""
