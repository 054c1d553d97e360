"""E-mail: a short text with a calendar file, handed to one mail server by SMTP.

A mail that fails never stops anybody's chat: a server that is away or busy is tried again, an address that it refuses
becomes a task. A server that hangs holds a few sends up and no more.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import aiosmtplib

from bot.calendars import FILE_NAME, as_ics, method_of
from bot.channels.base import RefusedError, SendError, ThrottledError, UnreachableError
from bot.mail_server import MailServer
from bot.messages import Mail, Outgoing

#: Less than the lease of a message.
_TIMEOUT_S = 15.0
_AT_ONCE = 4
#: What a server says of us, or of itself, and not of the mail.
_NOT_THE_MAILS = frozenset((421, 454, 530, 534, 535, 538))
_BUSY, _LATER = timedelta(seconds=2), timedelta(minutes=1)


class MailChannel:
    """`bot.channels.base.Channel` for e-mail; the address stands in the mail itself.

    Mails come from *sender*, who is called *name*; *tls* says which certificates are trusted.
    """

    def __init__(
        self,
        server: MailServer,
        *,
        sender: str,
        name: str | None,
        clock: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._sender = sender
        self._name = name or ""
        self._clock = clock
        self._tls = tls
        self._under_way = 0

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        return messages

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        if not isinstance(message, Mail):
            raise TypeError(f"{type(message).__name__} cannot be e-mailed")
        if self._under_way >= _AT_ONCE:
            raise ThrottledError("busy", _BUSY)
        name = _name_of(message)
        self._under_way += 1
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await self._hand_over(self._made(message, name), message.to)
        except (aiosmtplib.SMTPException, OSError) as problem:  # TimeoutError is one of the latter
            raise _kind_of(problem) from problem
        finally:
            self._under_way -= 1
        return name

    async def _hand_over(self, message: EmailMessage, to: str) -> None:
        server = self._server
        await aiosmtplib.send(
            message,
            sender=self._sender,
            recipients=[to],
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=True if server.must_encrypt else None,
            tls_context=self._tls,
            local_hostname=self._sender.rpartition("@")[2],
            timeout=_TIMEOUT_S,
        )

    def _made(self, mail: Mail, name: str) -> EmailMessage:
        now, made = self._clock(), EmailMessage(policy=SMTP)
        made["From"] = Address(self._name, addr_spec=self._sender)
        made["To"] = mail.to
        made["Subject"] = mail.subject
        made["Date"] = format_datetime(now)
        made["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(mail.text)
        if mail.visit is not None:
            made.add_attachment(
                as_ics(mail.visit, now=now, organizer=self._sender),
                maintype="text",
                subtype="calendar",
                filename=FILE_NAME,
                params={"charset": "utf-8", "method": method_of(mail.visit)},
            )
        return made


def _name_of(mail: Mail) -> str:
    """Return by what a mail is known, the same when it goes out twice, so that mailboxes can tell."""
    return hashlib.sha256(repr(mail).encode()).hexdigest()[:32]


def _kind_of(problem: Exception) -> SendError:
    """Return what a failure means: the operator mends a server that is away or does not let us in."""
    code = _code_of(problem)
    is_ours = isinstance(problem, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPConnectError)
    if code is None or is_ours or code in _NOT_THE_MAILS:
        return UnreachableError(str(code or type(problem).__name__))
    return RefusedError(str(code)) if code >= 500 else ThrottledError(str(code), _LATER)


def _code_of(problem: Exception) -> int | None:
    match problem:
        case aiosmtplib.SMTPRecipientsRefused():
            return problem.recipients[0].code
        case aiosmtplib.SMTPResponseException():
            return problem.code
        case _:
            return None
