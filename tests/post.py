"""A real SMTP server on loopback for tests: keeps what comes, answers as it is told, goes away and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = "127.0.0.1"
USER, PASSWORD = "desk@example.org", "p@ss:word/1"


@dataclass(slots=True)
class Post:
    """The server. *answers* are given to RCPT or DATA in place of its own; *going_on* holds up what comes in."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    going_on: asyncio.Event | None = None
    arrived: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    options: dict[str, Any] = field(default_factory=dict)
    tls_first: ssl.SSLContext | None = None
    _server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen, on the same port as before."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="post.example.org", loop=loop, **self.options),
            HERE,
            self.port,
            ssl=self.tls_first,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Be away."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def handle_RCPT(  # noqa: N802  the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  the library's name
        self, _server: Any, session: Any, envelope: Any
    ) -> str:
        if self.going_on is not None:
            self.arrived.release()
            await self.going_on.wait()
        if "DATA" in self.answers:
            return self.answers["DATA"]
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        assert [mail["To"]] == envelope.rcpt_tos
        self.mails.append(mail)
        self.senders.append(envelope.mail_from)
        self.encrypted.append(session.ssl is not None or self.tls_first is not None)
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        """Let the one user in who has the right password."""
        assert isinstance(given, LoginPassword)
        self.users.append(given.login.decode())
        right = (USER.encode(), PASSWORD.encode()) == (given.login, given.password)
        return AuthResult(success=right, handled=False)


@contextlib.asynccontextmanager
async def posting(*, tls_first: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Post]:
    """Run a server until the end of the block; *options* are those of aiosmtpd."""
    post = Post(options=options, tls_first=tls_first)
    if options.get("auth_required"):
        post.options["authenticator"] = post.authenticate
    await post.open()
    try:
        yield post
    finally:
        await post.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server shows, with a certificate made here, and what trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HERE)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    shows, trusts = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=file)
    shows.load_cert_chain(file)
    return shows, trusts


def parts(mail: EmailMessage) -> tuple[str, EmailMessage | None]:
    """Return text and attachment of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    files = [one for one in mail.iter_attachments() if isinstance(one, EmailMessage)]
    assert len(files) <= 1
    return str(body.get_content()), files[0] if files else None
