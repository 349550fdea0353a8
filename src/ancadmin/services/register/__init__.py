"""Legacy registers in."""
