"""Commands that set things up at the providers: Telegram's webhook and commands, WhatsApp's Content resources."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

from bot.app import open_database
from bot.channels.contents import TROUBLES, ContentApi, is_like, why
from bot.channels.whatsapp import resources
from bot.cli import CommandLine, json_option
from bot.cli.templates import Looked, Shelf
from bot.settings import SettingError, Settings
from dialogs.sentences import BOT_COMMANDS
from dialogs.text import render
from domain.store import content
from domain.store.database import Connection
from domain.words import LANGUAGES

if TYPE_CHECKING:
    from telegram import Bot

PROVISION = "run: frontdesk whatsapp provision"


async def run_set_webhook(_given: argparse.Namespace, settings: Settings) -> int:
    """Tell Telegram where updates go, with the secret, and register the commands; safe to repeat."""
    if settings.telegram_bot_token is None:
        raise SettingError("TELEGRAM_BOT_TOKEN: is not set; BotFather gives you one.")
    if settings.telegram_webhook_secret is None:
        raise SettingError("TELEGRAM_WEBHOOK_SECRET: is not set; make up a long one.")
    if settings.public_url is None:
        raise SettingError("PUBLIC_URL: is not set; Telegram must know where to send updates.")
    from telegram.error import TelegramError

    from bot.channels.telegram import UPDATES, make_bot

    async with aiohttp.ClientSession() as session:
        bot = make_bot(settings.telegram_bot_token, settings.telegram_api_url, session)
        try:
            await bot.set_webhook(
                f"{settings.public_url}/webhooks/telegram",
                secret_token=settings.telegram_webhook_secret,
                allowed_updates=UPDATES,
                max_connections=40,
            )
            await register_commands(bot)
        except TelegramError as problem:
            print(f"frontdesk telegram set-webhook: Telegram says: {problem}", file=sys.stderr)
            return 1
    print(f"Updates go to {settings.public_url}/webhooks/telegram; {len(BOT_COMMANDS)} commands are registered.")
    return 0


async def register_commands(bot: Bot) -> None:
    """Tell Telegram what to offer beside the input line, in each language."""
    from telegram import BotCommand

    for language in LANGUAGES:
        commands = [BotCommand(name, render(text, language)) for name, text in BOT_COMMANDS.items()]
        await bot.set_my_commands(commands, language_code=None if language == "en" else language)


async def run_provision(_given: argparse.Namespace, settings: Settings) -> int:
    """Make the Content resources that WhatsApp needs, and ask for the approval of its templates; safe to repeat."""
    database = await open_database(settings)
    try:
        found = await provisioned(settings)
        async with database.begin() as connection:
            for name, sid in found.resources.items():
                await content.keep_sid(connection, name, sid)
            await _keep(connection, found.templates)
    except TROUBLES as problem:
        print(f"frontdesk whatsapp provision: {why(problem)}.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"{len(found.sids)} Content resources are ready, {found.made} of them new.")
    for one in found.templates:
        print(f"{one}.")
    return 0


async def run_check_templates(given: argparse.Namespace, settings: Settings) -> int:
    """Ask how WhatsApp's templates stand, and remember it; the status is 0 when all may be used."""
    database = await open_database(settings)
    try:
        async with database.read() as connection:
            stored = await content.all_sids(connection)
        async with _content_api(settings) as api:
            found = await Shelf(api=api, there=await api.there(), given=settings.given_templates()).look(stored)
        async with database.begin() as connection:
            await _keep(connection, found)
    except TROUBLES as problem:
        print(f"frontdesk whatsapp check: {why(problem)}.", file=sys.stderr)
        return 1
    finally:
        await database.close()
    if given.json:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            print(f"{one}.")
    return 0 if all(one.is_usable for one in found) else 1


def _as_json(one: Looked) -> dict[str, str | None]:
    return {"name": one.name, "sid": one.sid, "state": one.standing.state, "reason": one.standing.reason}


async def _keep(connection: Connection, found: Sequence[Looked]) -> None:
    """Remember how templates stand; what a setting names, by its SID alone."""
    for one in found:
        if one.sid is not None:
            await content.keep_sid(connection, one.sid if one.is_given else one.name, one.sid, one.standing.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """What is at Twilio now: the *resources* for conversations, by name, and the *templates*; *made* are new."""

    resources: dict[str, str]
    templates: list[Looked]
    made: int

    @property
    def sids(self) -> dict[str, str]:
        """The SIDs of all by name."""
        return self.resources | {one.name: one.sid for one in self.templates if one.sid is not None}


async def provisioned(settings: Settings) -> Provisioned:
    """Make the Content resources that are missing; those that still fit are taken as they are."""
    sids: dict[str, str] = {}
    made = 0
    async with _content_api(settings) as api:
        there = await api.there()
        for name, body in resources().items():
            fitting = [item["sid"] for item in there if is_like(item, body)]
            sids[name] = fitting[0] if fitting else await api.make(body)
            made += not fitting
        templates = await Shelf(api=api, there=there, given=settings.given_templates()).provide()
    return Provisioned(resources=sids, templates=templates, made=made + sum(one.is_new for one in templates))


def _unsaid(_text: str) -> None:
    """Say nothing."""


async def resource_faults(
    settings: Settings, stored: Mapping[str, str], note: Callable[[str], None] = _unsaid
) -> list[str]:
    """Name what is wrong with the *stored* SIDs of Content resources by asking Twilio for them; *note* what is not."""
    try:
        async with _content_api(settings) as api:
            there = await api.there()
            agreed = await Shelf(api=api, there=there, given=settings.given_templates()).look(stored)
    except TROUBLES as problem:
        return [f"WhatsApp's Content resources cannot be looked at: {why(problem)}"]
    by_sid = {item["sid"]: item for item in there}
    wanted = resources()
    lost = [name for name, sid in stored.items() if name in wanted and not is_like(by_sid.get(sid, {}), wanted[name])]
    for one in agreed:
        if one.is_awaited:
            note(f"WhatsApp's template {one}: reminders go another way until it is approved")
    found = (
        [f"WhatsApp: {len(lost)} Content resources are not at Twilio as they should be; {PROVISION}"] if lost else []
    )
    unusable = (one for one in agreed if not one.is_usable and not one.is_awaited)
    cures = {True: f"; {PROVISION}", False: ""}
    return [*found, *(f"WhatsApp's template {one}{cures[one.can_be_made]}" for one in unusable)]


@contextlib.asynccontextmanager
async def _content_api(settings: Settings) -> AsyncIterator[ContentApi]:
    account, token = settings.twilio_account_sid, settings.twilio_auth_token
    if account is None or token is None:
        raise SettingError("TWILIO_ACCOUNT_SID: is not set, or TWILIO_AUTH_TOKEN is not; see the Twilio console.")
    async with aiohttp.ClientSession() as session:
        yield ContentApi(session=session, root=settings.twilio_content_url, account_sid=account, auth_token=token)


COMMANDS = (
    CommandLine(
        name="telegram set-webhook",
        does="Tell Telegram where updates go, and register the commands.",
        run=run_set_webhook,
    ),
    CommandLine(
        name="whatsapp provision",
        does="Make the Content resources for WhatsApp, and ask for the approval of its templates.",
        run=run_provision,
    ),
    CommandLine(
        name="whatsapp check",
        does="Ask which of WhatsApp's templates are approved.",
        run=run_check_templates,
        arguments=json_option,
    ),
)
