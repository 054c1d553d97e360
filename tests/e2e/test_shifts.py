"""A doctor sees their shifts and takes a day off by chat, unless people have places then."""

from __future__ import annotations

import pytest

from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import clinic_at_work
from tests.e2e.people import choose, hello, say
from tests.e2e.staff import CHANNELS, member
from tests.e2e.surgery import book_with, write_surgery


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_day_is_taken_off_once_nobody_has_a_place(
    database: Database, database_url: str, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    await write_surgery(database, today=NOW.date())
    async with clinic_at_work(database_url, clock) as surgery:
        doctor = await member(surgery, capsys, channel, "clinician", practitioner="okafor")
        patient = surgery.phone("sms")
        await book_with(patient, "Dr Ada Okafor")
        assert "Tuesday 2 March, 09:00-12:00, Harbour Practice, 1 person" in await say(doctor, "mis turnos")
        assert "Tuesday 2 March" in await say(doctor, "off on tuesday")
        assert "1 person has a place then and must be moved first" in await choose(doctor, "Yes, off")
        assert ["day-off"] == await surgery.column("SELECT kind FROM task")
        await say(patient, "cancel my booking")
        await choose(patient, "Yes, cancel it")
        await say(doctor, "congé le mardi")
        assert "Tuesday 2 March is off" in await choose(doctor, "Yes, off")
        assert "Tuesday" not in await say(doctor, "my shifts")
        assert "Which day" in await choose(doctor, "A day off")
        await choose(doctor, "Wednesday 3 March")
        assert "Wednesday 3 March is off" in await choose(doctor, "Yes, off")
        assert ["staff:1"] * 2 == await surgery.column("SELECT made_by FROM shift")
        late = surgery.phone("sms")
        await hello(late)
        await choose(late, "Yes, for me")
        await say(late, "Tom Silva, 3 April 1950")
        assert "Thu 4 Mar, 09:00" in late.last_text
        assert {} == await surgery.breaches()


async def test_who_is_on_no_list_has_no_shifts(
    database: Database, database_url: str, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await write_surgery(database, today=NOW.date())
    async with clinic_at_work(database_url, clock) as surgery:
        nurse = await member(surgery, capsys, "sms", "clinician")
        assert "no list of practitioners" in await say(nurse, "my shifts")
        desk = await member(surgery, capsys, "sms", "reception")
        assert "not among your rights" in await say(desk, "off on friday")
