"""The `frontdesk` command with all its parts: what `bot.cli` has, and what serves or speaks HTTP."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import sys
from collections.abc import Sequence

import structlog
from aiohttp import web

from bot import cli
from bot.app import open_app
from bot.cli import CommandLine, checks, data, digests, providers, staff, stock, talk, visits
from bot.log import problem
from bot.settings import SettingError, Settings
from webhooks import app as site_of
from webhooks.polling import poll
from webhooks.serving import serving, until_told, working
from webhooks.try_page import commands as try_page

__all__ = ["main", "serving", "working"]

log = structlog.get_logger()


async def _serve(settings: Settings, *, sends: bool) -> None:
    async with (
        open_app(settings) as app,
        serving(site_of.make(app), settings.host, settings.port),
        working(app, sends=sends),
    ):
        log.info("ready", port=settings.port, channels=sorted(app.channels))
        await until_told()


async def run_run(_given: argparse.Namespace, settings: Settings) -> int:
    """Run everything in one process."""
    await _serve(settings, sends=True)
    return 0


async def run_web(_given: argparse.Namespace, settings: Settings) -> int:
    """Run the web side alone; workers send."""
    await _serve(settings, sends=False)
    return 0


async def run_worker(_given: argparse.Namespace, settings: Settings) -> int:
    """Run the worker alone, with health and metrics on WORKER_PORT if it is set."""
    async with contextlib.AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(settings, by_webhook=False))
        if settings.worker_port:
            site = web.Application()
            site_of.add_health(site, app)
            await stack.enter_async_context(serving(site, settings.host, settings.worker_port, setting="WORKER_PORT"))
        await stack.enter_async_context(working(app, sends=True))
        log.info("working", channels=sorted(app.channels))
        await until_told()
    return 0


async def run_poll(_given: argparse.Namespace, settings: Settings) -> int:
    """Fetch updates from Telegram instead of being called: for a laptop without a public address."""
    if settings.telegram_bot_token is None:
        raise SettingError("TELEGRAM_BOT_TOKEN: is not set; BotFather gives you one.")
    async with open_app(settings, by_webhook=False) as app, working(app, sends=True):
        told, polled = asyncio.create_task(until_told()), asyncio.create_task(poll(app))
        ended, _ = await asyncio.wait({told, polled}, return_when=asyncio.FIRST_COMPLETED)
        for task in (told, polled):
            task.cancel()
        await asyncio.gather(told, polled, return_exceptions=True)
        return _status_of(polled) if polled in ended else 0


def _status_of(polled: asyncio.Task[int]) -> int:
    """Return the exit status of a loop that came to its end by itself."""
    failure = polled.exception()
    if failure is None:
        return polled.result()
    log.error("polling ended", problem=problem(failure))
    return 1


COMMANDS = (
    CommandLine(name="run", does="Run everything in one process.", run=run_run),
    CommandLine(name="web", does="Run the web side alone.", run=run_web),
    CommandLine(name="worker", does="Run the worker alone: outbox, timers, jobs.", run=run_worker),
    *try_page.COMMANDS,
    *data.COMMANDS,
    *stock.COMMANDS,
    *visits.COMMANDS,
    *staff.COMMANDS,
    *digests.COMMANDS,
    *checks.COMMANDS,
    *talk.COMMANDS,
    CommandLine(name="telegram poll", does="Fetch updates from Telegram, without a public address.", run=run_poll),
    *providers.COMMANDS,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    status = cli.run(COMMANDS, arguments)
    gc.freeze()  # the interpreter would look through everything once more before it ends, which takes a second
    sys.exit(status)


if __name__ == "__main__":
    main()
