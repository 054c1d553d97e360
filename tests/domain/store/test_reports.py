"""The figures of a report are what a plain look at the appointments gives, on both engines."""

from __future__ import annotations

import random
import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from domain.appointments import AppointmentId, Status
from domain.commands import CancelAppointment, Held
from domain.patients import ContactId
from domain.staff.report_table import table_of
from domain.staff.reports import FEW, Booked, Figures, Freed, Missed, Period, figures
from domain.store.reports import SqlReports
from domain.store.stamp import Stamp
from tests.domain.clinic import Clinic

DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        (Period.WEEKLY, date(2027, 3, 1), date(2027, 2, 22), date(2027, 2, 28)),
        (Period.WEEKLY, date(2027, 3, 7), date(2027, 2, 22), date(2027, 2, 28)),
        (Period.MONTHLY, date(2027, 3, 1), date(2027, 2, 1), date(2027, 2, 28)),
        (Period.MONTHLY, date(2028, 1, 31), date(2027, 12, 1), date(2027, 12, 31)),
    ],
)
def test_the_last_whole_week_or_month(period: Period, today: date, first: date, last: date) -> None:
    assert (first, last) == period.before(today)
    assert last == period.end(first)
    assert (first, last) == period.before(period.told_on(today))


NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
START, UNTIL = datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 3, 15, tzinfo=UTC)
HOURS = st.integers(0, 24 * 14).map(lambda hours: START - 3 * DAY + timedelta(hours=hours))
ROWS = st.lists(
    st.builds(
        Booked,
        slot=st.integers(1, 3),
        status=st.sampled_from((Status.BOOKED, Status.ARRIVED, Status.FULFILLED, Status.NOSHOW)),
        group=st.sampled_from((None, "nurses", "teachers")),
        booked_at=HOURS,
        starts_at=HOURS,
    ),
    max_size=40,
)


@given(ROWS)
def test_parts_add_up_and_few_are_hidden(rows: list[Booked]) -> None:
    found = figures(rows, ZONE, START, UNTIL, NOW)
    assert found.visits == sum(one.visits for _, one in found.by_lead) == sum(one.visits for _, one in found.by_weekday)
    assert found.missed == sum(one.missed for _, one in found.by_lead)
    assert all(one.bookings is None or one.bookings >= FEW for one in found.groups)
    assert sum(one.bookings or 0 for one in found.groups) <= found.bookings
    made = [(row.starts_at - row.booked_at) / DAY for row in rows if START <= row.booked_at < UNTIL]
    assert found.wait.median == (round(statistics.median(made), 1) if made else None)
    if made:
        assert sum(wait >= (found.wait.longest or 0) - 0.05 for wait in made) >= len(made) / 10


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=20))
def test_each_booking_fills_one_freed_place(events: list[tuple[int, bool]]) -> None:
    """Each event of the slot is a place that is freed, or a booking; they are matched as in a queue."""
    starts_at = START + 5 * DAY
    rows, waiting, again = [], 0, 0
    for number, (_, is_freed) in enumerate(events):
        moment = START + timedelta(minutes=number)
        if is_freed:
            rows.append(_row(booked_at=START - DAY, starts_at=starts_at, cancelled_at=moment))
            waiting += 1
        else:
            rows.append(_row(booked_at=moment, starts_at=starts_at))
            again, waiting = (again + 1, waiting - 1) if waiting else (again, waiting)
    freed = sum(is_freed for _, is_freed in events)
    assert Freed(places=freed, again=again, empty=freed - again) == figures(rows, ZONE, START, UNTIL, NOW).freed


def _row(*, booked_at: datetime, starts_at: datetime, cancelled_at: datetime | None = None) -> Booked:
    status = Status.BOOKED if cancelled_at is None else Status.CANCELLED
    return Booked(
        slot=1, status=status, group=None, booked_at=booked_at, starts_at=starts_at, cancelled_at=cancelled_at
    )


@dataclass(slots=True)
class Made:
    """A booking as it was made, beside the database."""

    id: AppointmentId
    who: ContactId
    starts_at: datetime
    at: datetime
    gone: datetime | None = None
    is_missed: bool = False


async def lived(clinic: Clinic, chance: random.Random, end: datetime) -> list[Made]:
    """Let a fortnight of bookings, cancellations and missed visits go by as chance will have it."""
    days = range(1, 13)
    starts = {await clinic.slot(day, capacity=3): clinic.clock() + day * DAY for day in days}
    people, done = await clinic.people(40), list[Made]()
    while people and (later := [slot for slot, at in starts.items() if at > clinic.clock()]):
        clinic.clock.move(timedelta(hours=chance.randint(1, 9)))
        standing = [one for one in done if one.gone is None and one.starts_at > clinic.clock()]
        if standing and chance.random() < 0.4:
            one = chance.choice(standing)
            await clinic.do(CancelAppointment(appointment=one.id), one.who)
            one.gone = clinic.clock()
            continue
        who, slot = people.pop(), chance.choice(later)
        if isinstance(held := await clinic.do(who.hold(slot), who.contact), Held):
            await clinic.do(who.book(slot), who.contact)
            done.append(Made(held.claims[0].id, who.contact, starts[slot], clinic.clock()))
    clinic.clock.now = end
    missed = text("UPDATE appointment SET status = 'noshow', version = version + 1 WHERE id = :id")
    async with clinic.database.begin() as connection:
        for one in done:
            one.is_missed = one.gone is None and chance.random() < 0.3
            if one.is_missed:
                await connection.execute(missed, {"id": one.id})
    return done


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_report_is_what_plain_counting_gives(clinic: Clinic, seed: int) -> None:
    end = datetime(2027, 3, 15, 9, tzinfo=UTC)
    done = await lived(clinic, random.Random(seed), end)
    found = await _figures(clinic, end)
    visits = [one for one in done if one.gone is None and START <= one.starts_at < UNTIL]
    booked = [one for one in done if START <= one.at < UNTIL]
    freed = [one for one in done if one.gone is not None and START <= one.gone < UNTIL]
    assert visits
    assert booked
    assert freed
    assert len(booked) == found.bookings
    assert (len(visits), sum(one.is_missed for one in visits)) == (found.visits, found.missed)
    assert len(freed) == found.freed.places == found.freed.again + found.freed.empty
    days: dict[int, list[bool]] = defaultdict(list)
    for one in visits:
        days[one.starts_at.weekday()].append(one.is_missed)
    told = tuple((day, Missed(visits=len(came), missed=sum(came))) for day, came in sorted(days.items()))
    assert told == found.by_weekday
    waits = [(one.starts_at - one.at) / DAY for one in booked if one.gone is None]
    assert round(statistics.median(waits), 1) == found.wait.median


async def _figures(clinic: Clinic, now: datetime) -> Figures:
    centre = await clinic.centre()
    async with clinic.database.read() as connection:
        report = await SqlReports(connection, Stamp(now=now, actor="test")).report(centre, Period.WEEKLY)
        missed = text("SELECT count(*) FROM v_appointment WHERE status = 'noshow'")
        assert report.figures.missed <= (await connection.execute(missed)).scalar_one()
    assert f"bookings,,{report.figures.bookings}\r\n" in table_of(report)
    return report.figures
