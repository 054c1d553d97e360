"""Staff serve from lots, move stock and take in who walks in, on every channel and in a team's group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

import pytest
import pytest_asyncio

from bot.shipped import shipped_programmes
from domain.store import stocktaking
from domain.store.database import Database
from domain.store.stocktaking import Lot, Telling
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, choose, labels, say
from tests.e2e.staff import CHANNELS, in_group, invited, member
from tests.e2e.test_staff_joining import book

PRODUCT = "flu-standard"
LOTS = (("A12", date(2027, 5, 3), 2), ("B7", date(2027, 9, 30), 40))
HOUR = timedelta(hours=1)


async def stock(database: Database, lots: Sequence[tuple[str, date, int]] = LOTS, product: str = PRODUCT) -> None:
    """Have *lots* (number, last good day, doses) delivered to the one centre."""
    async with database.begin() as connection:
        for number, expires_on, doses in lots:
            of = Lot(centre=1, product=product, number=number)
            telling = Telling(NOW, "test")
            await stocktaking.move(connection, of, "delivery", doses, telling, expires_on=expires_on)


@pytest_asyncio.fixture
async def pharmacy(database: Database, database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    """The small practice, which counts doses of one product and has two lots of it."""
    body = {**shipped_programmes()["flu"], "products": [PRODUCT]}
    await write_small(database, today=NOW.date(), places=2, body=body)
    await stock(database)
    async with clinic_at_work(database_url, clock) as at_work:
        yield at_work


async def on_hand(clinic: Clinic) -> dict[str, int]:
    """Return how many doses each lot has."""
    numbers = await clinic.column("SELECT number FROM lot ORDER BY id")
    return dict(zip(numbers, await clinic.column("SELECT on_hand FROM lot ORDER BY id"), strict=True))


async def promised(clinic: Clinic) -> int:
    """Return how many doses are promised."""
    return int(await clinic.value("SELECT coalesce(sum(promised), 0) FROM stock_day"))


async def visit_at(clinic: Clinic, clock: Clock) -> str:
    """Book, let time pass until the visit, and return the reference."""
    moment: datetime = await book(clinic, clinic.phone("sms"))
    clock.now = moment
    return str(await clinic.value("SELECT reference FROM v_appointment"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_visit_is_served_from_the_lot_that_expires_first(
    pharmacy: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    reference = await visit_at(pharmacy, clock)
    nurse = await member(pharmacy, capsys, channel, "clinician")
    assert 1 == await promised(pharmacy)
    asked = await say(nurse, f"done {reference}")
    assert "From which lot?" in asked
    assert [0, 1] == [number for number, label in enumerate(labels(nurse)) if label.startswith(("Lot A12", "Lot B7"))]
    assert "flu-standard, lot A12" in await choose(nurse, "Lot A12")
    assert ({"A12": 1, "B7": 40}, 0) == (await on_hand(pharmacy), await promised(pharmacy))
    assert "fulfilled" == await pharmacy.value("SELECT status FROM v_appointment")
    assert "nothing more was used" in await say(nurse, f"served {reference}")
    assert {"A12": 1, "B7": 40} == await on_hand(pharmacy)
    assert ["used"] == await pharmacy.column("SELECT kind FROM stock_movement WHERE actor = 'staff:1'")
    assert "Undone" in await say(nurse, "undo")
    assert ({"A12": 2, "B7": 40}, 1) == (await on_hand(pharmacy), await promised(pharmacy))
    assert "arrived" == await pharmacy.value("SELECT status FROM v_appointment")
    assert "recorded nobody" in await say(nurse, "not done")
    await say(nurse, "vacunado Ana Silva")
    assert "lot B7" in await choose(nurse, "Lot B7")
    assert ["completed", "entered-in-error"] == await pharmacy.column("SELECT status FROM serving ORDER BY status")
    changed = await pharmacy.column(
        "SELECT action FROM audit_event WHERE entity = 'appointment' AND actor = 'staff:1' ORDER BY version"
    )
    assert ["fulfilled", "arrived", "fulfilled"] == changed
    assert {} == await pharmacy.breaches()


async def test_a_wrong_tap_is_undone_on_the_same_day_only(
    pharmacy: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = await visit_at(pharmacy, clock)
    nurse = await member(pharmacy, capsys, "sms", "clinician")
    await say(nurse, f"done {reference}")
    await choose(nurse, "Lot A12")
    clock.now += timedelta(hours=16)
    assert "cannot be undone" in await say(nurse, f"undo {reference}")
    assert "fulfilled" == await pharmacy.value("SELECT status FROM v_appointment")
    assert {"A12": 1, "B7": 40} == await on_hand(pharmacy)


async def test_a_lot_that_ran_out_meanwhile_is_asked_for_again(
    pharmacy: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = await visit_at(pharmacy, clock)
    nurse = await member(pharmacy, capsys, "telegram", "clinician")
    await say(nurse, f"done {reference}")
    other = await member(pharmacy, capsys, "sms", "clinician")
    assert "Lot A12: 0 on hand" in await say(other, "wasted 2 A12")
    again = await choose(nurse, "Lot A12")
    assert "has no dose left" in again
    assert ["Lot B7"] == [label[:6] for label in labels(nurse)]
    assert "lot B7" in await choose(nurse, "Lot B7")
    assert {"A12": 0, "B7": 39} == await on_hand(pharmacy)
    assert {} == await pharmacy.breaches()


async def test_a_visit_without_counted_doses_is_served_at_once(
    practice: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = await visit_at(practice, clock)
    nurse = await member(practice, capsys, "sms", "clinician")
    assert "Ana Silva is served." in await say(nurse, f"fait {reference}")
    assert "on record already" in await say(nurse, f"hecho {reference}")
    assert "Undone" in await choose(nurse, "Not served: undo")
    assert "arrived" == await practice.value("SELECT status FROM v_appointment")
    assert 0 == await practice.value("SELECT count(*) FROM stock_movement")


async def test_reception_does_not_serve_and_a_visit_to_come_is_not_served(
    pharmacy: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    await book(pharmacy, pharmacy.phone("sms"))
    reference = await pharmacy.value("SELECT reference FROM v_appointment")
    reception = await member(pharmacy, capsys, "sms", "reception")
    assert "not among your rights" in await say(reception, f"done {reference}")
    nurse = await member(pharmacy, capsys, "sms", "clinician")
    await say(nurse, f"done {reference}")
    assert "That cannot be" in await choose(nurse, "Lot A12")
    assert ({"A12": 2, "B7": 40}, 1) == (await on_hand(pharmacy), await promised(pharmacy))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_stock_is_shown_and_moved_by_chat(
    pharmacy: Clinic, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    await book(pharmacy, pharmacy.phone("sms"))
    manager = await member(pharmacy, capsys, channel, "manager")
    shown = await say(manager, "stock")
    assert "flu-standard: 42 on hand, 1 promised" in shown
    assert "Lot A12: 2 on hand, expires 3 May 2027" in shown
    told = await say(manager, "stock in 50 Flu-Standard lot AB123 until 2028-01-31")
    assert "Recorded as received: 50. Lot AB123: 50 on hand." in told
    assert "flu-standard: 92 on hand, 1 promised" in told
    assert "Lot AB123: 47 on hand." in await say(manager, "used 3 ab123")
    assert "Lot B7: 38 on hand." in await say(manager, "perdu 2 B7")
    assert "only 2 on record" in await say(manager, "desperdiciado 3 A12")
    assert "Lot A12: 1 on hand." in await say(manager, "1")
    assert "as good until 3 May 2027" in await say(manager, "received 5 flu-standard A12 until 2027-06-01")
    assert "Lot A12: 6 on hand." in await say(manager, "3 May 2027")
    kinds = await pharmacy.column("SELECT kind FROM stock_movement WHERE actor = 'staff:1' ORDER BY id")
    assert ["delivery", "used", "loss", "loss", "delivery"] == kinds
    assert {} == await pharmacy.breaches()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_not_told_of_doses_is_asked_one_by_one(
    pharmacy: Clinic, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    nurse = await member(pharmacy, capsys, channel, "clinician")
    assert "How many doses came?" in await say(nurse, "stock in")
    assert "Which lot of flu-standard?" in await say(nurse, "20")
    assert "Until when is it good?" in await say(nurse, "EW2345")  # which looks like a reference
    assert "That day is over" in await say(nurse, "01/2020")
    assert "Lot EW2345: 20 on hand." in await say(nurse, "01/2028")
    assert date(2028, 1, 31) == date.fromisoformat(
        str(await pharmacy.value("SELECT expires_on FROM lot WHERE number = 'EW2345'"))
    )
    assert "How many doses were lost?" in await say(nurse, "wasted")
    await say(nurse, "1")
    assert "Lot A12: 1 on hand." in await choose(nurse, "Lot A12")


async def test_a_loss_of_promised_doses_is_recorded_and_opens_a_task(
    pharmacy: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    await book(pharmacy, pharmacy.phone("sms"))
    manager = await member(pharmacy, capsys, "sms", "manager")
    await say(manager, "wasted 40 B7")
    assert "1 fewer than promised" in await say(manager, "wasted 2 A12")
    assert ["stock-shortfall"] == await pharmacy.column("SELECT kind FROM task WHERE state = 'open'")


async def walk_in(nurse: Phone, name: str = "Tom Reed, 4 May 1980") -> str:
    """Take somebody in, and return the last word."""
    await say(nurse, "walk-in")
    assert "full name" in nurse.last_text
    assert "Please ask the person" in await say(nurse, name)
    return await choose(nurse, "Yes, all is well")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_walks_in_has_a_place_a_dose_and_a_reference_at_once(
    pharmacy: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    clock.now = datetime(2027, 3, 2, 9, 20, tzinfo=NOW.tzinfo)
    reception = await member(pharmacy, capsys, channel, "reception")
    told = await walk_in(reception)
    reference = await pharmacy.value("SELECT reference FROM v_appointment")
    assert f"Reference {reference}: Tom Reed, Tue 2 Mar, 09:00" in told
    assert ["arrived", "desk"] == [
        await pharmacy.value("SELECT status FROM v_appointment"),
        await pharmacy.value("SELECT channel FROM v_appointment"),
    ]
    assert 1 == await promised(pharmacy)
    assert "Tom Reed" in await say(reception, "next")
    assert "Tom Reed" not in await say(reception, "my bookings")
    assert 0 == await pharmacy.value("SELECT count(*) FROM reminder")
    assert "marked as missed" in await say(reception, f"missed {reference}")
    assert {} == await pharmacy.breaches()


async def test_a_full_hour_is_said_and_the_next_one_offered(
    pharmacy: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.now = datetime(2027, 3, 2, 10, 20, tzinfo=NOW.tzinfo)
    reception = await member(pharmacy, capsys, "sms", "reception")
    for name in ("Tom Reed, 4 May 1980", "Ida Reed, 4 May 1981"):
        assert "10:00" in await walk_in(reception, name)
    assert "It is full now. The next place is at 11:00" in await say(reception, "sin cita")
    await choose(reception, "Yes, take it")
    await say(reception, "Eva Reed, 4 May 1982")
    assert "11:00" in await choose(reception, "Yes, all is well")
    clock.now += 2 * HOUR
    assert "no more hours today" in await say(reception, "sans rendez-vous")
    assert 3 == await pharmacy.value("SELECT count(*) FROM v_appointment")


async def test_who_walks_in_gets_no_dose_that_is_promised_to_others(
    pharmacy: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await book(pharmacy, pharmacy.phone("sms"))
    clock.now = datetime(2027, 3, 2, 9, 20, tzinfo=NOW.tzinfo)
    nurse = await member(pharmacy, capsys, "sms", "clinician")
    await say(nurse, "wasted 40 B7")
    await say(nurse, "wasted 1 A12")
    assert "no dose that is not promised to others" in await walk_in(nurse)
    assert 1 == await pharmacy.value("SELECT count(*) FROM v_appointment")
    assert 1 == await pharmacy.value("SELECT count(*) FROM patient")


async def test_the_chat_of_a_team_serves_and_each_speaks_for_themselves(
    pharmacy: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = await visit_at(pharmacy, clock)
    nurse, porter = in_group(pharmacy), in_group(pharmacy)
    await say(nurse, f"/join {await invited(pharmacy, capsys, 'clinician')}")
    await say(porter, f"/join {await invited(pharmacy, capsys, 'reception')}")
    assert "not among your rights" in await say(porter, f"/done {reference}")
    await say(nurse, f"/done {reference}")
    assert "lot A12" in await choose(nurse, "Lot A12")
    assert ["staff:1"] == await pharmacy.column("SELECT actor FROM serving")
