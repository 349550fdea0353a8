"""Deaths from result files, and the one that was wrong."""
