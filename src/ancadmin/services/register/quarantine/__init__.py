"""Rows held back: shown, explained, mended and read again."""
