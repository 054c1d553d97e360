"""The table of rights, cell by cell: every command of staff as every role, through the real handlers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import insert, select

from domain.appointments import AppointmentId, SlotId, Status
from domain.centres import CentreId
from domain.commands import Command
from domain.context import Context, Origin
from domain.displacements import DisplacementId
from domain.handlers import handle
from domain.patients import Channel, ContactId
from domain.staff import broadcast_commands as broadcasts
from domain.staff import closing_commands as closing
from domain.staff import closure_commands as closures
from domain.staff import commands, presence
from domain.staff import day_commands as days
from domain.staff import digest_commands as digests
from domain.staff import handover_commands as handovers
from domain.staff import losing_commands as losing
from domain.staff import report_commands as reports
from domain.staff import request_commands as requests
from domain.staff import serving_commands as serving
from domain.staff import shift_commands as shifts
from domain.staff import stock_commands as stock
from domain.staff import task_commands as tasks
from domain.staff import walk_in_commands as walk_ins
from domain.staff.commands import AtCentre, NotAllowed, OfVisit, StaffCommand
from domain.staff.handlers import HANDLES
from domain.staff.members import Member, Post, StaffId
from domain.staff.reports import Period
from domain.staff.rights import RIGHTS, Right, Role
from domain.store import stocktaking, tables
from domain.store.database import Connection
from domain.store.stamp import Stamp
from domain.store.stocktaking import Lot, Telling
from domain.store.work import Work
from tests.conftest import NOW
from tests.domain.clinic import BIRTH, Clinic, write_centre, write_slot

NOWHERE, NOBODY = 987_654, 987_655
TRACES = ("staff_invite", "staff", "stock_movement", "appointment", "access_event", "serving", "task", "patient")


class _UndoneError(Exception):
    """It was only tried."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to, and whether anything was written."""

    result: object
    has_left_trace: bool

    @property
    def is_refused(self) -> bool:
        """Say whether nothing was shown and nothing done."""
        return isinstance(self.result, NotAllowed) and not self.has_left_trace

    @property
    def is_nothing(self) -> bool:
        """Say whether there was nothing that it could have been about."""
        return isinstance(self.result, NotAllowed | commands.NoVisit) and not self.has_left_trace


@dataclass(slots=True)
class Ward:
    """Two centres, each with a visit of today, a lot and a colleague, and somebody who acts."""

    clinic: Clinic
    here: CentreId
    there: CentreId
    slots: dict[CentreId, SlotId]
    visits: dict[CentreId, AppointmentId]
    colleagues: dict[CentreId, StaffId]
    contact: ContactId

    async def joined(self, role: Role, centre: CentreId | None) -> Member:
        """Return a new member of staff, as a turn finds one."""
        person = await self.clinic.someone()
        async with self.clinic.database.begin() as connection:
            staffing = self.clinic.work(connection).staffing
            staff = await staffing.add_member(person.contact, "Nora", wants_digest=False)
            await staffing.add_posts(staff, [Post(role, centre)])
        self.contact = person.contact
        found = await self.member()
        assert found is not None
        return found

    async def member(self) -> Member | None:
        """Return who of the staff acts, as the store knows it now."""
        async with self.clinic.database.read() as connection:
            return await self.clinic.work(connection).staffing.member(self.contact)

    async def do(self, command: Command[Any], *, keeps: bool = False) -> Done:
        """Carry out *command* as a turn of whoever acts does; unless it *keeps*, all is as before afterwards."""
        member = await self.member()
        now = self.clinic.clock()
        actor = f"staff:{member.id}" if member is not None else f"contact:{self.contact}"
        done: Done | None = None
        with contextlib.suppress(_UndoneError):
            async with self.clinic.database.begin() as connection:
                before = await trace(connection)
                work = Work(connection, Stamp(now=now, actor=actor, contact=self.contact, channel=Channel.SMS))
                origin = Origin(channel=Channel.SMS, address="+1", on=frozenset(Channel), secret=b"secret")
                key = f"rights{next(self.clinic.numbers)}"
                context = Context(store=work, contact=self.contact, now=now, key=key, origin=origin, member=member)
                result = await handle(command, context)
                done = Done(result, has_left_trace=before != await trace(connection))
                if not keeps:
                    raise _UndoneError
        assert done is not None
        return done


async def trace(connection: Connection) -> list[tuple[Any, ...]]:
    """Return all that a command could have changed or looked at."""
    rows: list[tuple[Any, ...]] = []
    for name in TRACES:
        table = tables.metadata.tables[name]
        rows += [(name, *row) for row in await connection.execute(select(table).order_by(table.c.id))]
    return rows


