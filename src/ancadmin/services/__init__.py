"""What the office does: one use case a file, in a folder a noun."""
