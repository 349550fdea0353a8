"""Members: looking up, explaining, deciding."""