@pytest.fixture
async def ward(clinic: Clinic) -> Ward:
    """The two centres, at nine in the morning."""
    now = clinic.clock()
    slots, visits, colleagues = {}, {}, {}
    async with clinic.database.begin() as connection:
        places = [await write_centre(connection, key) for key in ("harbour", "pier")]
    for place in places:
        async with clinic.database.begin() as connection:
            slots[place] = await write_slot(connection, now, centre=place, capacity=9)
            of = Lot(centre=place, product="flu-standard", number=f"L{place}")
            await stocktaking.move(
                connection, of, "delivery", 9, Telling(now, "test"), expires_on=now.date() + timedelta(days=90)
            )
        visits[place] = await _visit(clinic, slots[place])
        colleague = await clinic.someone()
        async with clinic.database.begin() as connection:
            staffing = clinic.work(connection).staffing
            colleagues[place] = await staffing.add_member(colleague.contact, "Otto", wants_digest=False)
            await staffing.add_posts(colleagues[place], [Post(Role.RECEPTION, place)])
    return Ward(clinic, places[0], places[1], slots, visits, colleagues, ContactId(NOBODY))


async def _visit(clinic: Clinic, slot: SlotId) -> AppointmentId:
    person, now = await clinic.someone(), clinic.clock()
    values = {
        "reference": f"ABC23{slot}",
        "patient_id": person.patient,
        "slot_id": slot,
        "course": "flu:1",
        "status": "booked",
        "channel": "sms",
        "contact_id": person.contact,
        "idempotency_key": f"visit{slot}",
        "created_at": now,
        "updated_at": now,
        "updated_by": "test",
    }
    async with clinic.database.begin() as connection:
        added = await connection.execute(insert(tables.appointment).values(values).returning(tables.appointment.c.id))
        return AppointmentId(added.scalar_one())


Make = Callable[[Ward, CentreId], Command[Any]]


def _visit_of(ward: Ward, centre: CentreId) -> AppointmentId:
    return ward.visits.get(centre, AppointmentId(NOWHERE))


def _walk_in(ward: Ward, centre: CentreId) -> Command[Any]:
    slot = ward.slots.get(centre, ward.slots[ward.here])
    return walk_ins.TakeWalkIn(centre=centre, programme="flu", dose="1", slot=slot, name="Tom Reed", birth=BIRTH)


