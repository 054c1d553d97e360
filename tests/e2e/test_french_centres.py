"""The real list of French centres: imported and published by the command, then people in Lyon book near them."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.gsm import plain
from dialogs.text import render, say
from tests.conftest import Clock
from tests.e2e import processes
from tests.e2e.clinic import Clinic, clinic_at_work
from tests.e2e.people import PATIENCE_S, Phone, answered, choose, hello, labels
from tests.e2e.people import say as write
from tests.shared_data import FRENCH_LIST
from webhooks.simulator.phones import TelegramPhone, TwilioPhone

LYON = (45.7578, 4.8320)  # the town hall's side of the Saône
FAR = re.compile(r"\((\d+(?:,\d)?) km, ([^)]*)")

pytestmark = [
    pytest.mark.skipif(not FRENCH_LIST.exists(), reason=f"the real list of centres is not at {FRENCH_LIST}"),
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]


@pytest_asyncio.fixture(scope="module")
async def france(
    sqlite_templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Clinic, Clock]]:
    """All of France for two days, as an operator sets it up."""
    folder = tmp_path_factory.mktemp("france")
    url = f"sqlite:///{shutil.copyfile(sqlite_templates['empty'], folder / 'france.db')}"
    clock = Clock(datetime.now(UTC))
    env = processes.environment(url, folder)
    until = (clock().date() + timedelta(days=2)).isoformat()
    commands = (["import", "centres", str(FRENCH_LIST), "--minutes", "240"], ["slots", "publish", "--until", until])
    for command in commands:
        status, written = await processes.done(*command, env=env, folder=folder)
        assert 0 == status, written
    async with clinic_at_work(url, clock) as clinic:
        yield clinic, clock


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance over a round earth."""
    (lat, lon), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half))


async def nearest(clinic: Clinic, place: tuple[float, float], count: int) -> list[str]:
    """Return the names of the centres nearest to *place* that have a free place, looked for in the reports' views."""
    free = """SELECT c.name FROM v_centre c JOIN centre ON centre.id = c.id WHERE NOT centre.professionals_only AND
        EXISTS (SELECT 1 FROM v_slot s WHERE s.centre_id = c.id AND s.taken < s.capacity) ORDER BY c.id"""
    names = await clinic.column(free)
    lats, lons = (
        await clinic.column(free.replace("c.name", "c.lat")),
        await clinic.column(free.replace("c.name", "c.lon")),
    )
    far = [(metres(place, (lat, lon)), name) for name, lat, lon in zip(names, lats, lons, strict=True)]
    return [name for _, name in sorted(far)[:count]]


def phone_in_lyon(clinic: Clinic, channel: str) -> Phone:
    if channel == "telegram":
        return clinic.telegram_phone("fr", position=LYON)
    return clinic.twilio_phone(whatsapp=channel == "whatsapp", prefix="+3361234")


def in_french(phone: Phone, label: str) -> str:
    """Return *label* as the phone shows it."""
    text = render(say(label), "fr")
    return plain(text) if isinstance(phone, TwilioPhone) and not phone.whatsapp else text


async def asked_where(phone: Phone) -> None:
    await hello(phone, "hello" if isinstance(phone, TelegramPhone) else "Bonjour")
    await choose(phone, in_french(phone, "Yes, for me"))
    await write(phone, "Ana Silva, 3 avril 1950")
    await choose(phone, "Rien de tout cela")


async def shared_or_typed(phone: Phone, channel: str) -> None:
    """Say where one is, in the way that the phone has."""
    if isinstance(phone, TelegramPhone):
        await answered(phone, phone.press(0))
    elif channel == "whatsapp":
        await answered(phone, phone.share_location(*LYON))
    else:
        await write(phone, "Lyon")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
async def test_somebody_in_lyon_books_at_a_centre_nearby(
    france: tuple[Clinic, Clock], channel: str, engine_name: str
) -> None:
    clinic, _ = france
    phone = phone_in_lyon(clinic, channel)
    await asked_where(phone)
    await shared_or_typed(phone, channel)

    await phone.wait_for(lambda _message: any(FAR.search(label) for label in labels(phone)), PATIENCE_S)
    shown = labels(phone)
    distances = [float(found[1].replace(",", ".")) for label in shown if (found := FAR.search(label))]
    assert sorted(distances) == distances
    assert distances[0] < 5
    if channel != "sms":  # whose own idea of Lyon is somewhere in its middle
        wanted = await nearest(clinic, LYON, 5)
        assert [name[:25] for name in wanted] == [
            label[: len(name[:25])] for name, label in zip(wanted, shown, strict=False)
        ]

    await choose(phone, shown[0])
    await phone.wait_for(lambda _message: any(re.search(r"\d\d:\d\d$", label) for label in labels(phone)), PATIENCE_S)
    await choose(phone, labels(phone)[0])
    booked = await choose(phone, in_french(phone, "Yes, book it"))

    assert "Vaccin COVID-19" in booked
    assert re.search(r"\b[A-Z0-9]{6}\b", booked)
    assert {} == await clinic.breaches()
    assert [] == clinic.telegram.refused + clinic.twilio.refused


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "sms"])
async def test_the_name_of_a_town_will_do(france: tuple[Clinic, Clock], channel: str, engine_name: str) -> None:
    phone = phone_in_lyon(france[0], channel)
    await asked_where(phone)
    await write(phone, "Lyon")
    await phone.wait_for(lambda _message: any(FAR.search(label) for label in labels(phone)), PATIENCE_S)
    towns = [found[2] for label in labels(phone) if (found := FAR.search(label))]
    assert any("yon" in town for town in towns), towns
