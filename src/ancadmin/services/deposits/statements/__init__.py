"""Bank statements in: read, told apart from what is there already, written."""