TODAY = date(2027, 3, 1)
AUDIENCE = broadcasts.Audience(whom=broadcasts.Whom.VISIT, first=TODAY, last=TODAY)
TEXTS = (("en", "The door is at the back."),)
SPAN = closing.Span(start=NOW, until=NOW + timedelta(hours=3))
#: Every command of staff, each with a way to make it about a centre. A new one without a row here fails below.
ROWS: Mapping[type, Make] = {
    commands.InviteStaff: lambda _, centre: commands.InviteStaff(role=Role.RECEPTION, centre=centre),
    commands.ShowTeam: lambda _, centre: commands.ShowTeam(centre),
    commands.EndMembership: lambda ward, centre: commands.EndMembership(ward.colleagues.get(centre, StaffId(NOWHERE))),
    commands.FindVisits: lambda _, centre: commands.FindVisits("Ana Lopez"),
    commands.VisitsOfDay: lambda _, centre: commands.VisitsOfDay(centre, TODAY),
    commands.MarkVisit: lambda ward, centre: commands.MarkVisit(
        appointment=_visit_of(ward, centre), status=Status.ARRIVED
    ),
    serving.FindLots: lambda ward, centre: serving.FindLots(
        appointment=_visit_of(ward, centre), products=("flu-standard",)
    ),
    serving.ServeVisit: lambda ward, centre: serving.ServeVisit(appointment=_visit_of(ward, centre), lot=None),
    serving.UndoServing: lambda ward, centre: serving.UndoServing(appointment=_visit_of(ward, centre)),
    serving.FindLastServed: lambda _, centre: serving.FindLastServed(),
    stock.ShowStock: lambda _, centre: stock.ShowStock(centre),
    stock.MoveStock: lambda ward, centre: stock.MoveStock(
        centre=centre, kind=stock.Movement.USED, product="flu-standard", lot=f"L{centre}", doses=1
    ),
    walk_ins.FindPlacesToday: lambda _, centre: walk_ins.FindPlacesToday(centre),
    walk_ins.TakeWalkIn: _walk_in,
    broadcasts.PreviewBroadcast: lambda _, centre: broadcasts.PreviewBroadcast(
        centre=centre, audience=AUDIENCE, texts=TEXTS
    ),
    broadcasts.BeginBroadcast: lambda _, centre: broadcasts.BeginBroadcast(
        centre=centre, audience=AUDIENCE, texts=TEXTS
    ),
    broadcasts.StopBroadcast: lambda *_: broadcasts.StopBroadcast(None),
    broadcasts.ShowBroadcast: lambda *_: broadcasts.ShowBroadcast(None),
    days.ShowDay: lambda _, centre: days.ShowDay(centre, TODAY),
    days.ShowCalls: lambda _, centre: days.ShowCalls(centre, TODAY),
    days.ConfirmVisit: lambda ward, centre: days.ConfirmVisit(_visit_of(ward, centre)),
    days.ShowDoses: lambda _, centre: days.ShowDoses(centre),
    digests.ShowDigest: lambda _, centre: digests.ShowDigest(centre),
    digests.PlanDigest: lambda _, centre: digests.PlanDigest(centre=centre, at="08:00", weekdays=None),
    digests.WantDigest: lambda *_: digests.WantDigest(False),
    handovers.ShowCalls: lambda *_: handovers.ShowCalls(),
    handovers.TakeCall: lambda *_: handovers.TakeCall(handovers.HandoverId(NOWHERE)),
    handovers.ShowTranscript: lambda *_: handovers.ShowTranscript(handovers.HandoverId(NOWHERE)),
    handovers.HandBack: lambda *_: handovers.HandBack(),
    reports.ShowReport: lambda _, centre: reports.ShowReport(centre=centre, period=Period.WEEKLY),
    tasks.ShowTasks: lambda *_: tasks.ShowTasks(),
    tasks.ClaimTask: lambda *_: tasks.ClaimTask(tasks.TaskId(NOWHERE)),
    tasks.CloseTask: lambda *_: tasks.CloseTask(tasks.TaskId(NOWHERE)),
    tasks.GiveTaskBack: lambda *_: tasks.GiveTaskBack(tasks.TaskId(NOWHERE)),
    requests.ShowRequests: lambda *_: requests.ShowRequests(),
    requests.AnswerRequest: lambda ward, centre: requests.AnswerRequest(
        appointment=_visit_of(ward, centre), accept=True
    ),
    presence.SayPresent: lambda *_: presence.SayPresent(None),
    shifts.ShowShifts: lambda *_: shifts.ShowShifts(),
    shifts.TakeDayOff: lambda *_: shifts.TakeDayOff(TODAY),
    closing.CountAffected: lambda _, centre: closing.CountAffected(centre, SPAN),
    closing.CountIfIll: lambda _, centre: closing.CountIfIll(centre, SPAN),
    closing.CloseSpan: lambda _, centre: closing.CloseSpan(centre, SPAN),
    closing.CloseIfIll: lambda _, centre: closing.CloseIfIll(centre, SPAN),
    closing.OpenSpan: lambda _, centre: closing.OpenSpan(centre, SPAN),
    closing.SetCapacity: lambda _, centre: closing.SetCapacity(centre, SPAN, 9),
    closing.SetWeek: lambda _, centre: closing.SetWeek(
        centre=centre, weekday=0, start=time(9), until=time(12), capacity=4
    ),
    closures.FindClosures: lambda _, centre: closures.FindClosures(centre),
    closures.ShowClosure: lambda _, centre: closures.ShowClosure(centre, DisplacementId(NOWHERE)),
    closures.FindCallSheet: lambda ward, centre: closures.FindCallSheet(_visit_of(ward, centre)),
    closures.MoveByHand: lambda ward, centre: closures.MoveByHand(_visit_of(ward, centre), ward.slots[ward.here]),
    closures.CancelByHand: lambda ward, centre: closures.CancelByHand(_visit_of(ward, centre)),
    closures.NoteCall: lambda ward, centre: closures.NoteCall(_visit_of(ward, centre)),
    losing.FindLots: lambda _, centre: losing.FindLots(centre),
    losing.LoseLots: lambda _, centre: losing.LoseLots(centre, (NOWHERE,)),
}
#: Commands that name no centre and show only what is at one's own.
_ABOUT_ALL = (commands.FindVisits, serving.FindLastServed)
#: Commands about what is one's own, or that has a centre of its own and is looked up: nothing of that is there.
_ABOUT_MINE = tuple(
    kind
    for kind in ROWS
    if not issubclass(kind, AtCentre | OfVisit)
    and kind not in (*_ABOUT_ALL, commands.InviteStaff, commands.EndMembership)
)
ROLES = pytest.mark.parametrize("role", Role)


def _is_given(role: Role, kind: type) -> bool:
    if kind is requests.AnswerRequest:  # what is asked of a colleague is not one's own to answer
        return Right.ALL_REQUESTS in RIGHTS[role]
    return cast(type[StaffCommand[Any]], kind).right in RIGHTS[role]


