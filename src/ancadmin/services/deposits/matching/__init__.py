"""The ladder: which deposit is whose, decided in sets."""
