"""The people, places and visits of the examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.appointments import AppointmentId, Status
from domain.centres import CentreId
from domain.patients import ContactId
from domain.staff import commands
from domain.staff.members import Member, Post, StaffId
from domain.staff.rights import Role

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
HERE = commands.Workplace(id=CentreId(1), name="Riverside", tz="UTC")
THERE = commands.Workplace(id=CentreId(2), name="Hillside", tz="UTC")
VISIT = commands.StaffVisit(
    id=AppointmentId(1),
    reference="ABC234",
    patient_name="Ana Silva",
    programme="example",
    dose="1",
    status=Status.BOOKED,
    starts_at=NOW,
    ends_at=NOW + timedelta(minutes=10),
    centre=HERE,
)
#: Members as they may write: with all rights, with few, in a team's chat.
MEMBERS = (
    Member(id=StaffId(1), name="Maria", contact=ContactId(1), posts=(Post(Role.ADMINISTRATOR),)),
    Member(id=StaffId(2), name="", contact=ContactId(2), posts=(Post(Role.RECEPTION, HERE.id),)),
    Member(id=StaffId(3), name="", contact=ContactId(3), posts=(Post(Role.MANAGER, HERE.id),), is_in_group=True),
)
