"""Reminders of dues: who is due one, the outbox, and how they leave."""
