"""The schema versions there have been, oldest first; a test holds them against the migrations."""

SCHEMA_VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
SCHEMA_HEAD = SCHEMA_VERSIONS[-1]
