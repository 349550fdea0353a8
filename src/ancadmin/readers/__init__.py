"""Papers that come in: registers, bank statements, result files; each becomes rows and problems."""
