"""Papers that go out: xlsx, pdf and csv."""
