"""A manager writes to many patients by chat: previewed, sent once to each, stoppable, and never after STOP."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot import broadcasts
from bot.broadcasts import BATCH, broadcast_due
from domain.store import broadcast_queue
from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, received, write_all
from tests.e2e.staff import CHANNELS, invited

WORDS = "The entrance is on Quay Street today."
BATCHES = 6


async def say(clinic: Clinic, phone: Phone, *words: str) -> str:
    """Write *words* one after another, and return what comes back to the last of them."""
    before = 0
    for one in words:
        before = len(received(phone))
        assert 200 == await phone.say(one)
        await clinic.deliver()
    return "\n".join(received(phone)[before:])


async def booked(clinic: Clinic, *channels: str) -> list[Phone]:
    """Return phones of people who have booked for Tuesday at nine."""
    phones = [clinic.phone(channel) for channel in channels]
    for phone in phones:
        await write_all(phone, "booked")
    await clinic.deliver()
    return phones


async def manager(clinic: Clinic, capsys: pytest.CaptureFixture[str], channel: str = "sms") -> Phone:
    phone = clinic.phone(channel)
    assert "manager" in await say(clinic, phone, f"join {await invited(clinic, capsys, 'manager')}")
    return phone


async def begun(clinic: Clinic, phone: Phone) -> str:
    """Have *WORDS* sent to who has a visit tomorrow, and return what is said to that."""
    return await say(clinic, phone, "broadcast", "With a visit", "Tomorrow", "Write to them", WORDS, "Yes, send it")


async def go_on(clinic: Clinic, clock: Clock, batches: int = BATCHES) -> None:
    """Let so many batches go out, as the worker does."""
    for _ in range(batches):
        await broadcast_due(clinic.app.turns, clock.now)
        clock.move(BATCH)
        await clinic.deliver()


def got(phone: Phone) -> int:
    return sum(WORDS in words for words in received(phone))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_manager_sees_what_goes_to_whom_and_each_gets_it_once(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    people = await booked(idle, "sms", "whatsapp", "telegram")
    stopped, silent = await booked(idle, "sms", "whatsapp")
    await say(idle, stopped, "unsubscribe")
    await _silent_for_a_day(idle, silent)
    boss = await manager(idle, capsys, channel)
    shown = await say(idle, boss, "broadcast", "With a visit", "Tomorrow")
    assert "With a visit on Tuesday 2 March:" in shown
    assert "3 people. Text messages: 1, Telegram: 1, WhatsApp: 1" in shown
    assert "Left out: 1 they said STOP, 1 silent on WhatsApp for a day." in shown
    shown = await say(idle, boss, "Write to them", WORDS)
    assert f"{WORDS}\n\nHarbour Practice. To get no more messages, write STOP." in shown
    assert "1 text message is charged." in shown
    assert "It goes out now to 3 people." in await say(idle, boss, "Yes, send it")
    assert [0, 0, 0] == list(map(got, people))
    await go_on(idle, clock)
    assert [1, 1, 1, 0, 0] == list(map(got, (*people, stopped, silent)))
    assert "is done. Of 5 people: sent: 3, left out: 2." in received(boss)[-1]
    assert {"begun", "done"} == set(await idle.column("SELECT action FROM audit_event WHERE entity = 'broadcast'"))
    assert "staff:1" == await idle.value("SELECT made_by FROM broadcast")
    assert {} == await idle.breaches()


async def _silent_for_a_day(clinic: Clinic, phone: Phone) -> None:
    """Let it be a day since somebody wrote."""
    contact = await clinic.value("SELECT max(id) FROM contact WHERE channel = 'whatsapp'")
    async with clinic.app.database.begin() as connection:
        await connection.execute(
            text(
                "UPDATE conversation SET heard_at = :then WHERE id ="
                " (SELECT conversation_id FROM contact WHERE id = :contact)"
            ).bindparams(contact=contact, then=_as_stored(clinic, clinic.app.clock() - timedelta(days=1)))
        )


def _as_stored(clinic: Clinic, moment: datetime) -> object:
    return moment.isoformat(timespec="microseconds") if clinic.app.database.is_sqlite else moment


async def test_who_says_stop_meanwhile_gets_nothing_whatever_is_queued(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    early, late, other = await booked(idle, "telegram", "telegram", "telegram")
    boss = await manager(idle, capsys)
    await begun(idle, boss)
    await say(idle, early, "STOP")
    await broadcast_due(idle.app.turns, clock.now)
    assert 2 == await idle.value("SELECT count(*) FROM outbox WHERE state = 'queued' AND priority = 3")
    assert 200 == await late.say("STOP")
    await go_on(idle, clock)
    assert [0, 0, 1] == list(map(got, (early, late, other)))
    assert "sent: 1, left out: 2." in received(boss)[-1]
    assert {} == await idle.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_broadcast_is_stopped_at_once_by_button_or_number(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    people = await booked(idle, "sms", "sms", "sms")
    boss = await manager(idle, capsys, channel)
    await begun(idle, boss)
    await paced(idle, "1")
    await broadcast_due(idle.app.turns, clock.now)
    await idle.deliver()
    assert [1, 0, 0] == list(map(got, people))
    assert "Of 3 people: sent: 1, still to go: 2." in await say(
        idle, boss, "1" if channel == "sms" else "How far is it?"
    )
    told = await say(idle, boss, "1" if channel == "sms" else "Stop the broadcast")
    assert "Stopped: nothing more of it goes out." in told
    assert "sent: 1, held back: 2." in told
    await go_on(idle, clock)
    assert [1, 0, 0] == list(map(got, people))
    assert "It was over already." in await say(idle, boss, "stop the broadcast")
    assert ["begun", "stopped"] == await idle.column(
        "SELECT action FROM audit_event WHERE entity = 'broadcast' ORDER BY version"
    )


async def paced(clinic: Clinic, rate: str) -> None:
    async with clinic.app.database.begin() as connection:
        await connection.execute(text(f"UPDATE broadcast SET rate = {rate}"))


async def test_messages_go_out_one_after_another(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    people = await booked(idle, *["sms"] * 7)
    boss = await manager(idle, capsys)
    await begun(idle, boss)
    await paced(idle, "1")
    seen = []
    for _ in range(9):
        await broadcast_due(idle.app.turns, clock.now)
        await idle.deliver()
        seen.append(sum(map(got, people)))
        clock.move(timedelta(seconds=1))
    assert [1, 2, 3, 4, 5, 6, 7, 7, 7] == seen


async def test_in_the_night_the_rest_waits_for_the_morning(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    people = await booked(idle, *["telegram"] * 8)
    boss = await manager(idle, capsys, "telegram")
    clock.now = datetime.fromisoformat("2027-03-01T20:59:58+00:00")
    await begun(idle, boss)
    await paced(idle, "1")
    await broadcast_due(idle.app.turns, clock.now)  # five are queued, of which two are in time
    for _ in range(10):
        await idle.deliver()
        clock.move(timedelta(seconds=1))
        await broadcast_due(idle.app.turns, clock.now)
    await idle.deliver()
    assert 2 == sum(map(got, people))
    assert 1 == sum("goes on in the morning. Of 8 people: sent: 2, still to go: 6" in one for one in received(boss))
    clock.now = datetime.fromisoformat("2027-03-02T07:59:59+00:00")
    await go_on(idle, clock, 1)
    assert 2 == sum(map(got, people))
    clock.now = datetime.fromisoformat("2027-03-02T08:00:00+00:00")
    await go_on(idle, clock)
    assert [1] * 8 == list(map(got, people))
    assert "Of 8 people: sent: 8." in received(boss)[-1]


async def test_of_two_workers_at_once_each_person_gets_one(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    people = await booked(idle, *["sms"] * 8)
    boss = await manager(idle, capsys)
    await begun(idle, boss)
    for _ in range(3):
        async with idle.app.database.begin() as connection:  # as if each came after the other's time
            await connection.execute(text("UPDATE broadcast SET next_at = made_at"))
        await asyncio.gather(*(_late(idle, clock) for _ in range(4)))
    await go_on(idle, clock)
    assert [1] * 8 == list(map(got, people))
    assert 8 == await idle.value("SELECT count(*) FROM outbox WHERE priority = 3")
    assert "Of 8 people: sent: 8." in received(boss)[-1]


async def _late(clinic: Clinic, clock: Clock) -> None:
    """Take the batch of the one broadcast as a worker does that believes it to be its own."""
    async with clinic.app.database.begin() as connection:
        going = await broadcast_queue.lease(connection, clock.now, timedelta())
    if going is not None:
        await broadcasts._go_on(going, clinic.app.turns, clock.now)


@pytest.mark.parametrize("is_queued", [True, False])
async def test_who_links_two_chats_meanwhile_gets_one(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], is_queued: bool
) -> None:
    one, other = await booked(idle, "sms", "telegram")
    boss = await manager(idle, capsys)
    await begun(idle, boss)
    if is_queued:
        await broadcast_due(idle.app.turns, clock.now)
    async with idle.app.database.begin() as connection:
        first, second = (
            await connection.execute(text("SELECT conversation_id FROM broadcast_recipient ORDER BY 1"))
        ).scalars()
        await broadcast_queue.become_one(connection, second, first)
        await connection.execute(text(f"UPDATE contact SET conversation_id = {second} WHERE conversation_id = {first}"))
    await go_on(idle, clock)
    assert 1 == got(one) + got(other)
    assert "Of 1 person: sent: 1." in received(boss)[-1]


async def test_each_reads_their_own_language_and_the_sum_is_told(
    database: Database, database_url: str, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await write_small(database, today=NOW.date())
    async with clinic_at_work(database_url, clock, works=False, sms_price="0.05 EUR") as clinic:
        (english,) = await booked(clinic, "sms")
        french = clinic.phone("sms")
        await write_all(french, "booked")
        await say(clinic, french, "français")
        boss = await manager(clinic, capsys)
        await say(clinic, boss, "broadcast", "With a visit", "Tomorrow", "Write to them")
        assert "1 of them speaks French" in await say(clinic, boss, "Find the entrance on Quay Street.")
        shown = await say(clinic, boss, "L'entrée est à côté, œuvre du quai 漢 1.")
        assert "3 text messages are charged: 0.15 EUR." in shown  # beyond the plain letters 70 make one
        await say(clinic, boss, "Yes, send it")
        await go_on(clinic, clock)
        assert "Find the entrance on Quay Street.\n\nHarbour" in received(english)[-1]
        assert "quai 漢 1.\n\nHarbour Practice. Pour ne plus recevoir" in received(french)[-1]
        await say(clinic, boss, "broadcast", "With a visit", "Tomorrow", "Only some of them", "French")
        assert "With a visit on Tuesday 2 March: French\n1 person." in await say(clinic, boss, "That is all")


async def test_a_text_that_tells_what_a_visit_is_for_is_warned_about_and_kept_sealed(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    await booked(idle, "sms")
    boss = await manager(idle, capsys)
    asked = "broadcast", "With a visit", "Tomorrow", "Write to them"
    assert "Careful: this may tell what a visit is for" in await say(idle, boss, *asked, "Your flu jab is on Monday.")
    assert "Careful" not in await say(idle, boss, "Change the text", WORDS)
    await say(idle, boss, "Yes, send it")
    kept = await idle.value("SELECT texts FROM broadcast")
    assert b"Quay" not in bytes(kept)


async def test_only_who_may_writes_to_many(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    nurse = idle.phone("sms")
    await say(idle, nurse, f"join {await invited(idle, capsys, 'clinician')}")
    for words in ("broadcast", "stop the broadcast", "broadcasts"):
        assert "not among your rights" in await say(idle, nurse, words)
    patient = idle.phone("telegram")
    await say(idle, patient, "broadcast")
    assert 0 == await idle.value("SELECT count(*) FROM broadcast")
