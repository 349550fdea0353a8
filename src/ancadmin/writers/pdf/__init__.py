"""Papers as PDF: `text` measures and wraps, `base` puts blocks on pages, `table` and `parts` make the blocks."""
