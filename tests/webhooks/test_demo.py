"""`frontdesk demo` and `frontdesk chat` as processes: on an empty database, through a pipe, ended by a signal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.app import open_database
from bot.settings import SettingError, Settings
from domain.store import content
from domain.store.database import Database
from tests.conftest import Clock
from tests.webhooks.try_tab import demo_at, settings_for, tab_at
from webhooks.try_page.commands import say_what_is_ignored
from webhooks.try_page.doubles import doubles_at_work
from webhooks.try_page.stack import demo_at_work, free_port

START_S, END_S, CHAT_S = 60.0, 10.0, 60.0
BOOKING = "hello\n1\n1\nAna Silva, 3 April 1950\n1\nBristol\n1\n1\n1\n"


@contextlib.asynccontextmanager
async def frontdesk(command: str, folder: Path, port: int) -> AsyncIterator[Process]:
    """Run a command in *folder*, whose database is its own, with nothing of ours in the environment."""
    given = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    given |= {"PYTHONPATH": str(Path(__file__).parents[2]), "HOST": "127.0.0.1", "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "webhooks.main", *command.split(), cwd=folder, env=given,
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until_it_says_where(process: Process) -> None:
    """Wait until the demo says where to chat."""
    assert process.stdout is not None
    async with asyncio.timeout(START_S):
        while line := await process.stdout.readline():
            if b"/try" in line:
                return
    raise AssertionError("the demo ended")


async def test_the_demo_starts_on_an_empty_database_ends_in_seconds_and_chat_goes_on_without_it(tmp_path: Path) -> None:
    port = free_port()
    async with frontdesk("demo", tmp_path, port) as process:
        await until_it_says_where(process)
        address = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession() as session, session.get(f"{address}/health/ready") as response:
            assert {"status": "ok", "channels": ["sms", "telegram", "whatsapp"]} == await response.json()
        async with tab_at(address):  # its stream stays open
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(END_S):
                assert 0 == await process.wait()
    assert "Reference " in await chatted("chat --as whatsapp", tmp_path, port, BOOKING)


async def chatted(command: str, folder: Path, port: int, lines: str) -> str:
    """Chat through a pipe, and return what was printed."""
    async with frontdesk(command, folder, port) as chat, asyncio.timeout(CHAT_S):
        printed, _ = await chat.communicate(lines.encode())
    assert 0 == chat.returncode
    return printed.decode()


async def test_where_the_port_is_taken_nothing_is_written(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "x.sqlite3", field_keys=None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        demo = demo_at_work(settings, host="127.0.0.1", port=taken.getsockname()[1])
        with pytest.raises(SettingError, match=r"^PORT: "):
            await demo.__aenter__()
    assert [] == await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_the_demo_leaves_a_real_desks_resources_alone(
    tmp_path: Path, sqlite_templates: dict[str, Path], clock: Clock
) -> None:
    shutil.copyfile(sqlite_templates["sample"], tmp_path / "demo.sqlite3")
    settings = settings_for(tmp_path / "demo.sqlite3")
    async with opened(settings) as database, database.begin() as connection:
        await content.keep_sid(connection, "quick-1", "HX-real")
        await content.keep_sid(connection, "reminder-en", "HX-agreed", "approved")
    async with demo_at(tmp_path, clock) as demo, tab_at(demo.address) as tab:
        await tab.say("whatsapp", "hello")
        assert {"replies", "list"} & set(tab.shown("whatsapp")[-1]), "the doubles' own are used"
        assert demo.app.jobs.approvals is None, "nor is the double asked for real templates"
    async with opened(settings) as database, database.read() as connection:
        assert [("quick-1", "HX-real", None), ("reminder-en", "HX-agreed", "approved")] == [
            (one.name, one.sid, one.approval) for one in await content.all_kept(connection)
        ]


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    database = await open_database(settings)
    yield database
    await database.close()


def test_real_credentials_are_ignored_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real = {"telegram_bot_token": "1234:real", "twilio_sms_from": "+15551234567"}
    given = settings_for(tmp_path / "x.sqlite3", clinic_name="Ours", **real)
    say_what_is_ignored(given)
    assert "ignores TELEGRAM_BOT_TOKEN, TWILIO_SMS_FROM:" in capsys.readouterr().err


async def test_the_settings_of_the_demo_lead_to_the_doubles(tmp_path: Path) -> None:
    given = settings_for(
        tmp_path / "x.sqlite3", clinic_name="Ours", telegram_bot_token="1234:real", redis_url="redis://x"
    )
    async with doubles_at_work(str, Clock()) as doubles:
        made = doubles.settings(given, port=8080)
        plain = doubles.settings(settings_for(tmp_path / "x.sqlite3"), port=8080)
    assert doubles.telegram.token == made.telegram_bot_token
    assert {} == made.channels_off()
    assert made.redis_url is None
    assert made.telegram_api_url.startswith("http://127.0.0.1:")
    assert made.twilio_api_url.startswith("http://127.0.0.1:")
    assert "http://localhost:8080" == made.public_url
    assert ["Ours", "Riverside Clinics"] == [made.clinic_name, plain.clinic_name]
