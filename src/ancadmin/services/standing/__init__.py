"""Settlement, standing on a day, and the sweep."""
