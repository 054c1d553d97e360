"""The application put together from its settings: the only place that wires parts to each other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import redis.asyncio as redis
import structlog

from bot.approvals import Approvals
from bot.calendars import NOBODY, signed
from bot.channels.base import Channel as Sends
from bot.channels.contents import APPROVED, ContentApi
from bot.channels.gsm import charged
from bot.channels.sms import SmsChannel
from bot.channels.twilio import Sender
from bot.channels.whatsapp import ContentSids, WhatsAppChannel
from bot.files import path_of
from bot.jobs import Jobs
from bot.log import problem
from bot.outbox import Dispatcher
from bot.pace import Pace
from bot.settings import NotMigratedError, SettingError, Settings
from bot.turns import Turns
from bot.wake import Line, RedisLine, Wake
from bot.world import Catalogue
from dialogs.prompt import Picture, Sheet
from dialogs.readers import when
from domain import places
from domain.patients import Channel
from domain.staff.postage import Postage
from domain.store import content, migrate
from domain.store.centres import SqlCentres
from domain.store.database import TROUBLES, Database
from domain.store.notify import PostgresNotices
from domain.store.sealing import SealError

log = structlog.get_logger()
STATUS_PATH = "/webhooks/twilio/status"
_MIGRATE = "run: frontdesk migrate"
_SIDS_FRESH = timedelta(seconds=30)
_REFUSED_FOR = timedelta(hours=1)


def wall_clock() -> datetime:
    """Return the moment it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything that runs in a process."""

    settings: Settings
    database: Database
    session: aiohttp.ClientSession
    channels: dict[Channel, Sends]
    turns: Turns
    dispatcher: Dispatcher
    jobs: Jobs
    wake: Wake
    clock: Callable[[], datetime]


async def open_database(settings: Settings, *, must_be_current: bool = True) -> Database:
    """Open the database; SettingError says what is wrong with it and what to do, and leaves no file behind.

    Unless it *must_be_current* one that is not there yet is begun, with its key.
    """
    file = settings.database_file()
    if file is not None:
        await asyncio.to_thread(_check_file, file, must_exist=must_be_current)
    database = Database.open(settings.database_url, settings.keyring(may_make=False))
    try:
        if not must_be_current:
            if await migrate.revision(database) is None:
                database.use_keys(settings.keyring())
        else:
            if not await migrate.is_current(database):
                raise NotMigratedError(f"DATABASE_URL: the database has not this release's schema; {_MIGRATE}.")
            await migrate.load_secret(database)
    except TROUBLES as trouble:
        await database.close()
        raise SettingError(f"DATABASE_URL: the database cannot be used ({type(trouble).__name__}).") from trouble
    except SealError as trouble:
        await database.close()
        raise SettingError(f"FIELD_KEYS: these are not the keys of this database: {trouble}.") from trouble
    except SettingError:
        await database.close()
        raise
    return database


def _check_file(file: Path, *, must_exist: bool) -> None:
    if must_exist and not file.exists():
        raise NotMigratedError(f"DATABASE_URL: there is no database at {file} yet; {_MIGRATE}.")
    if file.exists() and not file.is_file():
        raise SettingError(f"DATABASE_URL: {file} is no file that a database could be in.")
    if not file.parent.is_dir():
        raise SettingError(f"DATABASE_URL: there is no folder {file.parent}.")


@contextlib.asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = wall_clock,
    sids: ContentSids | None = None,
    by_webhook: bool = True,
) -> AsyncIterator[App]:
    """Put the application together, and take it apart again.

    *sids* stand in place of the stored ones; *by_webhook* says whether this process is called by the providers.
    """
    async with contextlib.AsyncExitStack() as stack:
        database = await open_database(settings)
        stack.push_async_callback(database.close)
        if settings.stores_in_clear():
            log.warning("names and answers are stored in clear", cure="set FIELD_KEYS")
        async with database.read() as connection:
            await places.warm_up(SqlCentres(connection))
        await asyncio.to_thread(when.warm_up)  # else the first date that somebody writes would hold up all others
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)))
        client = (
            redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
            if settings.redis_url
            else None
        )
        if client is not None:
            stack.push_async_callback(client.aclose)
        channels = make_channels(
            settings,
            database,
            session,
            clock,
            sids or StoredSids(database, clock, settings.given_templates()),
            by_webhook=by_webhook,
        )
        uses_templates = Channel.WHATSAPP in channels and sids is None
        wake = Wake(_line(client, database))
        stack.push_async_callback(wake.close)
        catalogue = Catalogue(
            database, settings.clinic_name, mails=Channel.EMAIL in channels, video_url=settings.video_url
        )
        turns = Turns(
            database=database,
            catalogue=catalogue,
            channels=channels,
            wake=wake,
            clock=clock,
            language=settings.default_language,
            bot=settings.telegram_bot_username,
            postage=Postage(segments=charged, price=settings.price(), language=settings.default_language),
        )
        yield App(
            settings=settings,
            database=database,
            session=session,
            channels=channels,
            turns=turns,
            dispatcher=Dispatcher(
                database=database, channels=channels, pace=Pace(client, clock=clock), wake=wake, clock=clock
            ),
            jobs=Jobs(
                database=database,
                turns=turns,
                wake=wake,
                clock=clock,
                approvals=_approvals(settings, database, session, clock) if uses_templates else None,
            ),
            wake=wake,
            clock=clock,
        )


def _line(client: redis.Redis | None, database: Database) -> Line | None:
    if client is not None:
        return RedisLine(client)
    return None if database.is_sqlite else PostgresNotices(database)


def _approvals(
    settings: Settings, database: Database, session: aiohttp.ClientSession, clock: Callable[[], datetime]
) -> Approvals:
    api = ContentApi(
        session=session,
        root=settings.twilio_content_url,
        account_sid=settings.twilio_account_sid or "",
        auth_token=settings.twilio_auth_token or "",
    )
    return Approvals(database=database, api=api, given=settings.given_templates(), clock=clock)


def make_channels(
    settings: Settings,
    database: Database,
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
    sids: ContentSids,
    *,
    by_webhook: bool,
) -> dict[Channel, Sends]:
    """Return the channels that have their settings; say of the others that they are off."""
    off = settings.channels_off(by_webhook=by_webhook)
    for channel, wants in off.items():
        log.warning("channel off", channel=channel, cure=wants)
    found: dict[Channel, Sends] = {}
    if Channel.TELEGRAM not in off:
        from bot.channels.telegram import TelegramChannel, make_bot

        token = settings.telegram_bot_token or ""
        found[Channel.TELEGRAM] = TelegramChannel(
            make_bot(token, settings.telegram_api_url, session), clock, organizer=settings.mail_from() or NOBODY
        )
    sender = Sender(
        account_sid=settings.twilio_account_sid or "",
        auth_token=settings.twilio_auth_token or "",
        root=settings.twilio_api_url,
        session=session,
        status_callback=f"{settings.public_url}{STATUS_PATH}",
    )

    def link(reference: str) -> str:
        return f"{settings.public_url}/calendar/{signed(database.index_secret, reference)}.ics"

    def files(message: Sheet | Picture) -> str:
        return f"{settings.public_url}{path_of(database.index_secret, message)}"

    if Channel.SMS not in off:
        service = settings.twilio_messaging_service_sid
        origin = {"messaging_service_sid": service} if service else {"from_": settings.twilio_sms_from or ""}
        found[Channel.SMS] = SmsChannel(sender, origin=origin, link=link, files=files)
    if Channel.WHATSAPP not in off:
        number = settings.twilio_whatsapp_from or ""
        found[Channel.WHATSAPP] = WhatsAppChannel(sender, number=number, link=link, sids=sids, clock=clock, files=files)
    if (mails := _mail_channel(settings, clock)) is not None:
        found[Channel.EMAIL] = mails
    return found


def _mail_channel(settings: Settings, clock: Callable[[], datetime]) -> Sends | None:
    server, sender = settings.mail_server(), settings.mail_from()
    if server is None or sender is None:
        log.info("e-mail off", cure="set SMTP_URL")
        return None
    from bot.channels.mail import MailChannel

    return MailChannel(server, sender=sender, name=settings.clinic_name, clock=clock)


class StoredSids:
    """The SIDs of provisioned Content resources, read from the database now and then; *given* ones go before.

    A template that is known not to be approved is none. Those that were refused are passed over for an hour, unless
    they were provisioned anew. A database that is away leaves those that are known: a message without buttons is better
    than none.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], given: Mapping[str, str] | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._given = given or {}
        self._sids: dict[str, str] = {}
        self._unusable: frozenset[str] = frozenset()
        self._refused: dict[str, datetime] = {}
        self._read_at: datetime | None = None

    async def sid(self, name: str) -> str | None:
        now = self._clock()
        if self._read_at is None or not timedelta() <= now - self._read_at < _SIDS_FRESH:
            await self._read(now)
        sid = self._given.get(name) or self._sids.get(name)
        if sid in self._unusable:
            return None
        refused_at = self._refused.get(sid) if sid is not None else None
        return sid if refused_at is None or now - refused_at >= _REFUSED_FOR else None

    def refused(self, sid: str) -> None:
        self._refused[sid] = self._clock()

    async def _read(self, now: datetime) -> None:
        try:
            async with self._database.read() as connection:
                kept = await content.all_kept(connection)
        except TROUBLES as trouble:
            log.info("content resources not read", problem=problem(trouble))
        else:
            self._sids = {one.name: one.sid for one in kept}
            self._unusable = frozenset(one.sid for one in kept if one.approval not in (None, APPROVED))
            self._read_at = now
