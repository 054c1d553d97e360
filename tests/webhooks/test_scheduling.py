"""Open slots over HTTP as SMART Scheduling Links: what is said of centres, schedules and slots, and in which files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from bot.shipped import shipped_programmes
from domain.store import catalogue
from tests.conftest import NOW, STAMP, Clock
from tests.domain.clinic import Clinic as Records
from tests.domain.clinic import write_centre, write_schedule, write_slot
from tests.domain.test_booking_doses import stock
from tests.e2e.clinic import PUBLIC, SMS_FROM, Clinic, clinic_at_work, write_small
from tests.webhooks.finder import BOT, MANIFEST, extension, get, lines_of, read
from tests.webhooks.smart_links import TYPES, fhir_faults
from webhooks.scheduling.feed import CENTRES_IN_AN_AREA, Feed

DAY = timedelta(days=1)


async def test_the_sample_clinic_is_published_as_the_specification_has_it(sample_url: str, clock: Clock) -> None:
    async with clinic_at_work(sample_url, clock, works=False, telegram_bot_username=BOT) as desk:
        found = await read(desk)
        assert [] == fhir_faults({**found.lines, "Slot": found.lines["Slot"][::50]})
        wanted = await desk.column("SELECT id FROM slot WHERE capacity > 0")

    assert (f"{PUBLIC}{MANIFEST}", NOW) == (
        found.manifest["request"],
        datetime.fromisoformat(found.manifest["transactionTime"]),
    )
    assert {("GB",)} == {tuple(one["extension"]["state"]) for one in found.manifest["output"]}
    assert (3, 9 + 6) == (len(found.lines["Location"]), len(found.lines["Schedule"]))
    assert {str(slot) for slot in wanted} == set(found.slots), "all of them begin within the next weeks"
    assert {"free"} == {slot["status"] for slot in found.slots.values()}
    riverside = next(line for line in found.lines["Location"] if line["name"] == "Riverside Health Centre")
    assert {
        "line": ["12 Mill Lane"],
        "city": "Bristol",
        "state": "GB",
        "postalCode": "BS1 6XX",
        "country": "GB",
    } == riverside["address"]
    assert {"latitude": 51.449, "longitude": -2.59} == riverside["position"]
    assert "sample-riverside" == riverside["identifier"][0]["value"]
    assert "Entrance from the quay." == riverside["description"]
    assert [SMS_FROM] == [one["value"] for one in riverside["telecom"] if one["system"] == "phone"]


async def test_a_schedule_says_what_is_given_and_which_doses(desk: Clinic) -> None:
    bodies = shipped_programmes()
    product = {"cvx": "207", "display": "Moderna COVID-19 Vaccine"}
    async with desk.app.database.begin() as connection:
        centre = await write_centre(connection)
        for key, more in (("covid-19-course", {"product": product}), ("flu", {})):
            await catalogue.keep_programme(connection, bodies[key] | more, STAMP)
            await catalogue.keep_schedule(connection, centre_id=centre, programme_key=key, rules=())
    course, flu = sorted((await read(desk)).lines["Schedule"], key=lambda line: int(line["id"]))

    assert ["57", "covid19-immunization"] == [one["code"] for one in course["serviceType"][0]["coding"]]
    assert ["57"] == [one["code"] for one in flu["serviceType"][0]["coding"]]
    assert {"system": "http://hl7.org/fhir/sid/cvx", "code": "207", "display": "Moderna COVID-19 Vaccine"} == extension(
        course, "vaccine-product"
    )
    assert [1, 2] == [one["valueInteger"] for one in course["extension"] if one["url"].endswith("vaccine-dose")]
    assert (None, None) == (extension(flu, "vaccine-product"), extension(flu, "vaccine-dose"))


async def test_places_without_a_dose_are_busy(desk: Clinic, records: Records) -> None:
    soon, later = await records.slot(1, capacity=3), await records.slot(9, capacity=3)
    body = {"key": "flu", "title": "Flu", "products": ["flu-standard"]}
    async with desk.app.database.begin() as connection:
        await catalogue.keep_programme(connection, body, STAMP)
    assert {"free"} == {slot["status"] for slot in (await read(desk)).slots.values()}
    await stock(records, 1, good_for=3)
    desk.app.clock.move(timedelta(hours=1))  # type: ignore[attr-defined]  # so that it is made anew
    assert {str(soon): "free", str(later): "busy"} == {
        number: slot["status"] for number, slot in (await read(desk)).slots.items()
    }


async def test_places_left_are_counted_and_what_cannot_be_had_is_busy(desk: Clinic, records: Records) -> None:
    someone, other = await records.people(2)
    half, full = await records.slot(1, capacity=3, overbook=1), await records.slot(2, capacity=1)
    shut = await records.slot(3, capacity=5)
    await records.set_status(shut, "busy-unavailable")
    await records.do(someone.hold(half), someone.contact)
    await records.do(other.hold(full), other.contact)
    slots = (await read(desk)).slots

    assert {str(half): ("free", 3), str(full): ("busy", 1), str(shut): ("busy", 5)} == {
        number: (slot["status"], extension(slot, "slot-capacity")) for number, slot in slots.items()
    }


async def test_only_slots_to_come_that_can_still_be_booked_are_published(desk: Clinic, records: Records) -> None:
    lead = timedelta(minutes=30)
    when = {"past": -DAY, "now": timedelta(), "too soon": lead - timedelta(minutes=1), "soon": lead, "far": 50 * DAY}
    ids = {name: str(await records.slot(delta / DAY)) for name, delta in {**when, "beyond": 60 * DAY}.items()}

    assert {ids["soon"], ids["far"]} == set((await read(desk)).slots)


async def test_centres_that_are_not_for_the_public_are_left_out(desk: Clinic) -> None:
    async with desk.app.database.begin() as connection:
        for key, more in {
            "open": {},
            "closed": {"active": False},
            "colleagues": {"professionals_only": True},
        }.items():
            centre = await write_centre(connection, key, **more)
            await write_slot(connection, NOW + DAY, centre=centre)
        await write_centre(connection, "idle")  # offers nothing
        broken = await write_centre(connection, "broken")
        await write_slot(connection, NOW + DAY, centre=broken, programme="odd")
        await catalogue.keep_programme(connection, {"key": "odd", "title": "Odd", "colour": "blue"}, STAMP)
    found = await read(desk)

    assert ["Open"] == [line["name"] for line in found.lines["Location"]]
    assert (1, 1) == (len(found.lines["Schedule"]), len(found.lines["Slot"]))


#: A zone, a moment in UTC, and how the centre's clock shows it: about the changes of the clocks, and beside the hour.
CLOCKS = [
    ("Europe/Paris", datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28T01:30:00.000+01:00"),
    ("Europe/Paris", datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "2027-03-28T03:30:00.000+02:00"),
    ("America/New_York", datetime(2027, 3, 14, 6, 30, tzinfo=UTC), "2027-03-14T01:30:00.000-05:00"),
    ("America/New_York", datetime(2027, 3, 14, 7, 30, tzinfo=UTC), "2027-03-14T03:30:00.000-04:00"),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, 14, 45, tzinfo=UTC), "2027-04-04T01:45:00.000+11:00"),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, 15, 15, tzinfo=UTC), "2027-04-04T01:45:00.000+10:30"),
    ("Asia/Kathmandu", datetime(2027, 3, 2, 4, 0, tzinfo=UTC), "2027-03-02T09:45:00.000+05:45"),
]


async def test_times_carry_the_offset_of_the_centre_on_that_day(desk: Clinic) -> None:
    ids = []
    async with desk.app.database.begin() as connection:
        for zone, moment, _ in CLOCKS:
            centre = await write_centre(connection, zone, tz=zone)
            ids.append(str(await write_slot(connection, moment, centre=centre)))
    slots = (await read(desk)).slots

    assert [shown for _, _, shown in CLOCKS] == [slots[number]["start"] for number in ids]
    assert [moment for _, moment, _ in CLOCKS] == [datetime.fromisoformat(slots[number]["start"]) for number in ids]


async def test_names_as_people_write_them_stay_valid(desk: Clinic) -> None:
    async with desk.app.database.begin() as connection:
        centre = await write_centre(
            connection,
            "odd",
            name='Salle "Été" 100 %\\',
            address="  \n1 rue de l'Œuvre\n Bât. B ",
            town="L'Haÿ",
            postcode="",
            access_notes=" \n",
        )
        await write_slot(connection, NOW + DAY, centre=centre)
    line = (await read(desk)).lines["Location"][0]

    assert 'Salle "Été" 100 %\\' == line["name"]
    assert ["1 rue de l'Œuvre", "Bât. B"] == line["address"]["line"]
    assert "description" not in line


# ---- how it is parted


async def test_no_file_has_more_than_so_many_centres_and_each_names_its_state(desk: Clinic) -> None:
    most = CENTRES_IN_AN_AREA
    async with desk.app.database.begin() as connection:
        for number in range(2 * most + 1):
            centre = await write_centre(connection, f"paris{number}", country="FR", postcode="75011", tz="Europe/Paris")
            await write_slot(connection, NOW + DAY, centre=centre)
        for country, postcode in (("FR", "20137"), ("US", "08332-3762"), ("US", "?"), ("GB", "SP1 1AA")):
            centre = await write_centre(connection, f"{country}{postcode}", country=country, postcode=postcode)
            await write_slot(connection, NOW + DAY, centre=centre)
    found = await read(desk)

    parts = {"FR-2A-1": "2A", "FR-75-1": "75", "FR-75-2": "75", "FR-75-3": "75", "GB-1": "GB", "US-1": "US"}
    parts |= {"US-NJ-1": "NJ"}
    assert {f"slots-{name}": [state] for name, state in parts.items()} == {
        one["url"].rpartition("/")[2].removesuffix(".ndjson"): one["extension"]["state"]
        for one in found.manifest["output"]
        if one["type"] == "Slot"
    }
    assert sorted({*parts.values()}) == found.manifest["output"][0]["extension"]["state"]
    by_file = [lines_of((await get(desk, f"/scheduling/slots-FR-75-{n}.ndjson"))[2]) for n in (1, 2, 3)]
    assert [most, most, 1] == [len({slot["schedule"]["reference"] for slot in lines}) for lines in by_file]


async def test_whatever_the_size_of_the_pages_the_files_are_the_same(desk: Clinic) -> None:
    await write_small(desk.app.database, today=NOW.date(), days=10)
    async with desk.app.database.begin() as connection:
        for number in range(7):
            await write_slot(connection, NOW + DAY, centre=await write_centre(connection, f"c{number}"))
    texts: list[dict[str, bytes]] = []
    for page in (1, 3, 500):
        feed = Feed(desk.app, page=page)
        texts.append({})
        for _, name, _ in (await feed.plan()).outputs():
            kept = await feed.file(name)
            assert kept is not None
            with kept.open(packed=False) as file:
                texts[-1][name] = file.read()
        feed.shelf.close()

    assert texts[0] == texts[1] == texts[2]
    assert 37 == len(lines_of(texts[0]["slots-GB-1"]))


async def test_a_person_never_stands_in_the_feed(desk: Clinic, records: Records) -> None:
    someone, slot = await records.someone(), await records.slot(1, capacity=2)
    await records.do(someone.hold(slot), someone.contact)
    found = json.dumps((await read(desk)).lines)
    assert [] == [word for word in ("Ana", "Lopez", "1980") if word in found]


async def test_a_schedule_without_slots_has_a_line_and_no_slots(desk: Clinic) -> None:
    async with desk.app.database.begin() as connection:
        await write_schedule(connection, await write_centre(connection))
    found = await read(desk)
    assert (1, 1, 0) == tuple(len(found.lines[kind]) for kind in TYPES)
