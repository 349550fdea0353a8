"""Papers as PDF: `text` measures and wraps, `base` puts blocks on pages; `table`, `parts`, `charts` make the blocks."""
