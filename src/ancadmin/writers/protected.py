"""Papers under a password: PDF with AES-256, workbooks as Excel itself locks them."""

import io

from ancadmin.domain.papers import Form

_LOCKED_WORKBOOK = b"\xd0\xcf\x11\xe0"


def protected(content: bytes, form: Form, password: str) -> bytes:
    """A paper of our own under a password; other bytes every time."""
    if form is Form.PDF:
        from ancadmin.writers.protected_pdf import protected as pdf

        return pdf(content, password)
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, locked)
    return locked.getvalue()


def is_protected(content: bytes) -> bool:
    """Whether a file is under some password, ours or another program's."""
    if content.startswith(b"%PDF"):
        return b"/Encrypt" in content
    return content.startswith(_LOCKED_WORKBOOK)
