"""A number may be somebody else's now: a year of birth shows that it is not, and guesses are few."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from domain.commands import Caller, WhoIsThis
from domain.identity import Locked, OnRecord, Proven, ProveYear, StartAfresh, StartedAfresh, WhoIsOnRecord, WrongYear
from domain.patients import Channel
from domain.store import conversations, inbox, outbox, tables
from domain.store.outbox import Queued
from tests.domain.clinic import BIRTH, Clinic
from tests.domain.test_linking import NUMBER, booked, contact, link, mine, person

YEAR = BIRTH.year
DAY = timedelta(days=1)


async def test_the_year_of_birth_of_any_of_the_people_is_proof(clinic: Clinic) -> None:
    of = await contact(clinic, Channel.SMS, NUMBER)
    assert OnRecord(anybody=False) == await clinic.do(WhoIsOnRecord(), of)
    await person(clinic, of)
    await person(clinic, of, "Eva Lopez", BIRTH.replace(year=2019), is_me=False)
    assert OnRecord(anybody=True) == await clinic.do(WhoIsOnRecord(), of)
    for year in (YEAR, 2019):
        assert WrongYear(2) == await clinic.do(ProveYear(1900), of)
        assert Proven() == await clinic.do(ProveYear(year), of)
    async with clinic.database.read() as connection:
        assert clinic.clock() == (await connection.execute(select(tables.contact.c.proven_at))).scalar_one()


async def test_three_wrong_years_lock_it_for_a_day_the_right_one_too(clinic: Clinic) -> None:
    of = await contact(clinic, Channel.SMS, NUMBER)
    await person(clinic, of)
    until = clinic.clock() + DAY
    expected = [WrongYear(2), WrongYear(1), Locked(until), Locked(until)]
    assert expected == [await clinic.do(ProveYear(year), of) for year in (1901, 1902, 1903, YEAR)]
    assert OnRecord(True, until) == await clinic.do(WhoIsOnRecord(), of)
    clinic.clock.move(DAY)
    assert OnRecord(True) == await clinic.do(WhoIsOnRecord(), of)
    assert WrongYear(2) == await clinic.do(ProveYear(1901), of)
    assert Proven() == await clinic.do(ProveYear(YEAR), of)


async def test_somebody_else_starts_afresh_and_the_people_before_stay_on_record(clinic: Clinic) -> None:
    of = await contact(clinic, Channel.SMS, NUMBER)
    reference = await booked(clinic, of, await person(clinic, of))
    assert StartedAfresh() == await clinic.do(StartAfresh(), of)
    successor = await contact(clinic, Channel.SMS, NUMBER)
    assert of != successor
    assert Caller(consented=False) == await clinic.do(WhoIsThis(), successor)
    assert [] == await mine(clinic, successor)
    assert [(reference, "Ana Lopez")] == await mine(clinic, of)
    async with clinic.database.begin() as connection:
        task = (await connection.execute(select(tables.task))).one()
        assert ("number-changed", f"contact:{of}", reference) == (task.kind, task.subject, task.note)
        old = await conversations.open_by_contact(connection, of)
        assert (True, "moved") == (NUMBER not in old.address, old.stop_reason)
    assert {} == await clinic.broken()


async def test_the_same_number_on_whatsapp_is_somebody_elses_too(clinic: Clinic) -> None:
    sms, whatsapp = await contact(clinic, Channel.SMS, NUMBER), await contact(clinic, Channel.WHATSAPP, NUMBER)
    await booked(clinic, sms, await person(clinic, sms))
    reference = await booked(clinic, whatsapp, await person(clinic, whatsapp, "Ben Diaz"), 3)
    await clinic.do(StartAfresh(), sms)
    assert [] == await mine(clinic, await contact(clinic, Channel.WHATSAPP, NUMBER))
    assert [(reference, "Ben Diaz")] == await mine(clinic, whatsapp)
    assert 2 == await clinic.count("task")


async def test_who_is_linked_elsewhere_is_reached_there_from_then_on(clinic: Clinic) -> None:
    telegram, sms = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    reference = await booked(clinic, sms, await person(clinic, sms))
    await link(clinic, telegram)
    await clinic.do(StartAfresh(), sms)
    assert [(reference, "Ana Lopez")] == await mine(clinic, telegram)
    async with clinic.database.begin() as connection:
        opened = await conversations.open_by_contact(connection, telegram)
        reached = await conversations.reached(connection, opened.id)
    assert [(telegram, None), (sms, "moved")] == [(one.contact, one.stop_reason) for one in reached]


async def test_what_the_new_person_said_is_kept_and_what_was_meant_for_the_other_is_not_sent(clinic: Clinic) -> None:
    of = await contact(clinic, Channel.SMS, NUMBER)
    await booked(clinic, of, await person(clinic, of))
    async with clinic.database.begin() as connection:
        appointment = (await connection.execute(select(tables.appointment.c.id))).scalar_one()
        await outbox.queue(
            connection,
            contact_id=of,
            channel=Channel.SMS,
            messages=[Queued(payload={"a": 1}, of=(appointment, 2)), Queued(payload={"b": 2})],
            now=clinic.clock(),
        )
        await inbox.receive(
            connection, contact_id=of, channel="sms", provider_id="SM1", payload={}, now=clinic.clock(), put_off=True
        )
    await clinic.do(StartAfresh(), of)
    successor = await contact(clinic, Channel.SMS, NUMBER)
    async with clinic.database.begin() as connection:
        rows = await connection.execute(select(tables.outbox.c.contact_id, tables.outbox.c.state))
        assert [(of, "dropped"), (successor, "queued")] == [tuple(row) for row in rows]
        waiting = await inbox.next_waiting(connection, clinic.clock())
    assert waiting is not None
    assert successor == waiting.contact
