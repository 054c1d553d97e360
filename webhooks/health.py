"""Whether the process lives, whether it can work, and its figures."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.app import App
from bot.metrics import exposition
from domain.store import migrate


async def live(_request: web.Request) -> web.Response:
    """Answer that the process lives."""
    return web.json_response({"status": "ok"})


def ready(app: App) -> Any:
    """Return the handler that says whether work can be done, and which channels are on."""

    async def answer(_request: web.Request) -> web.Response:
        try:
            current = await migrate.is_current(app.database)
        except Exception:  # noqa: BLE001  whatever keeps the database from answering, the answer is no
            current = False
        body = {"status": "ok" if current else "not ready", "channels": sorted(app.channels)}
        return web.json_response(body, status=200 if current else 503)

    return answer


async def metrics(_request: web.Request) -> web.Response:
    """Answer with the figures for Prometheus."""
    return web.Response(body=exposition(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
