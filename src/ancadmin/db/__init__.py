"""Where it is kept: tables, sessions, bulk loading, migrations, the audit chain."""
