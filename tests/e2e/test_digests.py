"""The daily digest: at the centre's hour, once to each reader, on every channel, with what stands under it at work."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, text

from bot.channels.base import Channel
from bot.cli import digests as command
from bot.cli.providers import run_provision
from bot.digests import send_due
from bot.messages import Outgoing
from domain import patients
from domain.patients import ContactId
from domain.store import conversations, tables
from domain.store import digests as store
from tests.conftest import Clock
from tests.domain.clinic import write_centre
from tests.e2e import test_reminders as reminders
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, labels, received, write_all
from tests.e2e.staff import CHANNELS, GROUP, at, in_group, invited
from webhooks.simulator.phones import TelegramPhone, TwilioPhone

SMS = patients.Channel.SMS
TITLE = "Harbour Practice, Tuesday 2 March"
MORNING, HOUR = at(7), timedelta(hours=1)


async def heard(clinic: Clinic, phone: Phone, words: str) -> str:
    """Say something where nobody works in the background, and return the last thing that came back."""
    assert 200 == await phone.say(words)
    await clinic.deliver()
    return received(phone)[-1]


async def reader(clinic: Clinic, capsys: pytest.CaptureFixture[str], channel: str, role: str = "manager") -> Phone:
    """Return the phone of somebody who has joined; the plan of the centre stands."""
    phone = clinic.phone(channel)
    code = await invited(clinic, capsys, role)
    words = f"/start join_{code}" if isinstance(phone, TelegramPhone) else f"JOIN {code}"
    assert role in await heard(clinic, phone, words)
    await send_due(clinic.app.turns, clinic.app.clock())
    return phone


async def morning(clinic: Clinic, clock: Clock, moment: datetime = MORNING) -> int:
    """Let it become *moment*, send what is due, and return how many digests that were."""
    clock.now = moment
    sent = await send_due(clinic.app.turns, moment)
    await clinic.deliver()
    return sent


async def keep_writing(clinic: Clinic, clock: Clock, phone: Phone) -> None:
    """Have somebody write in the evening, so that WhatsApp takes our own words in the morning."""
    clock.now = MORNING - 10 * HOUR
    await heard(clinic, phone, "next")


def digests_on(phone: Phone) -> int:
    return sum(TITLE in one for one in received(phone))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_it_comes_at_seven_once_and_what_stands_under_it_acts_twice(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    nurse = await reader(idle, capsys, channel)
    await keep_writing(idle, clock, nurse)
    assert 0 == await morning(idle, clock, MORNING - timedelta(seconds=1))
    assert 1 == await morning(idle, clock)
    assert 0 == await morning(idle, clock, MORNING + HOUR)
    assert 1 == digests_on(nurse)
    assert ["Next visits", "Tomorrow"] == labels(nurse)
    for _ in range(2):
        if isinstance(nurse, TelegramPhone):
            shown = next(one for one in nurse.screen if TITLE in one.text)
            assert 200 == await nurse.tap("Next visits", shown.message_id)
        elif nurse.buttons:
            assert 200 == await nurse.tap("Next visits")
        else:
            assert 200 == await nurse.say("1")
        await idle.deliver()
        assert "nobody else comes today" in received(nurse)[-1]
    assert 1 == await idle.value("SELECT count(*) FROM digest")


async def test_a_team_gets_it_and_a_stranger_there_cannot_press(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse, stranger = in_group(idle), in_group(idle)
    await heard(idle, nurse, f"/join {await invited(idle, capsys, 'clinician')}")
    await morning(idle, clock, clock.now)
    assert 1 == await morning(idle, clock), "to the chat of the team; in their own they never wrote"
    assert 1 == digests_on(nurse)
    shown = next(one for one in nurse.screen if TITLE in one.text)
    before = len(received(nurse))
    assert 200 == await stranger.tap("Next visits", shown.message_id)
    await idle.deliver()
    assert "Only members of staff" in received(nurse)[-1]
    for number in (2, 3):
        assert 200 == await nurse.tap("Next visits", shown.message_id)
        await idle.deliver()
        assert "nobody else comes today" in received(nurse)[-1]
        assert before + number == len(received(nurse))
    idle.telegram.migrate(int(str(GROUP["id"])), -1004001)
    clock.now = MORNING + timedelta(days=1)
    assert 1 == await send_due(idle.app.turns, clock.now)
    await idle.deliver()
    moved = in_group(idle, nurse, {**GROUP, "id": -1004001, "type": "supergroup"})
    assert "Wednesday 3 March" in received(moved)[-1]
    assert 200 == await moved.tap("Next visits")
    await idle.deliver()
    assert "nobody else comes today" in received(moved)[-1]


async def test_who_does_not_want_it_stopped_or_left_gets_none(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    off, stopped, left, blocked = [await reader(idle, capsys, "telegram") for _ in range(4)]
    assert "no digest comes to you" in await heard(idle, off, "digest off")
    await heard(idle, stopped, "stop")
    await heard(idle, left, "leave the team")
    assert 200 == await left.tap("Yes, end it")
    assert isinstance(blocked, TelegramPhone)
    await blocked.block()
    assert 0 == await morning(idle, clock)
    assert "the digest comes to you" in await heard(idle, off, "digest on")
    assert 1 == await morning(idle, clock, MORNING + timedelta(days=1))
    assert "Wednesday 3 March" in received(off)[-1]
    assert [0, 0, 0, 0] == list(map(digests_on, (off, stopped, left, blocked)))


async def test_managers_and_operators_say_when_it_comes(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    manager = await reader(idle, capsys, "telegram")
    nurse = await reader(idle, capsys, "sms", "clinician")
    assert "not among your rights" in await heard(idle, nurse, "digest at 8:15")
    assert "comes at 08:15, every day" in await heard(idle, manager, "digest at 8:15")
    assert "comes at 08:15, from Monday to Friday" in await heard(idle, manager, "digest on weekdays")
    assert "cannot tell when" in await heard(idle, manager, "digest at 25:00")
    assert 0 == await morning(idle, clock)
    assert 2 == await morning(idle, clock, at(8, 15))
    given = argparse.Namespace(centre="small", at=time(9), days=(2,), json=True)
    capsys.readouterr()
    assert 0 == await command.run_digest(given, idle.app.settings, clock=clock)
    assert {"at": "09:00", "days": ["wed"]} == json.loads(capsys.readouterr().out)
    assert 0 == await morning(idle, clock, at(8, 15, day=3))
    assert 2 == await morning(idle, clock, at(9, day=3))
    assert 1 == await command.run_digest(
        argparse.Namespace(centre="nowhere", at=None, days=None, json=False), idle.app.settings
    )
    await heard(idle, manager, "digest never")
    assert 0 == await morning(idle, clock, at(9, day=10))


async def test_a_worker_that_was_down_sends_it_late_but_not_after_noon(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await reader(idle, capsys, "sms")
    assert 1 == await morning(idle, clock, at(11, 59))
    assert 0 == await morning(idle, clock, at(12, day=3))
    assert 1 == await morning(idle, clock, at(7, day=4))
    assert 1 == digests_on(nurse)
    assert ["2027-03-02", "2027-03-04"] == [str(day) for day in await idle.column("SELECT day FROM digest ORDER BY id")]


async def test_what_waits_for_a_provider_until_noon_is_not_sent_any_more(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await reader(idle, capsys, "sms")
    clock.now = MORNING
    assert 1 == await send_due(idle.app.turns, clock.now)
    clock.now = at(12)
    await idle.deliver()
    assert 0 == digests_on(nurse)
    assert ["dropped"] == await idle.column("SELECT state FROM outbox WHERE priority = 2")


async def test_a_centre_without_anything_that_day_is_silent(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await reader(idle, capsys, "sms")
    assert 0 == await morning(idle, clock, at(7, day=20))
    assert 0 == await idle.value("SELECT count(*) FROM digest")


async def test_members_for_all_centres_get_it_while_these_are_few(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await reader(idle, capsys, "sms")
    async with idle.app.database.begin() as connection:
        await connection.execute(text("UPDATE staff_post SET centre_id = NULL"))
        others = [await write_centre(connection, f"other-{number}") for number in range(4)]
    assert 1 == await morning(idle, clock)
    async with idle.app.database.begin() as connection:
        await write_centre(connection, "one-more")
    assert 4 == len(others)
    assert 0 == await morning(idle, clock, MORNING + timedelta(days=1))
    assert 1 == digests_on(nurse)


# ---- once


async def test_three_workers_at_once_send_it_once_to_each(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    readers = [await reader(idle, capsys, channel) for channel in ("telegram", "sms", "telegram", "sms")]
    clock.now = MORNING
    sent = await asyncio.gather(*(send_due(idle.app.turns, MORNING) for _ in range(3)))
    assert 4 == sum(sent)
    await idle.deliver()
    assert [1] * 4 == list(map(digests_on, readers))
    async with idle.app.database.read() as connection:
        assert [] == await store.due(connection, MORNING + HOUR)


class WorkerDiedError(BaseException):
    """The process is gone."""


@dataclass(slots=True)
class DyingChannel:
    """`bot.channels.base.Channel` of a worker that dies in the middle of its second message."""

    inner: Channel
    calls: int = 0

    def shape(self, messages: list[Outgoing]) -> list[Outgoing]:
        self.calls += 1
        if self.calls == 2:
            raise WorkerDiedError
        return self.inner.shape(messages)

    async def send(self, address: str, message: Outgoing, shown_as: str | None) -> str | None:
        return await self.inner.send(address, message, shown_as)


async def test_a_worker_that_dies_between_leaves_the_rest_to_another(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    readers = [await reader(idle, capsys, "sms") for _ in range(3)]
    clock.now = MORNING
    turns = idle.app.turns
    dying = replace(turns, channels={SMS: DyingChannel(turns.channels[SMS])})
    with pytest.raises(WorkerDiedError):
        await send_due(dying, MORNING)
    assert 1 == await idle.value("SELECT count(*) FROM digest")
    assert 2 == await send_due(turns, MORNING)
    await idle.deliver()
    assert [1, 1, 1] == list(map(digests_on, readers))


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
async def test_who_is_busy_is_not_waited_for(idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    busy, free = [await reader(idle, capsys, "sms") for _ in range(2)]
    clock.now = MORNING
    async with idle.app.database.begin() as turn:
        first = (
            await turn.execute(select(tables.staff.c.contact_id).order_by(tables.staff.c.id).limit(1))
        ).scalar_one()
        await conversations.open_by_contact(turn, ContactId(first))
        assert 1 == await send_due(idle.app.turns, MORNING)
        await idle.deliver()
        assert [0, 1] == [digests_on(busy), digests_on(free)]
    assert 1 == await send_due(idle.app.turns, MORNING)
    await idle.deliver()
    assert [1, 1] == [digests_on(busy), digests_on(free)]


# ---- WhatsApp after a day of silence


async def test_a_template_brings_the_whole_of_it(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    idle.twilio.account.auto_approve = True
    assert 0 == await run_provision(argparse.Namespace(json=False), idle.app.settings)
    nurse = await reader(idle, capsys, "whatsapp")
    assert 1 == await morning(idle, clock, MORNING + timedelta(days=1))
    told = received(nurse)[-1]
    assert "The day at Harbour Practice. Visits: 0. Things to look at: 0." in told
    assert ["Show the day"] == nurse.buttons
    assert 200 == await nurse.tap("Show the day")
    await idle.deliver()
    assert any("Harbour Practice, Wednesday 3 March" in one for one in received(nurse))
    assert 0 == await idle.value("SELECT count(*) FROM task")


async def test_without_a_template_it_goes_by_sms_and_its_numbers_act_there(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await reader(idle, capsys, "whatsapp")
    await morning(idle, clock, MORNING + timedelta(days=1))
    assert 1 == await morning(idle, clock, clock.now + timedelta(seconds=5))
    by_sms = reminders.sms_of(idle, nurse)
    assert "Harbour Practice, Wednesday 3 March" in received(by_sms)[-1]
    assert "nobody else comes today" in await heard(idle, by_sms, "1")
    assert 0 == await idle.value("SELECT count(*) FROM task")
    assert 0 == await morning(idle, clock, clock.now + HOUR)


async def test_where_no_way_is_left_staff_have_a_task(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await reader(idle, capsys, "whatsapp")
    del idle.app.turns.channels[SMS]
    await morning(idle, clock, MORNING + timedelta(days=1))
    assert 0 == await morning(idle, clock, clock.now + timedelta(seconds=5))
    assert ["undeliverable"] == await idle.column("SELECT kind FROM task")
    assert isinstance(nurse, TwilioPhone)


async def test_a_button_of_an_old_digest_brings_the_day_as_it_stands(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await reader(idle, capsys, "telegram")
    assert 1 == await morning(idle, clock)
    assert isinstance(nurse, TelegramPhone)
    shown = next(one for one in nurse.screen if TITLE in one.text)
    for _ in range(8):
        await heard(idle, nurse, "today")
    assert 200 == await nurse.tap("Next visits", shown.message_id)
    await idle.deliver()
    assert TITLE in received(nurse)[-1]


async def test_a_number_means_what_came_last_the_digest_or_a_reminder_of_their_own_visit(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nurse = await reader(idle, capsys, "sms")
    await write_all(nurse, "slot", first="book")
    await heard(idle, nurse, "Wednesday at 10:00")
    assert "Reference" in await heard(idle, nurse, "Yes, book it")
    visit = await reminders.starts_at(idle)
    await reminders.pass_until(idle, clock, visit - timedelta(days=1))
    assert "Reserved for you" in received(nurse)[-1]
    assert 1 == await morning(idle, clock, at(7, day=3))
    assert "Ana Silva comes" in await heard(idle, nurse, "1")
    assert 0 == await reminders.accepted(idle)
    await reminders.pass_until(idle, clock, visit - timedelta(hours=2))
    assert "Reserved for you" in received(nurse)[-1]
    await heard(idle, nurse, "1")
    assert 1 == await reminders.accepted(idle)
