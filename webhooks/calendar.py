"""Calendar entries by link, for phones that cannot be sent a file; the link is signed and names nobody."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.app import App
from bot.calendars import NOBODY, as_ics, reference_in
from dialogs.scripts.told import visit_of
from domain.context import claim_of
from domain.store.appointments import by_reference


def handler(app: App) -> Any:
    """Return the handler of /calendar/{token}.ics."""

    async def answer(request: web.Request) -> web.Response:
        reference = reference_in(app.database.index_secret, request.match_info["token"])
        if reference is None:
            raise web.HTTPNotFound
        async with app.database.read() as connection:
            found = await by_reference(connection, reference)
        if found is None:
            raise web.HTTPNotFound
        body = as_ics(visit_of(claim_of(found)), now=app.clock(), organizer=app.settings.mail_from() or NOBODY)
        return web.Response(body=body, content_type="text/calendar", charset="utf-8")

    return answer
