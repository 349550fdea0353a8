"""Attendance registers: issued once, kept for good, given out again, held against what someone shows."""
