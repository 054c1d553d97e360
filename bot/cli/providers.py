"""Commands that set things up at the providers: Telegram's webhook and commands, WhatsApp's Content resources."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.app import open_database
from bot.cli import CommandLine
from bot.settings import SettingError, Settings
from dialogs.sentences import BOT_COMMANDS
from dialogs.text import render
from domain.store import content
from domain.store.database import Database
from domain.words import LANGUAGES

if TYPE_CHECKING:
    from telegram import Bot

_TIMEOUT = aiohttp.ClientTimeout(total=20)


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
    """Make the Content resources that WhatsApp's buttons and lists need; those that exist are taken as they are."""
    database = await open_database(settings)
    try:
        there, made = await provision(settings, database)
    except (aiohttp.ClientError, TimeoutError) as problem:
        print(f"frontdesk whatsapp provision: Twilio could not be reached ({problem}).", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(f"{there} Content resources are ready, {made} of them new.")
    return 0


async def provision(settings: Settings, database: Database) -> tuple[int, int]:
    """Make the Content resources that are missing, keep the SIDs of all; return how many there are, and are new."""
    account, token = settings.twilio_account_sid, settings.twilio_auth_token
    if account is None or token is None:
        raise SettingError("TWILIO_ACCOUNT_SID: is not set, or TWILIO_AUTH_TOKEN is not; see the Twilio console.")
    from bot.channels.whatsapp import resources

    wanted = resources()
    headers = {"Authorization": aiohttp.encode_basic_auth(account, token)}
    async with aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT) as session:
        root = f"{settings.twilio_content_url}/v1/Content"
        known = await _known(session, root)
        missing = [body for body in wanted.values() if body["friendly_name"] not in known]
        known |= {body["friendly_name"]: await _make(session, root, body) for body in missing}
    async with database.begin() as connection:
        for name, body in wanted.items():
            await content.keep_sid(connection, name, known[body["friendly_name"]])
    return len(wanted), len(missing)


async def _known(session: aiohttp.ClientSession, root: str) -> dict[str, str]:
    """Return the SIDs of the account's resources by name, page by page."""
    found: dict[str, str] = {}
    address: str | None = f"{root}?PageSize=100"
    while address:
        async with session.get(address) as response:
            response.raise_for_status()
            body: dict[str, Any] = await response.json()
        found |= {item["friendly_name"]: item["sid"] for item in body.get("contents", [])}
        following = (body.get("meta") or {}).get("next_page_url")
        # The provider names its own host; we stay with the one we were given.
        address = f"{root}?{following.partition('?')[2]}" if following else None
    return found


async def _make(session: aiohttp.ClientSession, root: str, body: dict[str, Any]) -> str:
    async with session.post(root, json=body) as response:
        response.raise_for_status()
        return str((await response.json())["sid"])


COMMANDS = (
    CommandLine(
        name="telegram set-webhook",
        does="Tell Telegram where updates go, and register the commands.",
        run=run_set_webhook,
    ),
    CommandLine(
        name="whatsapp provision",
        does="Make the Content resources for WhatsApp's buttons and lists.",
        run=run_provision,
    ),
)
