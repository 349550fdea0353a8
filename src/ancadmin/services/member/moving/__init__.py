"""Where members belong: transfers, and the branch of any day."""
