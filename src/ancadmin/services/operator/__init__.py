"""Who may use the store."""
