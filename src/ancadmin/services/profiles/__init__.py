"""Profiles: how the columns of files that come in are read, kept by name: a shelf for each kind of file."""
