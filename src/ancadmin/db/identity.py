"""Who is asking: from the account database or the server's login, never from an environment variable."""

import os

from sqlalchemy import text

from ancadmin.db.store import Store


def calling_account(store: Store) -> str:
    """The operating-system account on SQLite, the login on PostgreSQL."""
    if store.path is None:
        with store.connect() as connection:
            return str(connection.scalar(text("SELECT session_user")))
    if os.name == "nt":
        return _windows_account()
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _windows_account() -> str:
    import ctypes

    size = ctypes.c_ulong(257)
    buffer = ctypes.create_unicode_buffer(size.value)
    ctypes.windll.advapi32.GetUserNameW(buffer, ctypes.byref(size))  # type: ignore[attr-defined]
    return buffer.value
