"""Open slots over HTTP: the addresses by which finders ask, and those by which patients get into the chat."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import NOW, Clock
from tests.domain.clinic import Clinic as Records
from tests.e2e.clinic import PUBLIC, SMS_FROM, WHATSAPP_FROM, Clinic, clinic_at_work, write_small
from tests.webhooks.finder import BOT, MANIFEST, extension, get, read
from tests.webhooks.smart_links import manifest_faults

# ---- how it is asked for


async def test_nothing_to_publish_is_published_too(desk: Clinic) -> None:
    assert [] == (await read(desk)).manifest["output"]
    assert (200, b"") == ((found := await get(desk, "/scheduling/locations.ndjson"))[0], found[2])


async def test_addresses_answer_as_finders_ask(desk: Clinic, records: Records) -> None:
    await records.slot(1)
    for path in (MANIFEST, "/scheduling/%24bulk-publish", f"{MANIFEST}?_since=2027-01-01T00:00:00Z"):
        assert 200 == (await get(desk, path, Accept="application/json"))[0], path
    files = ("locations", "schedules-GB-1", "slots-GB-1")
    for name in files:
        assert 200 == (await get(desk, f"/scheduling/{name}.ndjson", Accept="application/fhir+ndjson"))[0]
        async with desk.session.head(f"{desk.address}/scheduling/{name}.ndjson") as response:
            assert (200, b"") == (response.status, await response.read())
            assert int(response.headers["Content-Length"]) > 0
    for name in ("slots-GB-2", "slots-", "slots", "schedules-XX-1", "places-GB-1", "..%2fhealth", "locations-GB-1"):
        assert 404 == (await get(desk, f"/scheduling/{name}.ndjson"))[0], name
    async with desk.session.post(f"{desk.address}{MANIFEST}") as response:
        assert 405 == response.status


async def test_without_a_public_address_the_manifest_names_the_one_it_was_asked_at(
    database_url: str, clock: Clock
) -> None:
    async with clinic_at_work(database_url, clock, works=False, public_url=None) as desk:
        await Records(desk.app.database, clock).slot(1)
        manifest = json.loads((await get(desk, MANIFEST))[2])
        assert [] == manifest_faults(manifest)
        assert f"{desk.address}{MANIFEST}" == manifest["request"]
        async with desk.session.get(manifest["output"][0]["url"]) as response:
            assert 200 == response.status


# ---- where it leads


OFF: dict[str, dict[str, Any]] = {
    "telegram": {"telegram_bot_username": BOT},
    "whatsapp": {},
    "telegram is off": {"telegram_bot_username": BOT, "telegram_bot_token": None},
    "sms": {"twilio_whatsapp_from": None},
    "nothing": {"twilio_whatsapp_from": None, "twilio_sms_from": None},
}


@pytest.mark.parametrize("case", OFF)
async def test_slots_and_schedules_say_how_to_book_by_the_best_channel_that_is_on(
    case: str, database_url: str, clock: Clock
) -> None:
    async with clinic_at_work(database_url, clock, works=False, **OFF[case]) as desk:
        slot = await Records(desk.app.database, clock).slot(1)
        centre = await desk.value("SELECT centre_id FROM slot WHERE id = :slot", slot=slot)
        found = await read(desk)
        schedule, published = found.lines["Schedule"][0], found.lines["Slot"][0]
        contacts = {one["system"]: one["value"] for one in found.lines["Location"][0]["telecom"]}

    telegram = f"https://t.me/{BOT}?start=centre_{centre}"
    whatsapp = f"https://wa.me/{WHATSAPP_FROM.removeprefix('+')}?text=Book%20at%20centre%20{centre}"
    link = {"telegram": telegram, "whatsapp": whatsapp, "telegram is off": whatsapp}.get(case)
    phone = SMS_FROM if case == "sms" else None
    assert [(link, phone)] * 2 == [
        (extension(line, "booking-deep-link"), extension(line, "booking-phone")) for line in (schedule, published)
    ]
    assert link or PUBLIC == contacts["url"]


@pytest.mark.parametrize(("channel", "settings"), [("telegram", OFF["telegram"]), ("whatsapp", OFF["whatsapp"])])
async def test_the_link_of_a_slot_opens_the_chat_at_its_centre(
    channel: str, settings: dict[str, Any], database_url: str, clock: Clock
) -> None:
    async with clinic_at_work(database_url, clock, works=False, **settings) as desk:
        await write_small(desk.app.database, today=NOW.date())
        slot = (await read(desk)).lines["Slot"][0]
        query = parse_qs(urlsplit(extension(slot, "booking-deep-link")).query)
        phone = desk.phone(channel)
        await phone.say(f"/start {query['start'][0]}" if channel == "telegram" else query["text"][0])
        for words in ("Yes, for me", "Ana Silva, 3 April 1950", "I feel well"):
            assert 200 == await phone.say(words)
        await desk.deliver()

    assert "When suits you at Harbour Practice" in phone.last_text, "neither where nor which centre is asked"


async def test_a_link_does_not_take_up_messages_that_were_stopped_by_word(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        phone = desk.twilio_phone(whatsapp=True)
        for words in ("hello", "stop", "Book at centre 1"):
            assert 200 == await phone.say(words)
        assert 1 == await desk.value("SELECT count(*) FROM contact WHERE stopped_at IS NOT NULL")
