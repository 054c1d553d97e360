"""What every process with an HTTP side does: listen on a port, work in the background, end when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from bot.app import App
from bot.settings import SettingError


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
    gc.collect()
    gc.freeze()  # what was loaded to start with stays; looking it through again and again would cost every turn
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
        await _ended(tasks)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until all are over: libraries that wait with `wait_for` can swallow a cancellation before Python 3.12."""
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=1)
    await asyncio.gather(*tasks, return_exceptions=True)
