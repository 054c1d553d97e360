"""Who belongs to an audience, on both engines: by visits, by doses that are due, by having come, and by limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from domain.appointments import SlotId
from domain.patients import CHATS
from domain.staff.broadcast_commands import Audience, Whom, Why
from domain.store.conversations import save
from domain.store.database import Connection
from tests.domain.clinic import Clinic, Someone

VISITS = Audience(whom=Whom.VISIT, first=date(2027, 3, 2), last=date(2027, 3, 2))
DUE = Audience(whom=Whom.DUE, following=(("flu:1", "flu:2"), ("covid:1", "covid:2")))


@dataclass(frozen=True, slots=True)
class Town:
    """Ana comes on Tuesday, Ben on Wednesday, Cleo has had her first dose, Dan has cancelled, Eve waits for a day."""

    clinic: Clinic
    ana: Someone
    ben: Someone
    cleo: Someone
    dan: Someone
    eve: Someone

    async def people(self, audience: Audience) -> set[str]:
        """Return who is found, by name."""
        centre = await self.clinic.centre()
        named = {one: getattr(self, one).contact for one in ("ana", "ben", "cleo", "dan", "eve")}
        async with self.clinic.database.begin() as connection:
            store = self.clinic.work(connection).broadcasts
            wanted = await store._audience(centre, audience, "en")
            found = set((await connection.execute(wanted)).scalars())
            of = {name: await _conversation(connection, contact) for name, contact in named.items()}
        return {name for name, conversation in of.items() if conversation in found}


async def _conversation(connection: Connection, contact: int) -> int:
    found = text("SELECT conversation_id FROM contact WHERE id = :id")
    return int((await connection.execute(found, {"id": contact})).scalar_one())


async def _book(clinic: Clinic, who: Someone, slot: SlotId, status: str = "booked", group: str | None = None) -> None:
    await clinic.do(who.hold(slot), who.contact)
    await clinic.do(who.book(slot), who.contact)
    change = text(
        "UPDATE appointment SET status = :status, priority_group = :group, version = version + 1"
        " WHERE contact_id = :who"
    )
    async with clinic.database.begin() as connection:
        await connection.execute(change, {"status": status, "group": group, "who": who.contact})


@pytest_asyncio.fixture
async def town(clinic: Clinic) -> Town:
    found = Town(clinic, *await clinic.people(5))
    clinic.clock.move(timedelta(days=-3))
    await _book(clinic, found.cleo, await clinic.slot(1), "fulfilled")
    clinic.clock.move(timedelta(days=3))
    tuesday, wednesday = await clinic.slot(1, capacity=5), await clinic.slot(2, capacity=5)
    await _book(clinic, found.ana, tuesday, group="nurses")
    await _book(clinic, found.ben, wednesday)
    await _book(clinic, found.dan, tuesday, "cancelled")
    async with clinic.database.begin() as connection:
        work = clinic.work(connection, found.eve.contact)
        await work.recommendations.remember(found.eve.contact, "flu", date(2027, 5, 1))
        state = {"language": "fr"}
        ana = await _conversation(connection, found.ana.contact)
        await save(connection, ana, turn=1, state=state, heard_at=clinic.clock(), nudge_at=None)  # type: ignore[arg-type]  # an id as it is read
    return found


@pytest.mark.parametrize(
    ("audience", "people"),
    [
        (VISITS, {"ana"}),
        (replace(VISITS, last=date(2027, 3, 3)), {"ana", "ben"}),
        (replace(VISITS, first=date(2027, 3, 4), last=date(2027, 3, 9)), set()),
        (replace(VISITS, last=date(2027, 3, 3), group="nurses"), {"ana"}),
        (replace(VISITS, last=date(2027, 3, 3), language="en"), {"ben"}),
        (replace(VISITS, language="fr"), {"ana"}),
        (replace(VISITS, programme="covid"), set()),
        (Audience(whom=Whom.BEEN), {"cleo"}),
        (DUE, {"cleo", "eve"}),
        (replace(DUE, programme="flu"), {"cleo", "eve"}),
        (replace(DUE, programme="covid"), set()),
        (replace(DUE, group="nurses"), set()),
        (replace(DUE, following=()), {"eve"}),
    ],
)
async def test_who_is_meant(town: Town, audience: Audience, people: set[str]) -> None:
    assert people == await town.people(audience)


async def test_whose_next_dose_is_booked_has_none_due(town: Town) -> None:
    async with town.clinic.database.begin() as connection:
        change = text("UPDATE appointment SET course = 'flu:2', version = version + 1 WHERE contact_id = :who")
        await connection.execute(change, {"who": town.ben.contact})
        same = text("UPDATE appointment SET patient_id = :cleo, version = version + 1 WHERE contact_id = :who")
        await connection.execute(same, {"who": town.ben.contact, "cleo": town.cleo.patient})
    assert {"eve"} == await town.people(DUE)


async def test_who_never_agreed_is_left_out(town: Town) -> None:
    centre = await town.clinic.centre()
    async with town.clinic.database.begin() as connection:
        work = town.clinic.work(connection)
        found = await work.broadcasts.reached(centre, VISITS, CHATS, "en")
        assert [(Why.NO_CONSENT, 1)] == [(one.why, one.people) for one in found.left_out]
        await work.people.keep_consent(town.ana.contact)
        found = await work.broadcasts.reached(centre, VISITS, CHATS, "en")
    assert [("sms", "fr", 1)] == [(way.channel, way.language, way.people) for way in found.ways]
