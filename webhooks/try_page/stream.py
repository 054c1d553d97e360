"""Server-sent events: the whole screen first, then what changes, a heartbeat where nothing does."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from webhooks.simulator.exchange import Payload
from webhooks.try_page.session import Event, Session, Stream

HEARTBEAT_S = 15.0
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
_BEFORE = b"retry: 1500\n\n"
_HEARTBEAT = b": still here\n\n"


async def pour(request: web.Request, session: Session, about: Payload) -> web.StreamResponse:
    """Stream *session* until it is over or nobody reads it; *about* goes along with the whole."""
    response = web.StreamResponse(headers=_HEADERS)
    with session.watched() as stream:
        whole = written("screen", about | session.whole())  # now: what changes from here on is in the stream
        try:
            await response.prepare(request)
            await response.write(_BEFORE + whole)
            await _follow(response, stream)
        except ConnectionResetError:
            return response  # the tab was closed
    return response


async def _follow(response: web.StreamResponse, stream: Stream) -> None:
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                event: Event = await stream.get()
        except TimeoutError:
            await response.write(_HEARTBEAT)
            continue
        if event is None:
            return
        await response.write(written(*event))


def written(name: str, body: Payload) -> bytes:
    """Return an event as it goes over the line."""
    return f"event: {name}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
