"""What every desk has: work in hand that nobody else gets, decisions kept one by one, the last of them undone."""
