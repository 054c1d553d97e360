"""Settings, read once from the environment or `.env`, and checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.mail_server import MailServer, mail_server
from domain.mail import tidy_email
from domain.patients import Channel
from domain.policies import AGREED
from domain.staff.postage import Price
from domain.store.database import DatabaseUrlError, driver_url
from domain.store.sealing import Keyring, SealError, new_key
from domain.video import ROOM
from domain.words import LANGUAGES

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingError(ValueError):
    """A setting is wrong; the message names it and the cure."""


class NotMigratedError(SettingError):
    """The database is there, and has not the schema of this release yet."""


def _web_address(value: str) -> str:
    wrong = ValueError("must be an address such as https://desk.example.org")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:  # brackets that do not match, a port that cannot be
        raise wrong from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise wrong
    return value.rstrip("/")


def _video_address(value: str) -> str:
    address = _web_address(value)
    if value.count(ROOM) != 1 or re.search(r"[{}]", value.replace(ROOM, "")):
        raise ValueError(f"must have {ROOM} in it once, such as https://meet.example.org/{ROOM}")
    return address


def _number(value: str) -> str:
    number = value.removeprefix("whatsapp:").strip()
    if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
        raise ValueError("must be a telephone number such as +15550001111")
    return number


def _mail_server(value: str) -> str:
    mail_server(value)
    return value


def _mail_address(value: str) -> str:
    address = tidy_email(value)
    if address is None:
        raise ValueError("must be an address such as desk@example.org")
    return address


def _price(value: str) -> str:
    _price_of(value)
    return value


def _price_of(text: str) -> Price:
    amount, _, currency = text.strip().partition(" ")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", amount) or not re.fullmatch(r"[^\W\d]{1,10}|[$€£]", currency):
        raise ValueError("must look like 0.0079 USD")
    return Price(Decimal(amount), currency)


def _username(value: str) -> str:
    name = value.removeprefix("@")
    if not re.fullmatch(r"[A-Za-z]\w{3,31}", name, re.ASCII):
        raise ValueError("must be a name such as riverside_clinic_bot, from BotFather")
    return name


def _matches(pattern: str, example: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must look like {example}")
        return value

    return AfterValidator(check)


def _database(value: str) -> str:
    try:
        driver_url(value)
    except DatabaseUrlError as problem:
        raise ValueError(str(problem)) from None
    return value


def _keys(value: str) -> str:
    try:
        _keyring_of(value)
    except SealError as problem:
        raise ValueError(str(problem)) from None
    return value


def _keyring_of(text: str) -> Keyring:
    ring = Keyring.of(text)
    if not ring.keys:
        raise SealError("there is no key in it")
    return ring


def _level(value: str) -> str:
    if value.upper() not in _LEVELS:
        raise ValueError(f"must be one of {', '.join(_LEVELS)}")
    return value.upper()


def _templates(value: str) -> str:
    names = {f"{kind}-{language}" for kind in AGREED for language in LANGUAGES}
    given = dict(_named(value))
    if not given or not given.keys() <= names or not all(_CONTENT_SID.fullmatch(sid) for sid in given.values()):
        raise ValueError(
            "must look like reminder-en=HX and 32 hexadecimal digits, comma-separated, with the names"
            f" {', '.join(sorted(names))}"
        )
    return value


def _named(value: str) -> Iterator[tuple[str, str]]:
    for part in value.split(","):
        name, _, sid = part.partition("=")
        yield name.strip(), sid.strip()


_CONTENT_SID = re.compile(r"HX[0-9a-fA-F]{32}")


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
PhoneNumber = Annotated[str, AfterValidator(_number)]


class Settings(BaseSettings):
    """All settings; the description of each stands in the README."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite:///frontdesk.sqlite3",
        description="`sqlite:///path` or `postgresql://user:password@host/name`, also with `?sslmode=require`.",
    )
    redis_url: Annotated[str, _matches(r"(rediss?|unix)://.+", "redis://host:6379")] | None = Field(
        None, description="Optional: quicker wake-ups and one pace of sending for several processes."
    )
    public_url: WebAddress | None = Field(
        None, description="Where the outside reaches this server; Twilio's signature is checked against it."
    )
    host: str = Field("0.0.0.0", description="Address to listen on.")  # noqa: S104  a container listens everywhere
    port: int = Field(8080, ge=1, le=65535, description="Port to listen on.")
    worker_port: int | None = Field(None, ge=1, le=65535, description="Port for health and metrics of `worker`.")
    telegram_bot_token: Annotated[str, _matches(r"\d+:[\w-]+", "123456:ABC-DEF, from BotFather")] | None = Field(
        None, description="Token of the bot, from BotFather."
    )
    telegram_webhook_secret: Annotated[str, _matches(r"[\w-]{1,256}", "letters, digits, _ and -")] | None = Field(
        None, description="Secret that Telegram sends along with every update; make up a long one."
    )
    telegram_bot_username: Annotated[str, AfterValidator(_username)] | None = Field(
        None, description="Name of the bot, with or without @; published slots and codes link to the chat with it."
    )
    telegram_api_url: WebAddress = Field("https://api.telegram.org", description="Root of the Bot API.")
    twilio_account_sid: Annotated[str, _matches(r"AC[0-9a-fA-F]{32}", "AC and 32 hexadecimal digits")] | None = Field(
        None, description="Account SID from the Twilio console."
    )
    twilio_auth_token: str | None = Field(None, description="Auth token from the Twilio console.")
    twilio_sms_from: PhoneNumber | None = Field(None, description="Number that text messages come from.")
    twilio_whatsapp_from: PhoneNumber | None = Field(None, description="Number of the WhatsApp sender.")
    twilio_messaging_service_sid: Annotated[str, _matches(r"MG\w+", "MG and 32 hexadecimal digits")] | None = Field(
        None, description="Messaging Service to send text messages through, instead of one number."
    )
    whatsapp_templates: Annotated[str, AfterValidator(_templates)] | None = Field(
        None,
        description="Approved templates that you made yourself, instead of those of `whatsapp provision`:"
        " `reminder-en=HX…,missed-fr=HX…`, comma-separated.",
    )
    twilio_api_url: WebAddress = Field("https://api.twilio.com", description="Root of Twilio's API.")
    twilio_content_url: WebAddress = Field("https://content.twilio.com", description="Root of Twilio's Content API.")
    field_keys: Annotated[str, AfterValidator(_keys)] | None = Field(
        None,
        description="Keys that encrypt names, answers and addresses: `id:base64 of 32 bytes`, comma-separated, the"
        " first encrypts. On SQLite one is made beside the database file; set it on PostgreSQL.",
    )
    smtp_url: Annotated[str, AfterValidator(_mail_server)] | None = Field(
        None,
        description="Mail server, `smtp://user:password@host:587` (encrypted where it can be, always with a password)"
        " or `smtps://…`; with it patients can have copies by e-mail.",
    )
    smtp_from: Annotated[str, AfterValidator(_mail_address)] | None = Field(
        None, description="Address that mails come from; without it the user in `SMTP_URL`, if that is one."
    )
    sms_price: Annotated[str, AfterValidator(_price)] | None = Field(
        None, description="What one text message costs, such as `0.0079 USD`: previews of broadcasts tell the sum."
    )
    video_url: Annotated[str, AfterValidator(_video_address)] | None = Field(
        None,
        description="Where visits by video are held, with `{room}` for the room of each, such as"
        " `https://meet.example.org/{room}`.",
    )
    clinic_name: str | None = Field(None, max_length=60, description="What the desk calls the clinic.")
    default_language: Annotated[str, AfterValidator(_language)] = Field(
        "en", description="Language spoken to people of whom nothing else is known: en, fr or es."
    )
    log_level: Annotated[str, AfterValidator(_level)] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    def channels_off(self, *, by_webhook: bool = True) -> dict[Channel, str]:
        """Return the channels that cannot work, each with what it wants.

        A process that hears nothing *by_webhook* needs no secret of Telegram's. Twilio's messages cannot be told from
        forged ones without the public address, so that nobody could be answered.
        """
        account = ["twilio_account_sid", "twilio_auth_token"]
        wanted = {
            Channel.TELEGRAM: ["telegram_bot_token", *(["telegram_webhook_secret"] if by_webhook else [])],
            Channel.SMS: [*account, "twilio_sms_from", "public_url"],
            Channel.WHATSAPP: [*account, "twilio_whatsapp_from", "public_url"],
        }
        if self.twilio_messaging_service_sid:
            wanted[Channel.SMS].remove("twilio_sms_from")
        missing = {
            channel: [name.upper() for name in names if getattr(self, name) is None]
            for channel, names in wanted.items()
        }
        return {channel: f"set {', '.join(names)}" for channel, names in missing.items() if names}

    def given_templates(self) -> dict[str, str]:
        """Return the SIDs of the templates that somebody else made, by name."""
        return dict(_named(self.whatsapp_templates)) if self.whatsapp_templates else {}

    def price(self) -> Price | None:
        """Return what one text message costs, where that is known."""
        return _price_of(self.sms_price) if self.sms_price else None

    def mail_server(self) -> MailServer | None:
        """Return the mail server, if there is one."""
        return mail_server(self.smtp_url) if self.smtp_url else None

    def mail_from(self) -> str | None:
        """Return the address that mails come from."""
        server = self.mail_server()
        return self.smtp_from or (tidy_email(server.user) if server and server.user else None)

    def stores_in_clear(self) -> bool:
        """Say whether names, answers and addresses are stored as they are."""
        return self.field_keys is None and self.database_file() is None

    def keyring(self, *, may_make: bool = True) -> Keyring:
        """Return the keys for sealed fields, on SQLite those in the file beside the database if none are set.

        A file that is not there is made if it *may* be; else there are no keys.
        """
        if self.field_keys is not None:
            return _keyring_of(self.field_keys)
        path = self._key_file()
        if path is None:
            return Keyring()
        try:
            if not path.exists():
                if not may_make:
                    return Keyring()
                path.touch(mode=0o600)
                path.write_text(new_key("made-here") + "\n")
            return _keyring_of(path.read_text())
        except OSError as problem:
            raise SettingError(f"DATABASE_URL: {path} cannot be used ({problem.strerror or problem}).") from None
        except SealError as problem:
            raise SettingError(f"FIELD_KEYS: the key file {path} cannot be used: {problem}.") from None
        except UnicodeDecodeError:
            raise SettingError(f"FIELD_KEYS: the key file {path} cannot be used: it is no text.") from None

    def database_file(self) -> Path | None:
        """Return the file that the database is, where it is one."""
        url = driver_url(self.database_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def _key_file(self) -> Path | None:
        file = self.database_file()
        return file.with_name(file.name + ".keys") if file else None


def read_settings(**given: Any) -> Settings:
    """Read the settings; SettingError names the first one that is wrong."""
    try:
        return _agreeing(Settings(**given))
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0]).upper()
        why = first["msg"].removeprefix("Value error, ")
        raise SettingError(f"{name}: {why[0].lower()}{why[1:]}.") from None
    except UnicodeDecodeError:
        raise SettingError(".env: the file is not text in UTF-8.") from None
    except OSError as problem:
        raise SettingError(f".env: the file cannot be read ({problem.strerror or type(problem).__name__}).") from None


def _agreeing(found: Settings) -> Settings:
    """Return settings that are right together."""
    if found.smtp_url and found.mail_from() is None:
        raise SettingError("SMTP_FROM: must be set, since the user in SMTP_URL is no address.")
    return found


def table() -> list[tuple[str, str, str]]:
    """Return (name, default, description) of each setting, as the README lists them."""
    return [
        (name.upper(), "" if field.default is None else str(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
