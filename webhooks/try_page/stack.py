"""The demo put together: a database with the sample clinic, doubles of the providers, the real application between."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.app import App, open_app, open_database, wall_clock
from bot.channels.telegram import make_bot
from bot.cli.providers import provisioned, register_commands
from bot.settings import Settings
from bot.shipped import NotEmptyError, write_sample
from dialogs.sentences import BOT_COMMANDS
from dialogs.text import render
from domain.staff.joining import INVITATION, digest, new_code
from domain.staff.members import Post
from domain.staff.rights import Role
from domain.store import migrate
from domain.store.database import driver_url
from domain.store.stamp import Stamp
from domain.store.work import Work
from domain.words import LANGUAGES
from webhooks import app as site_of
from webhooks.serving import listening, serving_on, working
from webhooks.simulator.exchange import Payload
from webhooks.try_page import routes
from webhooks.try_page.doubles import LOOPBACK, Doubles, doubles_at_work
from webhooks.try_page.people import Switchboard
from webhooks.try_page.sessions import Sessions

_EVERYWHERE = {"": LOOPBACK, "0.0.0.0": LOOPBACK, "::": "[::1]"}  # noqa: S104  where a listener is reached, no listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The demo at work; *address* is where this machine reaches it."""

    app: App
    sessions: Sessions
    doubles: Doubles
    address: str


async def prepare(settings: Settings, *, now: datetime) -> None:
    """Bring the database to the newest schema, and fill it with the sample clinic if it is empty."""
    database = await open_database(settings, must_be_current=False)
    try:
        await migrate.migrate(database)
        with contextlib.suppress(NotEmptyError):
            await write_sample(database, now=now)
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def demo_at_work(
    given: Settings, *, host: str, port: int, clock: Callable[[], datetime] = wall_clock
) -> AsyncIterator[Demo]:
    """Run everything in this process, on *host* and *port*, with the database of *given*.

    The port is taken before anything is written, and the doubles' Content resources are known in this process only: a
    database that a real desk works on keeps its own.
    """
    address = f"http://{_EVERYWHERE.get(host, host)}:{port}"
    async with contextlib.AsyncExitStack() as stack:
        sockets = await stack.enter_async_context(listening(host, port))
        await prepare(given, now=clock())
        doubles = await stack.enter_async_context(doubles_at_work(lambda url: f"{address}{urlsplit(url).path}", clock))
        settings = doubles.settings(given, port=port)
        made = await provisioned(settings)
        app = await stack.enter_async_context(open_app(settings, clock=clock, sids=FixedSids(made.sids)))
        await register_commands(make_bot(settings.telegram_bot_token or "", settings.telegram_api_url, app.session))
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        switchboard = Switchboard(
            doubles=doubles, session=session, address=address, public_url=settings.public_url or address
        )
        sessions = Sessions(switchboard, app.clock)
        site = site_of.make(app)
        routes.add(site, sessions, about(settings), functools.partial(invited, app))
        await stack.enter_async_context(serving_on(site, sockets))
        await stack.enter_async_context(working(app, sends=True))
        yield Demo(app=app, sessions=sessions, doubles=doubles, address=address)


async def invited(app: App) -> str:
    """Return a code by which somebody becomes an administrator of the sample clinic."""
    code = new_code()
    async with app.database.begin() as connection:
        staffing = Work(connection, Stamp(now=app.clock(), actor="demo")).staffing
        await staffing.add_invite(
            digest(app.database.index_secret, code), [Post(Role.ADMINISTRATOR)], name=None, lasts=INVITATION
        )
    return code


@dataclass(frozen=True, slots=True)
class FixedSids:
    """The SIDs of the doubles' Content resources, which never refuse one."""

    by_name: Mapping[str, str]

    async def sid(self, name: str) -> str | None:
        return self.by_name.get(name)

    def refused(self, sid: str) -> None:
        """Go on as before."""


def about(settings: Settings) -> Payload:
    """Return what the page says of the clinic, and by which database `frontdesk chat` knows a demo."""
    return {
        "clinic": settings.clinic_name,
        "database": fingerprint(settings.database_url),
        "commands": {
            language: [{"word": word, "does": render(text, language)} for word, text in BOT_COMMANDS.items()]
            for language in LANGUAGES
        },
    }


def fingerprint(database_url: str) -> str:
    """Return what is the same for the same database, and says nothing of it."""
    url = driver_url(database_url)
    is_file = url.get_backend_name() == "sqlite"
    place = str(Path(url.database or "").resolve()) if is_file else f"{url.host}:{url.port}/{url.database}"
    return hashlib.sha256(place.encode()).hexdigest()[:32]


async def running_demo(settings: Settings) -> str | None:
    """Return the address of a demo that runs here already, on the same database; two would take each other's mail."""
    address = f"http://{LOOPBACK}:{settings.port}"
    timeout = aiohttp.ClientTimeout(total=1)
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{address}/try/about") as response:
            told = await response.json()
            if isinstance(told, dict) and told.get("database") == fingerprint(settings.database_url):
                return address
    return None


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
