"""The `frontdesk` command with all its parts: what `bot.cli` has, and what serves or speaks HTTP."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Sequence

import structlog
from aiohttp import web

from bot import cli
from bot.app import App, open_app
from bot.cli import CommandLine, checks, data, providers, talk
from bot.settings import SettingError, Settings
from webhooks import app as site_of
from webhooks.polling import poll

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def serving(site: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve *site* and give the port; SettingError when it cannot be had."""
    runner = web.AppRunner(site, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        served = web.TCPSite(runner, host, port, reuse_port=False)
        try:
            await served.start()
        except OSError as problem:
            raise SettingError(f"PORT: cannot listen on {host}:{port} ({problem.strerror or problem}).") from problem
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def until_told() -> None:
    """Wait for SIGINT or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()


@contextlib.asynccontextmanager
async def working(app: App, *, sends: bool) -> AsyncIterator[None]:
    """Run the worker's loops, and the wake-ups from other processes, in the background."""
    loops = [app.wake.listen()]
    if sends:
        loops += [app.dispatcher.run(), app.jobs.run()]
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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
        app = await stack.enter_async_context(open_app(settings))
        if settings.worker_port:
            site = web.Application()
            site_of.add_health(site, app)
            await stack.enter_async_context(serving(site, settings.host, settings.worker_port))
        await stack.enter_async_context(working(app, sends=True))
        log.info("working", channels=sorted(app.channels))
        await until_told()
    return 0


async def run_poll(_given: argparse.Namespace, settings: Settings) -> int:
    """Fetch updates from Telegram instead of being called: for a laptop without a public address."""
    if settings.telegram_bot_token is None:
        raise SettingError("TELEGRAM_BOT_TOKEN: is not set; BotFather gives you one.")
    async with open_app(settings) as app, working(app, sends=True):
        told = asyncio.create_task(until_told())
        polled = asyncio.create_task(poll(app))
        await asyncio.wait({told, polled}, return_when=asyncio.FIRST_COMPLETED)
        for task in (told, polled):
            task.cancel()
        results = await asyncio.gather(told, polled, return_exceptions=True)
        return next((result for result in results if isinstance(result, int)), 0)


COMMANDS = (
    CommandLine(name="run", does="Run everything in one process.", run=run_run),
    CommandLine(name="web", does="Run the web side alone.", run=run_web),
    CommandLine(name="worker", does="Run the worker alone: outbox, timers, jobs.", run=run_worker),
    *data.COMMANDS,
    *checks.COMMANDS,
    *talk.COMMANDS,
    CommandLine(name="telegram poll", does="Fetch updates from Telegram, without a public address.", run=run_poll),
    *providers.COMMANDS,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    sys.exit(cli.run(COMMANDS, arguments))


if __name__ == "__main__":
    main()
