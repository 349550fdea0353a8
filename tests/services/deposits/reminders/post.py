"""A real mail server for tests: it keeps what it takes, refuses whom it is told to, and can be made to die."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socket import create_connection, socket
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

HOST, USER, PASSWORD = "127.0.0.1", "ancadmin", "not-in-the-open"


@dataclass
class Post:
    """What the server does: `refuses` addresses, `dies_at` the n-th message in the middle of it, `before_taking` is
    called with the number of each message before it is accepted; `taken` is what it accepted.
    """

    refuses: set[str] = field(default_factory=set)
    dies_at: int | None = None
    before_taking: Any = None
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    asked: int = 0
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuses:
            return f"550 5.1.1 <{address}> is nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.asked += 1
        if self.asked == self.dies_at:
            server.transport.abort()
            return "421 dying"
        if self.before_taking:
            self.before_taking(self.asked)
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        self.taken.append((envelope.rcpt_tos[0], message))
        return "250 taken"

    @property
    def recipients(self) -> list[str]:
        """Whom a message was taken for, in order."""
        return [to for to, _ in self.taken]


class _Controller(Controller):
    """Its own look whether it listens knows no certificate of ours."""

    def _trigger_server(self):
        unverified = ssl.create_default_context()
        unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
        with create_connection((HOST, self.port), 5) as plain:
            line = unverified.wrap_socket(plain) if self.ssl_context else plain
            line.recv(1024)
            line.close()


@contextmanager
def serving(post: Post, folder: Path, *, security: str = "starttls", password: str | None = PASSWORD) -> Iterator[Post]:
    """The server at work, with a certificate made just now, and `ancadmin.toml` in `folder` that names it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    with socket() as free:
        free.bind((HOST, 0))
        post.port = free.getsockname()[1]
    more: dict[str, Any] = {"tls_context": context, "require_starttls": True} if security == "starttls" else {}
    if security == "tls":
        more = {"ssl_context": context}
    if password is not None:
        more |= {"authenticator": _let_in, "auth_required": True, "auth_require_tls": security == "starttls"}
    controller = _Controller(post, hostname=HOST, port=post.port, **more)
    settings(folder, post.port, security=security, password=password)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def settings(folder: Path, port: int, *, security: str = "starttls", password: str | None = PASSWORD) -> None:
    """`ancadmin.toml` with a mail server, and beside it the password."""
    lines = ["[mail]", f'host = "{HOST}"', f"port = {port}", f'security = "{security}"', 'sender = "dues@example.org"']
    if password is not None:
        secret = folder / "secret"
        secret.write_text(password + "\n", encoding="utf-8")
        secret.chmod(0o600)
        lines += [f'user = "{USER}"', 'password_file = "secret"']
    lines.append('ca_file = "ca.pem"')
    (folder / "ancadmin.toml").write_text("\n".join(lines), encoding="utf-8")


def _let_in(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)
