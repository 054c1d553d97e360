"""Settings from the environment: what is wrong is named in one clear sentence, and what is off says so."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import open_database
from bot.settings import SettingError, read_settings, table
from domain.patients import Channel
from domain.store import migrate
from domain.store.sealing import new_key
from tests.conftest import KEYS
from webhooks.serving import serving

ROOT = Path(__file__).parents[2]
KEY = f"a:{base64.b64encode(b'x' * 32).decode()}"
LONG_KEY = f"a:{base64.b64encode(b'x' * 33).decode()}"

#: Setting, a wrong value, and what the sentence says of the cure.
WRONG = [
    ("DATABASE_URL", "frontdesk.db", "it must look like sqlite:///path or postgresql://user@host/name"),
    ("DATABASE_URL", "sqlite://", "it must look like"),
    ("DATABASE_URL", "mysql://root@localhost/desk", "it must look like"),
    ("REDIS_URL", "localhost:6379", "must look like redis://host:6379"),
    ("REDIS_URL", "http://localhost:6379", "must look like redis://host:6379"),
    ("PUBLIC_URL", "desk.example.org", "must be an address such as https://desk.example.org"),
    ("PUBLIC_URL", "ftp://desk.example.org", "must be an address"),
    ("PUBLIC_URL", "https://", "must be an address"),
    ("PUBLIC_URL", "https://desk.example.org:99999", "must be an address"),
    ("PUBLIC_URL", "https://desk.example.org:http", "must be an address"),
    ("PUBLIC_URL", "https://[::1", "must be an address"),
    ("DATABASE_URL", "postgresql://desk@db:port/desk", "it must look like"),
    ("DATABASE_URL", "postgresql://desk@db/desk?sslmode=yes", "its sslmode must be one of disable"),
    ("DATABASE_URL", "postgresql://desk@db/desk?speed=high", "it has the option speed, and may have none but"),
    ("DATABASE_URL", "sqlite:///desk.db?mode=ro", "it has the option mode, and may have none"),
    ("FIELD_KEYS", ",", "there is no key in it"),
    ("PORT", "eighty", "valid integer"),
    ("PORT", "0", "greater than or equal to 1"),
    ("PORT", "65536", "less than or equal to 65535"),
    ("WORKER_PORT", "-1", "greater than or equal to 1"),
    ("TELEGRAM_BOT_TOKEN", "ABC-DEF", "must look like 123456:ABC-DEF"),
    ("TELEGRAM_WEBHOOK_SECRET", "with blanks in it", "must look like letters, digits"),
    ("TELEGRAM_WEBHOOK_SECRET", "x" * 257, "must look like letters, digits"),
    ("TELEGRAM_BOT_USERNAME", "https://t.me/desk_bot", "must be a name such as riverside_clinic_bot"),
    ("TELEGRAM_BOT_USERNAME", "bot", "must be a name"),
    ("TELEGRAM_API_URL", "api.telegram.org", "must be an address"),
    ("TWILIO_ACCOUNT_SID", "SK0123", "must look like AC"),
    ("TWILIO_ACCOUNT_SID", "AC0123", "must look like AC and 32 hexadecimal digits"),
    ("TWILIO_ACCOUNT_SID", "AC" + "g" * 32, "must look like AC and 32 hexadecimal digits"),
    ("TWILIO_SMS_FROM", "555 0001", "must be a telephone number such as +15550001111"),
    ("TWILIO_SMS_FROM", "+0123456789", "must be a telephone number"),
    ("TWILIO_WHATSAPP_FROM", "whatsapp:15550001111", "must be a telephone number"),
    ("TWILIO_MESSAGING_SERVICE_SID", "AC0123", "must look like MG"),
    ("WHATSAPP_TEMPLATES", "HX" + "0" * 32, "must look like reminder-en=HX and 32 hexadecimal digits, comma-separated"),
    ("WHATSAPP_TEMPLATES", "reminder-en=HX12", "must look like reminder-en=HX"),
    ("WHATSAPP_TEMPLATES", f"reminder-de=HX{'0' * 32}", "with the names digest-en, digest-es, digest-fr, missed-en"),
    ("WHATSAPP_TEMPLATES", f"reminder-en=HX{'0' * 32},", "must look like reminder-en=HX"),
    ("TWILIO_API_URL", "twilio", "must be an address"),
    ("TWILIO_CONTENT_URL", "//content", "must be an address"),
    ("FIELD_KEYS", "secret", "has 0 bytes and needs 32"),
    ("FIELD_KEYS", "a:*", "not base64"),
    ("FIELD_KEYS", "a:c2hvcnQ=", "has 5 bytes and needs 32"),
    ("FIELD_KEYS", LONG_KEY, "has 33 bytes and needs 32"),
    ("FIELD_KEYS", f"{KEY},{KEY}", "stands twice"),
    ("FIELD_KEYS", KEY.removeprefix("a"), "has no id"),
    ("SMTP_URL", "mail.example.org", "must look like smtp://"),
    ("SMTP_URL", "http://mail.example.org", "must look like smtp://"),
    ("SMTP_URL", "smtp://", "must look like smtp://"),
    ("SMTP_URL", "smtp://mail.example.org:smtp", "must look like smtp://"),
    ("SMTP_URL", "smtp://mail.example.org:0", "must look like smtp://"),
    ("SMTP_URL", "smtp://[::1", "must look like smtp://"),
    ("SMTP_URL", "smtp://desk@mail.example.org", "must look like smtp://user:password@host:587"),
    ("SMTP_URL", "smtp://mail.example.org/inbox", "must look like smtp://"),
    ("SMTP_FROM", "desk", "must be an address such as desk@example.org"),
    ("SMTP_FROM", "Desk <desk@example.org>", "must be an address"),
    ("CLINIC_NAME", "x" * 61, "at most 60 characters"),
    ("DEFAULT_LANGUAGE", "de", "must be one of en, fr, es"),
    ("LOG_LEVEL", "chatty", "must be one of DEBUG, INFO, WARNING, ERROR"),
]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting comes from where the tests run."""
    for name, _, _ in table():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("name", "value", "cure"), WRONG)
