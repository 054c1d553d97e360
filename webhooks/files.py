"""Tables of reports and pictures of days by link: for whoever has the address, and nobody can guess it."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.app import App
from bot.charts import chart_of
from bot.files import hours_in, sheet_in
from domain.staff.report_table import file_name, table_of
from domain.store.reports import SqlReports
from domain.store.stamp import Stamp

_DAY = timedelta(days=1)


def sheet(app: App) -> Handler:
    """Return the handler of /report/{token}.csv."""

    async def answer(request: web.Request) -> web.Response:
        link = sheet_in(app.database.index_secret, request.match_info["token"], app.clock())
        if link is None:
            raise web.HTTPNotFound
        async with app.database.read() as connection:
            reports = SqlReports(connection, Stamp(now=app.clock(), actor="link"))
            report = await reports.report(link.centre, link.period, link.period.end(link.first) + _DAY)
        headers = {
            "Content-Disposition": f'attachment; filename="{file_name(report)}"',
            "Cache-Control": "private, no-store",
        }
        return web.Response(text=table_of(report), content_type="text/csv", charset="utf-8", headers=headers)

    return answer


def picture(app: App) -> Handler:
    """Return the handler of /chart/{token}.png."""

    async def answer(request: web.Request) -> web.Response:
        hours = hours_in(app.database.index_secret, request.match_info["token"])
        if hours is None:
            raise web.HTTPNotFound
        return web.Response(body=chart_of(hours), content_type="image/png")

    return answer
