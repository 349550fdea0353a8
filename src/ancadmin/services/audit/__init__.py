"""The trail: who wrote, who read, and whether the chain holds."""