def test_a_wrong_setting_is_named_with_its_cure(
    name: str, value: str, cure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as caught:
        read_settings()

    sentence = str(caught.value)
    assert sentence.startswith(f"{name}: ")
    assert cure in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("name", ["FIELD_KEYS", "TELEGRAM_BOT_TOKEN", "DATABASE_URL", "SMTP_URL"])
def test_a_wrong_secret_is_not_repeated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "hunter2")
    with pytest.raises(SettingError) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("PUBLIC_URL", "https://desk.example.org/", "https://desk.example.org"),
        ("TWILIO_WHATSAPP_FROM", "whatsapp:+15550001111", "+15550001111"),
        ("TWILIO_SMS_FROM", " +15550001111 ", "+15550001111"),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("PORT", "9090", 9090),
        ("REDIS_URL", "unix:///run/redis", "unix:///run/redis"),
        ("DATABASE_URL", "postgresql://desk@db/desk", "postgresql://desk@db/desk"),
        ("DATABASE_URL", "postgresql://db/desk?sslmode=require", "postgresql://db/desk?sslmode=require"),
        ("REDIS_URL", "", None),
        ("TWILIO_SMS_FROM", "", None),
    ],
)
def test_a_right_setting_is_kept(name: str, value: str, kept: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert kept == getattr(read_settings(), name.lower())


@pytest.mark.parametrize(
    ("url", "sender", "expected"),
    [
        (None, None, None),
        ("smtp://mail.example.org", "desk@Example.org", "desk@example.org"),
        ("smtp://desk%40example.org:secret@mail.example.org", None, "desk@example.org"),
        ("smtp://desk%40example.org:secret@mail.example.org", "clinic@example.org", "clinic@example.org"),
    ],
)
def test_mails_come_from_an_address_that_is_set_or_from_the_servers_user(
    url: str | None, sender: str | None, expected: str | None
) -> None:
    assert expected == read_settings(smtp_url=url, smtp_from=sender).mail_from()


@pytest.mark.parametrize("url", ["smtp://mail.example.org", "smtps://desk:secret@mail.example.org"])
def test_a_mail_server_without_an_address_to_write_from_is_no_use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    with pytest.raises(SettingError, match=r"^SMTP_FROM: must be set, .*\.$"):
        read_settings()


def test_settings_come_from_a_file_too_and_the_environment_goes_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("CLINIC_NAME=From the file\nPORT=9000\nNOT_OURS=x\n")
    monkeypatch.setenv("PORT", "9001")
    assert ("From the file", 9001) == ((found := read_settings()).clinic_name, found.port)


TELEGRAM = {"telegram_bot_token": "123456:ABC", "telegram_webhook_secret": "x"}
ACCOUNT = {
    "twilio_account_sid": "AC" + "0" * 32,
    "twilio_auth_token": "x",
    "public_url": "https://desk.example.org",
}
UNREACHED = {name: value for name, value in ACCOUNT.items() if name != "public_url"}
ALL = {Channel.TELEGRAM, Channel.SMS, Channel.WHATSAPP}


@pytest.mark.parametrize(
    ("given", "off"),
    [
        ({}, ALL),
        (TELEGRAM, ALL - {Channel.TELEGRAM}),
        ({"telegram_bot_token": "123456:ABC"}, ALL),
        (ACCOUNT, ALL),
        ({**UNREACHED, "twilio_sms_from": "+15550001111", "twilio_whatsapp_from": "+15550001111"}, ALL),
        ({**ACCOUNT, "twilio_sms_from": "+15550001111"}, ALL - {Channel.SMS}),
        ({**ACCOUNT, "twilio_messaging_service_sid": "MG1"}, ALL - {Channel.SMS}),
        ({**ACCOUNT, "twilio_whatsapp_from": "+15550001111"}, ALL - {Channel.WHATSAPP}),
        ({"twilio_sms_from": "+15550001111", "twilio_auth_token": "x"}, ALL),
    ],
)
def test_a_channel_without_its_settings_is_off(given: dict[str, str], off: set[Channel]) -> None:
    assert off == set(read_settings(**given).channels_off())


def test_a_channel_that_is_off_says_what_it_wants() -> None:
    wanted = read_settings(twilio_auth_token="x").channels_off()
    assert "set TWILIO_ACCOUNT_SID, TWILIO_SMS_FROM, PUBLIC_URL" == wanted[Channel.SMS]


def test_who_is_not_called_by_telegram_needs_no_secret() -> None:
    settings = read_settings(telegram_bot_token="123456:ABC")
    assert "set TELEGRAM_WEBHOOK_SECRET" == settings.channels_off()[Channel.TELEGRAM]
    assert Channel.TELEGRAM not in settings.channels_off(by_webhook=False)


def test_on_sqlite_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = read_settings(database_url=f"sqlite:///{tmp_path}/desk.db", field_keys=None)
    first = settings.keyring()
    file = tmp_path / "desk.db.keys"

    assert 0o600 == file.stat().st_mode & 0o777
    assert b"x" == settings.keyring().open(first.seal(b"x", "a column"), "a column")


def test_only_postgresql_without_keys_stores_in_clear(tmp_path: Path) -> None:
    urls = (f"sqlite:///{tmp_path}/desk.db", "postgresql://desk@db/desk")
    for keys, wanted in ((None, [False, True]), (KEYS, [False, False])):
        assert wanted == [read_settings(database_url=url, field_keys=keys).stores_in_clear() for url in urls]


@pytest.mark.parametrize("content", [b"rubbish", b"", b",", b"\xff\xfe"])
def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "desk.db.keys").write_bytes(content)
    with pytest.raises(SettingError, match=r"FIELD_KEYS: the key file .*desk\.db\.keys cannot be used"):
        read_settings(database_url=f"sqlite:///{tmp_path}/desk.db", field_keys=None).keyring()


