"""The store itself: making it, upgrading it, and the places it knows."""
