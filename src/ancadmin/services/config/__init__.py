"""What is in force here: settings and policy."""
