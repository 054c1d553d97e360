"""A provider that costs next to nothing: requests made ready beforehand, posted over a connection that stays open."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from tests.bench.setting import WEBHOOK, signed_message

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def ready_made(number: str, sid: str, text: str) -> bytes:
    """Return the whole request that Twilio would post for a text message."""
    body, headers = signed_message(number, sid, text)
    headers |= {"Host": "127.0.0.1", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {WEBHOOK} HTTP/1.1\r\n{head}\r\n".encode() + body


class Caller(asyncio.Protocol):
    """One connection, over which one request at a time is answered."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._came = b""

    async def post(self, request: bytes) -> int:
        """Post *request*, and return the status of its answer."""
        if self._transport is None:
            raise ConnectionError("the server is not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    # ---- what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, is_whole, body = self._came.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if is_whole and len(body) >= (int(length[1]) if length else 0):
            self._came = b""
            if self._answer is not None:
                self._answer.set_result(int(head.split(b" ", 2)[1]))

    def connection_lost(self, _failure: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))


@asynccontextmanager
async def calling(port: int) -> AsyncIterator[Caller]:
    """Be connected to the server at *port* until the end of the block."""
    transport, caller = await asyncio.get_running_loop().create_connection(Caller, "127.0.0.1", port)
    try:
        yield caller
    finally:
        transport.close()
