"""Reports on money: what is owed and for how long, what was collected, and what became of deposits."""
