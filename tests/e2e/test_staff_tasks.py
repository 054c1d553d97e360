"""Tasks by chat: what there is to do, taken by one, done or given back, and free again when the time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.centres import CentreId
from domain.store import tasks
from domain.store.stamp import Stamp
from domain.store.work import Work
from tests.conftest import Clock
from tests.domain.clinic import together
from tests.e2e.clinic import Clinic
from tests.e2e.people import choose, received, say, write_all
from tests.e2e.staff import CHANNELS, member


async def a_visit(clinic: Clinic) -> int:
    """Book a visit, and return its id."""
    patient = clinic.phone("sms")
    await write_all(patient, "booked")
    await patient.wait_for(lambda message: "Reference" in message.text, 30)
    visit: int = await clinic.value("SELECT id FROM v_appointment")
    return visit


async def opened(clinic: Clinic, kind: str, subject: str, clock: Clock) -> None:
    """Open a task as the worker does."""
    contact = await clinic.value("SELECT contact_id FROM appointment")
    async with clinic.app.database.begin() as connection:
        work = Work(connection, Stamp(now=clock.now, actor="test"))
        await work.people.open_task(kind, contact, subject)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_task_is_shown_taken_given_back_and_done(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    visit = await a_visit(practice)
    await opened(practice, "not-reminded", f"appointment:{visit}", clock)
    clock.move(timedelta(hours=2))
    nurse = await member(practice, capsys, channel, "reception", name="Nora")
    shown = await say(nurse, "tasks")
    assert "Telephone Ana Silva about Tue 2 Mar, 09:00" in shown
    assert "2 h old" in shown
    assert "It is yours until 11:30" in await choose(nurse, "I take it")
    assert "Others can take it" in await choose(nurse, "Give back")
    assert "To do" in await say(nurse, "tareas")
    await choose(nurse, "I take it")
    assert "Done, thank you" in await say(nurse, "done")
    assert "You have no task" in await say(nurse, "fait")
    assert "nothing to do" in await say(nurse, "to do")
    assert ["staff:1"] == await practice.column("SELECT closed_by FROM task")
    assert {"tasks", "task"} == set(await practice.column("SELECT action FROM access_event"))


@pytest.mark.parametrize("channel", ["telegram", "sms"])
async def test_of_two_who_take_a_task_at_once_one_gets_it(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    visit = await a_visit(practice)
    await opened(practice, "not-reminded", f"appointment:{visit}", clock)
    nurses = [await member(practice, capsys, channel, "reception", name=name) for name in ("Nora", "Maria")]
    for nurse in nurses:
        await say(nurse, "tasks")
    told = sorted(await together(*(choose(nurse, "I take it") for nurse in nurses)))
    assert [True, False] == ["It is yours until" in text for text in sorted(told, key=lambda one: "has it" in one)]
    assert "has it until" in "".join(told)
    assert "has it until 09:30" in received(nurses[0])[-1] + received(nurses[1])[-1]
    clock.move(timedelta(minutes=30))
    for nurse in nurses:
        await say(nurse, "tasks")
    await choose(nurses[0], "I take it")
    assert 1 == await practice.value("SELECT owner_id FROM task"), "the time of the other one was over"


async def test_tasks_are_those_of_one_s_centres_and_age_for_the_digest(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = await a_visit(practice)
    await opened(practice, "not-reminded", f"appointment:{visit}", clock)
    await opened(practice, "not-reminded", f"appointment:{visit}", clock)
    async with practice.app.database.begin() as connection:
        work = Work(connection, Stamp(now=clock.now, actor="test"))
        await work.people.open_task("stock-shortfall", None, "stock:1:flu")
        await work.people.open_task("something-new", None, "thing:1", "Look at the thing")
    nurse = await member(practice, capsys, "telegram", "reception", name="Nora")
    manager = await member(practice, capsys, "telegram", "manager", name="Maria")
    assert "Look at the thing" not in await say(nurse, "tasks")
    assert "Look at the thing" in await say(manager, "tasks")
    await say(nurse, "tasks")
    await choose(nurse, "I take it: Ana")
    clock.move(timedelta(minutes=10))
    async with practice.app.database.read() as connection:
        here = await tasks.ages(connection, CentreId(1), clock.now)
        elsewhere = await tasks.ages(connection, None, clock.now)
    age = timedelta(minutes=10)
    assert [("not-reminded", age, "Nora"), ("stock-shortfall", age, None)] == [(t.kind, t.age, t.owner) for t in here]
    assert [("something-new", age, None)] == [(t.kind, t.age, t.owner) for t in elsewhere]


async def test_who_is_no_member_sees_no_tasks(practice: Clinic, clock: Clock) -> None:
    visit = await a_visit(practice)
    await opened(practice, "not-reminded", f"appointment:{visit}", clock)
    stranger = practice.telegram_phone()
    for words in ("tasks", "/tasks", "done"):
        assert "Ana" not in await say(stranger, words)
    assert ["open"] == await practice.column("SELECT state FROM task")
