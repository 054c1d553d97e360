"""People find a doctor by name, speciality or place, or take whoever is free first; moving keeps the doctor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work
from tests.e2e.people import choose, hello, labels, say
from tests.e2e.staff import CHANNELS, member
from tests.e2e.surgery import ask_for, book_with, write_surgery


@pytest_asyncio.fixture
async def surgery(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    await write_surgery(database, today=NOW.date())
    async with clinic_at_work(database_url, clock) as at_work:
        yield at_work


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_first_free_is_offered_first_then_each_doctor_with_what_they_are_for(
    surgery: Clinic, channel: str
) -> None:
    phone = surgery.phone(channel)
    await hello(phone)
    await choose(phone, "Yes, for me")
    await say(phone, "Ana Silva, 3 April 1950")
    shown = labels(phone)
    assert ["First free", "Dr Ada Okafor", "Dr Luis Ruiz"] == [label.partition(" (")[0] for label in shown]
    if channel == "sms":
        assert "First free (Tue 2 Mar, 09:00, Dr Ada Okafor)" == shown[0]
        assert "Dr Luis Ruiz (Heart, Tue 2 Mar, 10:00)" == shown[2]
    await choose(phone, "First free")
    await choose(phone, "Harbour")
    await choose(phone, "Tue 2 Mar, 09:00")
    booked = await choose(phone, "Yes, book it")
    assert "Booked." in booked
    assert "With Dr Ada Okafor" in booked


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("said", "whom"),
    [("okafor", "Ada Okafor"), ("I would like to see a heart doctor please", "Luis Ruiz"), ("corazon", "Luis Ruiz")],
)
async def test_words_of_a_name_or_a_speciality_find_the_doctor(
    surgery: Clinic, channel: str, said: str, whom: str
) -> None:
    phone = surgery.phone(channel)
    answer = await ask_for(phone, said)
    if whom == "Luis Ruiz":
        assert "Which centre" in answer
        answer = await choose(phone, "Abbey")
    assert "When suits you" in answer
    await choose(phone, "Wed 3 Mar")
    assert f"With Dr {whom}" in await choose(phone, "Yes, book it")


async def test_a_place_limits_the_doctors_and_words_of_nobody_show_all(surgery: Clinic) -> None:
    phone = surgery.phone("sms")
    assert "nobody with a free place for: zebra" in await ask_for(phone, "zebra")
    assert ["First free", "Dr Ada Okafor", "Dr Luis Ruiz"] == [label.partition(" (")[0] for label in labels(phone)]
    assert "Which centre" in await say(phone, "Bath")
    await choose(phone, "Abbey")
    assert "When suits you at Abbey Practice" in phone.last_text
    assert "Somebody else" in labels(phone)
    await choose(phone, "Somebody else")
    assert "Whom would you like" in phone.last_text
    await choose(phone, "Show everybody")
    assert "Dr Ada Okafor" in phone.last_text


async def test_a_doctor_without_a_free_place_is_not_offered(surgery: Clinic) -> None:
    async with surgery.app.database.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE slot SET status = 'busy-unavailable' WHERE practitioner_id ="
            " (SELECT id FROM practitioner WHERE key = 'okafor')"
        )
    phone = surgery.phone("sms")
    await hello(phone)
    await choose(phone, "Yes, for me")
    await say(phone, "Ana Silva, 3 April 1950")
    assert ["First free", "Dr Luis Ruiz"] == [label.partition(" (")[0] for label in labels(phone)]


async def test_moving_keeps_the_doctor_unless_another_is_chosen(
    surgery: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = surgery.phone("sms")
    await book_with(phone, "Dr Ada Okafor")
    await say(phone, "move my booking")
    assert "Dr" not in "".join(labels(phone)), "all of them are of the same doctor"
    await choose(phone, "Wed 3 Mar")
    assert "With Dr Ada Okafor" in await choose(phone, "Yes, move it")
    await say(phone, "move my booking")
    await choose(phone, "Somebody else")
    await choose(phone, "Dr Luis Ruiz")
    await choose(phone, "Abbey")
    await choose(phone, "Thu 4 Mar")
    assert "With Dr Luis Ruiz" in await choose(phone, "Yes, move it")
    nurse = await member(surgery, capsys, "sms", "reception", centre="bath")
    assert "Dr Luis Ruiz" in await say(nurse, "find silva")
    assert {} == await surgery.breaches()
