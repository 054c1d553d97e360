"""The demo page over HTTP: what it serves, what its phones show, and who may see it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from bot.app import open_app
from domain.patients import Channel
from tests.conftest import Clock
from tests.webhooks.try_tab import PATIENCE_S, Tab, book, demo_at, demo_on, settings_for, tab_at
from webhooks import app as site_of
from webhooks.simulator.phones import TelegramPhone, TwilioPhone
from webhooks.try_page.routes import FILES
from webhooks.try_page.session import MOST_STREAMS, MOST_WAITING
from webhooks.try_page.sessions import MOST_SESSIONS, SILENCE
from webhooks.try_page.shown import of_telegram
from webhooks.try_page.stack import Demo


@pytest_asyncio.fixture(scope="module")
async def demo(sqlite_templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """The demo at work on the sample clinic; every tab has people of its own."""
    async with demo_on(sqlite_templates["sample"], tmp_path_factory.mktemp("page"), Clock()) as at_work:
        yield at_work


@pytest_asyncio.fixture
async def lone_demo(sqlite_templates: dict[str, Path], tmp_path: Path, clock: Clock) -> AsyncIterator[Demo]:
    """A demo for one test, whose clock it moves."""
    async with demo_on(sqlite_templates["sample"], tmp_path, clock) as at_work:
        yield at_work


@pytest_asyncio.fixture
async def tab(demo: Demo) -> AsyncIterator[Tab]:
    """A tab of the demo."""
    async with tab_at(demo.address) as opened:
        yield opened


@pytest.mark.parametrize("path", FILES)
async def test_the_page_is_served_and_loads_nothing_from_elsewhere(demo: Demo, path: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(demo.address + path) as response:
        text = await response.text()
    assert 200 == response.status
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "https://" not in text
    assert "<script>" not in text
    assert " style=" not in text


@pytest.mark.parametrize("phone", ["telegram", "whatsapp", "sms"])
async def test_somebody_books_on_each_phone(demo: Demo, tab: Tab, phone: str) -> None:
    assert "Reference " in await book(tab, phone)

    assert [] == demo.doubles.telegram.refused + demo.doubles.twilio.refused
    webhooks = [line for line in tab.behind if line["what"] == "webhook"]
    assert {200} == {line["status"] for line in webhooks}
    assert all(line["phone"] == phone for line in tab.behind)
    sends = {line["what"] for line in tab.behind if line["way"] == "out"}
    assert ("sendMessage" if phone == "telegram" else "POST Messages.json") in sends


async def test_the_one_of_the_staff_joins_by_the_start_that_is_offered(demo: Demo, tab: Tab) -> None:
    start = tab.seen[0][1]["starts"]["staff"]
    assert "You are administrator at all centres now." in await tab.answer("staff", do="say", text=start)
    assert "At which centre?" in await tab.answer("staff", do="say", text="next")
    assert [] == demo.doubles.telegram.refused


async def test_telegram_shows_buttons_edits_a_map_and_a_file(demo: Demo, tab: Tab) -> None:
    await book(tab, "telegram")
    file = await tab.until(lambda: next((item for item in tab.shown("telegram") if "file" in item), None))
    place = next(item["place"] for item in tab.shown("telegram") if "place" in item)
    assert "Riverside Health Centre" == place["title"]
    edited = [item for item in tab.shown("telegram") if item.get("edited")]
    assert "✓ Yes, book it" in edited[-1]["text"]
    assert [] == [item for item in edited if "rows" in item]

    url = f"{demo.address}/try/sessions/{tab.secret}/telegram/files/{file['id']}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert "appointment.ics" in response.headers["Content-Disposition"]
        assert (await response.read()).startswith(b"BEGIN:VCALENDAR")


async def test_whatsapp_shows_lists_and_ticks_that_follow_the_receipts(tab: Tab) -> None:
    await book(tab, "whatsapp")
    await tab.until(lambda: all(item["ticks"] == "delivered" for item in tab.shown("whatsapp")))
    assert [item for item in tab.shown("whatsapp") if "replies" in item]
    assert [item for item in tab.shown("whatsapp") if "list" in item]
    told = {(line["why"], line["status"]) for line in tab.behind if line["what"] == "receipt"}
    assert {("sent", 204), ("delivered", 204)} == told
    assert {"read"} == {item["ticks"] for item in tab.items["whatsapp"].values() if item.get("mine")}


async def test_sms_shows_segments_and_what_the_carrier_says(tab: Tab) -> None:
    await tab.say("sms", "hello")
    assert 1 < max(item["segments"] for item in tab.shown("sms"))
    assert "unsubscribed" in await tab.answer("sms", do="say", text="STOP")
    assert ["hello", "STOP"] == [item["text"] for item in tab.items["sms"].values() if item.get("mine")]


async def test_a_tab_that_is_reloaded_sees_everything_again(demo: Demo, tab: Tab) -> None:
    await tab.say("sms", "hello")
    async with aiohttp.ClientSession(read_bufsize=2**22) as session:
        again = Tab(session, demo.address, tab.secret)
        following = asyncio.create_task(again.follow())
        await again.until(lambda: again.seen)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    assert list(tab.items["sms"]) == list(again.items["sms"])


async def test_two_tabs_do_not_see_each_other(demo: Demo, tab: Tab) -> None:
    async with tab_at(demo.address) as other:
        await tab.say("telegram", "/start")
        await tab.say("sms", "hello")
        await other.say("sms", "hello")
        assert [] == other.shown("telegram")
        assert {"sms"} == {body["phone"] for name, body in other.seen if name != "screen"}
        people = [one.seen[0][1]["people"]["sms"]["number"] for one in (tab, other)]
        assert people[0] != people[1]


async def test_people_speak_the_language_that_is_chosen(demo: Demo) -> None:
    async with tab_at(demo.address, language="fr") as tab:
        assert "+33" in tab.seen[0][1]["people"]["sms"]["number"]
        assert "fr" == tab.seen[0][1]["language"]


async def test_telegram_shows_the_number_that_somebody_shares(demo: Demo) -> None:
    phones = demo.sessions.open("en", "ABCD2345").phones
    telegram, whatsapp = phones[Channel.TELEGRAM], phones[Channel.WHATSAPP]
    assert isinstance(telegram, TelegramPhone)
    assert isinstance(whatsapp, TwilioPhone)
    await telegram.share_contact()
    assert f"Sam, {whatsapp.number}" == of_telegram(telegram.screen[0].payload())["text"]


async def test_a_session_nobody_opened_is_not_found(demo: Demo) -> None:
    async with aiohttp.ClientSession() as session:
        for verb, path in (("GET", "events"), ("GET", "telegram/files/1"), ("POST", "sms")):
            address = f"{demo.address}/try/sessions/guessed/{path}"
            async with session.request(verb, address, json={"do": "say", "text": "hello"}) as response:
                assert 404 == response.status


@pytest.mark.parametrize(
    ("action", "status"),
    [
        pytest.param({"do": "say", "text": ""}, 400, id="nothing said"),
        pytest.param({"do": "say", "text": "x" * 1601}, 400, id="too much said"),
        pytest.param({"do": "dance"}, 400, id="no such action"),
        pytest.param({"do": "share", "lat": 91, "lon": 0}, 400, id="no such place"),
        pytest.param({"do": "share", "lat": "here", "lon": 0}, 400, id="no place at all"),
        pytest.param({"do": "share", "lat": 51, "lon": 0}, 409, id="an SMS carries no place"),
        pytest.param({"do": "tap", "item": "SM1", "place": 0}, 409, id="nothing to tap"),
        pytest.param({"do": "press", "place": 0}, 409, id="no such key"),
    ],
)
async def test_what_no_phone_can_do_is_refused(tab: Tab, action: dict[str, object], status: int) -> None:
    assert status == (await tab.do("sms", **action))[0]
    assert {} == tab.items["sms"]


async def test_what_a_form_of_another_site_posts_is_refused(demo: Demo, tab: Tab) -> None:
    address = f"{demo.address}/try/sessions/{tab.secret}/sms"
    async with aiohttp.ClientSession() as session, session.post(address, data={"do": "say", "text": "x"}) as response:
        assert 400 == response.status


async def test_a_session_ends_after_an_hour_of_silence(lone_demo: Demo, clock: Clock) -> None:
    async with tab_at(lone_demo.address) as tab:
        await tab.say("sms", "hello")
        clock.move(SILENCE)
        lone_demo.sessions.sweep()
        await tab.until(lambda: tab.seen[-1][0] == "ended")
        assert 0 == len(lone_demo.sessions)
        assert {} == lone_demo.doubles.twilio.messages
        assert 404 == (await tab.do("sms", do="say", text="hello"))[0]


async def test_a_desk_that_starts_again_answers_new_people_on_every_phone(
    sqlite_templates: dict[str, Path], tmp_path: Path, clock: Clock
) -> None:
    shutil.copyfile(sqlite_templates["sample"], tmp_path / "demo.sqlite3")
    for _ in range(2):
        clock.move(timedelta(minutes=1))
        async with demo_at(tmp_path, clock) as demo, tab_at(demo.address) as tab:
            for phone in tab.items:
                assert "Hello" in await tab.say(phone, "hello")


async def test_of_too_many_sessions_the_one_silent_longest_ends(lone_demo: Demo, clock: Clock) -> None:
    sessions = lone_demo.sessions
    first = sessions.open("en", "ABCD2345")
    clock.move(timedelta(minutes=1))
    others = [sessions.open("en", "ABCD2345") for _ in range(MOST_SESSIONS)]
    assert MOST_SESSIONS == len(sessions)
    assert sessions.find(first.id) is None
    assert all(sessions.find(session.id) for session in others)


async def test_a_stream_that_is_not_read_is_cut_off(demo: Demo) -> None:
    session = demo.sessions.open("en", "ABCD2345")
    with session.watched() as stream:
        for _ in range(MOST_WAITING + 1):
            session.publish("toast", {"text": "x"})
        assert stream.get_nowait() is None


async def test_one_session_has_only_so_many_streams(demo: Demo, tab: Tab) -> None:
    session = demo.sessions.find(tab.secret)
    assert session is not None
    async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession() as http:
        streams = [await http.get(f"{demo.address}/try/sessions/{tab.secret}/events") for _ in range(MOST_STREAMS)]
        assert [200] * (MOST_STREAMS - 1) + [429] == [stream.status for stream in streams]
        for stream in streams:
            stream.close()


async def test_the_page_is_part_of_the_demo_only(sqlite_templates: dict[str, Path]) -> None:
    settings = settings_for(sqlite_templates["sample"])
    async with open_app(settings) as app, TestServer(site_of.make(app)) as server:
        for path in (*FILES, "/try/about", "/try/sessions/x/events"):
            async with aiohttp.ClientSession() as session, session.get(server.make_url(path)) as response:
                assert 404 == response.status
