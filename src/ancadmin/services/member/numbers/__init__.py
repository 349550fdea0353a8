"""ID numbers that were wrong: corrected, and freed for whom they belong to."""
