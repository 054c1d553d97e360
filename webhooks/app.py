"""The HTTP application: the routes that outsiders rely on."""

from __future__ import annotations

from aiohttp import web

from bot.app import STATUS_PATH, App
from webhooks import calendar, files, health, scheduling, telegram, twilio
from webhooks.middleware import observed

BODY_LIMIT = 256 * 1024


def make(app: App) -> web.Application:
    """Return the web side of *app*."""
    site = web.Application(middlewares=[observed], client_max_size=BODY_LIMIT)
    add_health(site, app)
    message, receipt = twilio.handlers(app)
    site.router.add_post("/webhooks/telegram", telegram.handler(app))
    site.router.add_post("/webhooks/twilio", message)
    site.router.add_post(STATUS_PATH, receipt)
    site.router.add_get("/calendar/{token}.ics", calendar.handler(app))
    site.router.add_get("/report/{token}.csv", files.sheet(app))
    site.router.add_get("/chart/{token}.png", files.picture(app))
    scheduling.add_to(site, app)
    return site


def add_health(site: web.Application, app: App) -> None:
    """Add what an operator looks at."""
    site.router.add_get("/health/live", health.live)
    site.router.add_get("/health/ready", health.ready(app))
    site.router.add_get("/metrics", health.metrics)
