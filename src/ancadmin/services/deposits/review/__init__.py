"""Suggestions reviewed: accepted one by one or a class at a time, refused, and what acceptances teach."""
