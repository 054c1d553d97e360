"""What every channel does, and the four ways in which a send fails; or it is only the address that is another now."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from bot.messages import Outgoing


class SendError(Exception):
    """A message was not sent; *code* is the provider's own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ThrottledError(SendError):
    """Too much at once: wait as long as the provider says."""

    def __init__(self, code: str, retry_after: timedelta) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class UnreachableError(SendError):
    """The provider did not answer, or not sensibly; whether the message went out may be unknown. Try again."""


class BlockedError(SendError):
    """The person does not want, or cannot get, messages here: stop writing to them."""


class RefusedError(SendError):
    """The provider will never take this message: our own fault."""


class MovedError(SendError):
    """The chat goes on at another *address*: send it there."""

    def __init__(self, code: str, address: str) -> None:
        super().__init__(code)
        self.address = address


class Channel(Protocol):
    """Sends one message with one request to the provider."""

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        """Return *messages* as this channel can send them, each with one request."""

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        """Send *message* and return the provider's id of it.

        *shown_as* is the provider's id of the message that showed the menu which a `Settled` is about.
        Raises one of the kinds of `SendError`.
        """