def test_every_command_of_staff_has_a_row() -> None:
    assert set(HANDLES) == set(ROWS)
    assert all(issubclass(kind, StaffCommand) and hasattr(kind, "right") for kind in HANDLES)


def test_every_command_with_a_centre_or_a_visit_is_asked_for_there() -> None:
    """Else the right at one's own centre would do for another."""
    for kind in ROWS:
        fields = set(getattr(kind, "__dataclass_fields__", {}))
        assert kind is commands.InviteStaff or ("centre" in fields) <= issubclass(kind, AtCentre), kind
        assert kind is presence.SayPresent or ("appointment" in fields) <= issubclass(kind, OfVisit), kind


@ROLES
async def test_a_right_counts_at_ones_own_centre_and_nowhere_else(ward: Ward, role: Role) -> None:
    await ward.joined(role, ward.here)
    for kind, make in ROWS.items():
        if kind in _ABOUT_MINE:
            assert _is_given(role, kind) is not (await ward.do(make(ward, ward.here))).is_refused, kind
            continue
        elsewhere = await ward.do(make(ward, ward.there))
        if kind in _ABOUT_ALL and _is_given(role, kind):
            assert isinstance(elsewhere.result, commands.VisitsFound), kind
            assert {ward.here} >= {visit.centre.id for visit in elsewhere.result.visits}, kind
        else:
            assert elsewhere.is_refused, kind
            assert (await ward.do(make(ward, CentreId(NOWHERE)))).is_nothing, kind
        here = await ward.do(make(ward, ward.here))
        assert _is_given(role, kind) is not here.is_refused, kind
        assert _is_given(role, kind) is not isinstance(here.result, NotAllowed), kind


@ROLES
async def test_a_post_at_all_centres_counts_at_each_that_there_is(ward: Ward, role: Role) -> None:
    await ward.joined(role, None)
    for kind, make in ROWS.items():
        for centre in (ward.here, ward.there):
            assert _is_given(role, kind) is not (await ward.do(make(ward, centre))).is_refused, kind
        nowhere = await ward.do(make(ward, CentreId(NOWHERE)))
        assert nowhere.is_nothing or (kind in (*_ABOUT_ALL, *_ABOUT_MINE) and _is_given(role, kind)), kind


async def test_a_patient_may_nothing(ward: Ward) -> None:
    ward.contact = (await ward.clinic.someone()).contact
    for kind, make in ROWS.items():
        for centre in (ward.here, ward.there, CentreId(NOWHERE)):
            assert (await ward.do(make(ward, centre))).is_refused, kind


async def test_who_has_left_may_nothing(ward: Ward) -> None:
    await ward.joined(Role.ADMINISTRATOR, None)
    assert isinstance((await ward.do(commands.LeaveStaff(), keeps=True)).result, commands.LeftStaff)
    for kind, make in ROWS.items():
        assert (await ward.do(make(ward, ward.here))).is_refused, kind


async def test_a_slot_or_a_lot_of_another_centre_cannot_be_slipped_in(ward: Ward) -> None:
    """The right is had where the command says; what else it names must be there too."""
    await ward.joined(Role.ADMINISTRATOR, ward.here)
    async with ward.clinic.database.read() as connection:
        lots = await ward.clinic.work(connection).stock_book.at(ward.there)
    mine = ward.visits[ward.here]
    forged: tuple[tuple[Command[Any], type], ...] = (
        (
            walk_ins.TakeWalkIn(
                centre=ward.here,
                programme="flu",
                dose="1",
                slot=ward.slots[ward.there],
                name="Tom Reed",
                birth=BIRTH,
            ),
            walk_ins.PlaceGone,
        ),
        (serving.ServeVisit(appointment=mine, lot=lots[0].lots[0].id), serving.LotGone),
        (serving.ServeVisit(appointment=mine, lot=serving.LotId(NOWHERE)), serving.LotGone),
        (
            stock.MoveStock(
                centre=ward.here, kind=stock.Movement.LOSS, product="flu-standard", lot=f"L{ward.there}", doses=1
            ),
            stock.NoLot,
        ),
    )
    for command, refusal in forged:
        done = await ward.do(command)
        assert isinstance(done.result, refusal)
        assert not done.has_left_trace


async def test_nobody_appoints_above_themselves(ward: Ward) -> None:
    await ward.joined(Role.MANAGER, ward.here)
    for role, centre in ((Role.MANAGER, ward.here), (Role.ADMINISTRATOR, ward.here), (Role.RECEPTION, None)):
        assert (await ward.do(commands.InviteStaff(role=role, centre=centre))).is_refused
