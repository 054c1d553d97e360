"""Long polling: updates fetched from Telegram one batch after another, for a machine that nobody can call."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import structlog

from bot.app import App
from bot.channels.telegram import UPDATES
from bot.log import problem
from webhooks.telegram import inbound

log = structlog.get_logger()
_WAIT_S = 25
_PAUSE_S = 3.0


async def poll(app: App) -> int:
    """Fetch and handle updates for ever, confirming what is stored; ends, with 1, where a webhook is set."""
    offset = 0
    while True:
        try:
            updates = await _updates(app, offset)
        except (aiohttp.ClientError, TimeoutError) as trouble:
            log.info("telegram not reached", problem=problem(trouble))
            await asyncio.sleep(_PAUSE_S)
            continue
        if updates is None:
            return 1
        for update in updates:
            message = inbound(update)
            if message is not None:
                await app.turns.receive(message)
            offset = update["update_id"] + 1


async def _updates(app: App, offset: int) -> list[dict[str, Any]] | None:
    settings = app.settings
    address = f"{settings.telegram_api_url}/bot{settings.telegram_bot_token}/getUpdates"
    asked = {"offset": offset, "timeout": _WAIT_S, "allowed_updates": UPDATES}
    timeout = aiohttp.ClientTimeout(total=_WAIT_S + 10)
    async with app.session.post(address, json=asked, timeout=timeout) as response:
        body = await response.json()
    if body.get("ok"):
        return list(body["result"])
    log.error("telegram refuses to be polled", code=body.get("error_code"))
    if body.get("error_code") in (401, 404, 409):
        return None
    await asyncio.sleep(_PAUSE_S)
    return []
