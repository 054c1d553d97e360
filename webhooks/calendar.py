"""Calendar entries by link, for phones that cannot be sent a file; the link is signed and names nobody."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.app import App
from bot.calendars import as_ics, reference_in
from dialogs.prompt import Visit
from domain.appointments import OPEN
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
        centre = found.slot.centre
        visit = Visit(
            reference=found.reference,
            sequence=found.version,
            starts_at=found.slot.starts_at,
            ends_at=found.slot.ends_at,
            title=centre.name,
            place=f"{centre.name}, {centre.address}, {centre.postcode} {centre.town}",
        )
        body = as_ics(visit, now=app.clock(), cancelled=found.status not in OPEN)
        return web.Response(body=body, content_type="text/calendar", charset="utf-8")

    return answer
