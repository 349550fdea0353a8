"""What waits until somebody else approves it."""
