"""The mail server, as SMTP_URL names it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mails are handed over; with *tls* from the first byte on, else when the server offers it."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool

    @property
    def must_encrypt(self) -> bool:
        """Say whether a password would be seen on the way."""
        return self.user is not None and not self.tls and not _is_here(self.host)


def mail_server(url: str) -> MailServer:
    """Read an address such as smtp://user:password@host:587; ValueError says how it must look."""
    wrong = ValueError("must look like smtp://user:password@host:587 or smtps://user:password@host")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets that do not match, a port that cannot be
        raise wrong from None
    is_complete = parts.scheme in _PORTS and parts.hostname and port != 0
    if not is_complete or parts.path.strip("/") or parts.query or (parts.username and not parts.password):
        raise wrong
    return MailServer(
        host=parts.hostname or "",
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "smtps",
    )


def _is_here(host: str) -> bool:
    """Say whether what goes to *host* does not leave this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
