"""The same conversation in a terminal: lines go in, what the desk sends is printed."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from domain.patients import Channel
from tests.conftest import Clock
from tests.webhooks.try_tab import demo_on, settings_for
from webhooks.try_page.chat import Patience, converse
from webhooks.try_page.stack import Demo, running_demo

PATIENCE = Patience(quiet_s=0.3)
PLACE = {"telegram": "1", "whatsapp": "Bristol", "sms": "Bristol"}


@pytest_asyncio.fixture(scope="module")
async def demo(sqlite_templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """The demo at work on the sample clinic; every conversation has people of its own."""
    async with demo_on(sqlite_templates["sample"], tmp_path_factory.mktemp("chat"), Clock()) as at_work:
        yield at_work


async def typed(*lines: str) -> AsyncIterator[str]:
    """Give *lines* as if they were typed."""
    for line in lines:
        yield line


async def conversation(demo: Demo, channel: str, *lines: str, patience: Patience = PATIENCE) -> str:
    """Carry a conversation, and return what was printed."""
    out = io.StringIO()
    assert 0 == await converse(demo.address, channel, "en", typed(*lines), out, patience)
    return out.getvalue()


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
async def test_somebody_books_by_number(demo: Demo, channel: str) -> None:
    lines = ["hello", "1", "1", "Ana Silva, 3 April 1950", "1", PLACE[channel], "1", "1", "1"]
    printed = await conversation(demo, channel, *lines)
    assert "What would you like to book?" in printed
    assert "Reference " in printed
    assert [] == demo.doubles.telegram.refused + demo.doubles.twilio.refused
    if channel != "sms":
        assert "[map: " in printed


async def test_the_one_of_the_staff_joins_by_itself(demo: Demo) -> None:
    printed = await conversation(demo, "staff", "next")
    assert "You are administrator at all centres now." in printed
    assert "At which centre?" in printed


async def test_nothing_more_is_said_after_exit(demo: Demo) -> None:
    printed = await conversation(demo, "sms", "", "exit", "hello")
    assert "Goodbye." in printed
    assert "desk>" not in printed


async def test_what_is_not_answered_is_said(demo: Demo) -> None:
    hasty = Patience(answer_s=0.2, quiet_s=0.1)
    printed = await conversation(demo, "sms", "STOP", "are you there?", patience=hasty)
    assert "unsubscribed" in printed
    assert "(No answer came.)" in printed


async def test_the_end_of_the_demo_ends_the_conversation(demo: Demo) -> None:
    async def one_line_then_the_end() -> AsyncIterator[str]:
        yield "hello"
        demo.sessions.close()
        yield "hello?"

    out = io.StringIO()
    assert 1 == await converse(demo.address, Channel.SMS, "en", one_line_then_the_end(), out)
    assert "The demo has ended." in out.getvalue()


async def test_a_demo_on_the_same_database_is_found_and_one_on_another_is_not(demo: Demo, tmp_path: Path) -> None:
    port = demo.app.settings.port
    assert demo.address == await running_demo(demo.app.settings)
    assert await running_demo(settings_for(tmp_path / "other.sqlite3", port=port)) is None


async def test_a_session_that_cannot_be_opened_is_an_error(demo: Demo) -> None:
    with pytest.raises(aiohttp.ClientResponseError):
        await converse(demo.address, Channel.SMS, "xx", typed("hello"), io.StringIO())
