"""Long polling: updates fetched from Telegram one batch after another, for a machine that nobody can call."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import structlog

from bot.app import App
from bot.channels.telegram import UPDATES
from bot.log import problem
from domain.store.database import TROUBLES
from webhooks.telegram import inbound, is_update

log = structlog.get_logger()
_WAIT_S = 25
_PAUSE_S = 3.0


async def poll(app: App) -> int:
    """Fetch and handle updates for ever, confirming what is stored; ends, with 1, where a webhook is set.

    What is away, be it Telegram or the database, is waited for; an update that cannot be handled is passed by.
    """
    offset = 0
    while True:
        try:
            updates = await _updates(app, offset)
            if updates is None:
                return 1
            for update in updates:
                await _handle(app, update)
                offset = update["update_id"] + 1
        except (aiohttp.ClientError, *TROUBLES) as trouble:
            log.info("polling interrupted", problem=problem(trouble))
            await asyncio.sleep(_PAUSE_S)


async def _handle(app: App, update: dict[str, Any]) -> None:
    try:
        message = inbound(update)
        if message is not None:
            await app.turns.receive(message)
    except TROUBLES:
        raise
    except Exception as failure:  # noqa: BLE001  the edge where updates come in, as the HTTP one is for webhooks
        log.error("update passed by", update=update["update_id"], problem=problem(failure))


async def _updates(app: App, offset: int) -> list[dict[str, Any]] | None:
    settings = app.settings
    address = f"{settings.telegram_api_url}/bot{settings.telegram_bot_token}/getUpdates"
    asked = {"offset": offset, "timeout": _WAIT_S, "allowed_updates": UPDATES}
    timeout = aiohttp.ClientTimeout(total=_WAIT_S + 10)
    async with app.session.post(address, json=asked, timeout=timeout) as response:
        body = await _object(response)
    if body.get("ok"):
        return [update for update in body.get("result", []) if is_update(update)]
    log.error("telegram refuses to be polled", code=body.get("error_code"))
    if body.get("error_code") in (401, 404, 409):
        return None
    await asyncio.sleep(_PAUSE_S)
    return []


async def _object(response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        body = await response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise aiohttp.ClientPayloadError("what Telegram answers cannot be read")
    return body
