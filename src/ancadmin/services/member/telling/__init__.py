"""What is on record about a member, told: standing explained, the life of a membership in order."""
