"""What every process with an HTTP side does: listen on a port, work in the background, end when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from bot.app import App
from bot.settings import SettingError


@contextlib.asynccontextmanager
async def serving(site: web.Application, host: str, port: int, *, setting: str = "PORT") -> AsyncIterator[int]:
    """Serve *site* and give the port; SettingError names HOST or *setting* when it cannot be had."""
    async with listening(host, port, setting=setting) as sockets, serving_on(site, sockets) as found:
        yield found


@contextlib.asynccontextmanager
async def listening(host: str, port: int, *, setting: str = "PORT") -> AsyncIterator[list[socket.socket]]:
    """Take *port* on *host* before anything else is done; who calls waits until it is served."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(_listening_on(host, address, family, setting))
            for family, address in await _addresses(host, port)
        ]


async def _addresses(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise SettingError(f"HOST: {host} is no address of this machine.") from None
    return list(dict.fromkeys((int(family), (str(address[0]), port)) for family, _, _, _, address in found))


def _listening_on(host: str, address: tuple[str, int], family: int, setting: str) -> socket.socket:
    try:
        return socket.create_server(address, family=family, backlog=128)
    except OSError as problem:
        name = "HOST" if problem.errno == errno.EADDRNOTAVAIL else setting
        why = os.strerror(problem.errno) if problem.errno else str(problem)
        raise SettingError(f"{name}: cannot listen on {host}:{address[1]} ({why}).") from problem


@contextlib.asynccontextmanager
async def serving_on(site: web.Application, sockets: Sequence[socket.socket]) -> AsyncIterator[int]:
    """Serve *site* on *sockets* that listen, and give the port."""
    runner = web.AppRunner(site, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        for one in sockets:
            await web.SockSite(runner, one).start()
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