def test_an_env_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("CLINIC_NAME=Clínica".encode("latin-1"))
    with pytest.raises(SettingError, match=r"^\.env: the file is not text in UTF-8\.$"):
        read_settings()


# ---- the command


async def frontdesk(arguments: Sequence[str], folder: Path, **settings: str) -> tuple[int | None, str]:
    """Run the command as an operator does; return its exit status and what it said on stderr."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "webhooks.main",
        *arguments,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(120):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return process.returncode, said.decode()


async def test_a_wrong_setting_ends_a_command_with_status_2_and_its_name(
    tmp_path: Path, sqlite_templates: dict[str, Path]
) -> None:
    database = f"sqlite:///{shutil.copyfile(sqlite_templates['empty'], tmp_path / 'desk.db')}"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        cases: list[tuple[str, list[str], dict[str, str]]] = [
            ("TWILIO_SMS_FROM", ["run"], {"TWILIO_SMS_FROM": "12345"}),
            ("FIELD_KEYS", ["worker"], {"DATABASE_URL": database, "FIELD_KEYS": new_key("another")}),
            (
                "PORT",
                ["web"],
                {"DATABASE_URL": database, "FIELD_KEYS": KEYS, "PORT": port, "HOST": "127.0.0.1"},
            ),
        ]
        ended = await asyncio.gather(*(frontdesk(command, tmp_path, **given) for _, command, given in cases))

    for (name, command, _), (status, said) in zip(cases, ended, strict=True):
        assert 2 == status, (command, said)
        assert said.strip().splitlines()[-1].startswith(f"frontdesk: {name}: "), said
        assert "Traceback" not in said


async def test_a_database_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "rubbish.db").write_text("no database at all, whatever its name says")
    urls = ("missing/desk.db", "rubbish.db", "unmigrated.db", ".")
    for url in (*(f"sqlite:///{tmp_path}/{path}" for path in urls), "postgresql://desk@127.0.0.1:1/desk"):
        with pytest.raises(SettingError) as caught:
            await open_database(read_settings(database_url=url))
        assert str(caught.value).startswith("DATABASE_URL: "), url
    assert ["rubbish.db"] == files_in(tmp_path)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("place", ["", "/no/folder.db", "/rubbish.db"])
async def test_what_no_database_can_be_in_is_named_and_gets_none(tmp_path: Path, place: str) -> None:
    (tmp_path / "rubbish.db").write_text("no database at all, whatever its name says")
    with pytest.raises(SettingError, match=r"^DATABASE_URL: "):
        await open_database(read_settings(database_url=f"sqlite:///{tmp_path}{place}"), must_be_current=False)
    assert ["rubbish.db"] == files_in(tmp_path)


@pytest.mark.parametrize(
    ("setting", "host", "named"),
    [("PORT", "127.0.0.1", "PORT"), ("WORKER_PORT", "127.0.0.1", "WORKER_PORT")]
    + [("PORT", host, "HOST") for host in ("192.0.2.1", "no such host", "a..b")],
)
async def test_where_nobody_can_listen_is_named(setting: str, host: str, named: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingError) as caught:
        async with serving(web.Application(), host, taken.getsockname()[1], setting=setting):
            pass
    assert str(caught.value).startswith(f"{named}: "), caught.value


async def test_keys_of_another_database_are_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    database = await open_database(read_settings(database_url=url), must_be_current=False)
    await migrate.migrate(database)
    await database.close()

    with pytest.raises(SettingError, match=r"^FIELD_KEYS: "):
        await open_database(read_settings(database_url=url, field_keys=KEYS))
