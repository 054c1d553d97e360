"""What members of staff may ask of the domain. Each command names the right that it takes, and where.

Who acts comes from the context. A command without its right, wherever it comes from, comes to `NotAllowed` and changes
nothing. One about a centre is `AtCentre`, one about a visit is `OfVisit`: the right is needed at that centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from domain.appointments import AppointmentId, Status
from domain.centres import CentreId
from domain.commands import Command
from domain.identity import Locked
from domain.staff.members import StaffId
from domain.staff.rights import Right, Role

R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The right is not theirs: nothing is changed and nothing shown."""


class StaffCommand(Command[R]):
    """Something that takes a *right*."""

    __slots__ = ()
    right: ClassVar[Right]


class AtCentre(StaffCommand[R]):
    """Something at a *centre*."""

    __slots__ = ()
    centre: CentreId


class OfVisit(StaffCommand[R]):
    """Something with an *appointment*."""

    __slots__ = ()
    appointment: AppointmentId


# ---- joining


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """A centre that somebody works at."""

    id: CentreId
    name: str
    tz: str

    def today(self, now: datetime) -> date:
        """Return which day it is there."""
        return now.astimezone(ZoneInfo(self.tz)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedStaff:
    """Who writes is a member of staff now, as *role* at *centres*, or at all where none is named."""

    role: Role
    centres: tuple[str, ...]
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class NoSuchInvite:
    """There is no such code, or it was used, or is too old."""


@dataclass(frozen=True, slots=True)
class JoinStaff(Command[JoinedStaff | NoSuchInvite | Locked]):
    """Become a member of staff by an invitation's *code*; in the chat of a team, that chat is the centre's too."""

    code: str
    results: ClassVar = (JoinedStaff, NoSuchInvite, Locked)


@dataclass(frozen=True, slots=True)
class Invited:
    """There is a code; it is sent by itself and stands nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteStaff(StaffCommand[Invited | NotAllowed]):
    """Make a code by which somebody becomes *role* at *centre*, or at all with None."""

    role: Role
    centre: CentreId | None
    right: ClassVar = Right.INVITE
    results: ClassVar = (Invited, NotAllowed)


@dataclass(frozen=True, slots=True)
class LeftStaff:
    """The person is no member of staff any more, from this moment."""


@dataclass(frozen=True, slots=True)
class LeaveStaff(Command[LeftStaff | NotAllowed]):
    """Be no member of staff any more."""

    results: ClassVar = (LeftStaff, NotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A member of staff as others see them."""

    id: StaffId
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Team:
    """Who works at a centre."""

    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class ShowTeam(AtCentre[Team | NotAllowed]):
    """Who works at a centre?"""

    centre: CentreId
    right: ClassVar = Right.INVITE
    results: ClassVar = (Team, NotAllowed)


@dataclass(frozen=True, slots=True)
class EndMembership(StaffCommand[LeftStaff | NotAllowed]):
    """Let a colleague be no member of staff any more."""

    staff: StaffId
    right: ClassVar = Right.INVITE
    results: ClassVar = (LeftStaff, NotAllowed)


@dataclass(frozen=True, slots=True)
class Named:
    """The name is on record."""

    name: str


@dataclass(frozen=True, slots=True)
class NameMe(Command[Named | NotAllowed]):
    """Be called *name* by colleagues and, where a hand-over shows it, by patients."""

    name: str
    results: ClassVar = (Named, NotAllowed)


@dataclass(frozen=True, slots=True)
class Workplaces:
    """The centres where a right is one's own, by name."""

    centres: tuple[Workplace, ...]


@dataclass(frozen=True, slots=True)
class FindWorkplaces(Command[Workplaces]):
    """At which centres is *needed* a right of who writes?"""

    needed: Right
    results: ClassVar = (Workplaces,)


# ---- visits


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffVisit:
    """A visit as staff see it, and by whom the person is seen; *is_accepted*: they said that they will come."""

    id: AppointmentId
    reference: str
    patient_name: str
    programme: str
    dose: str
    status: Status
    starts_at: datetime
    ends_at: datetime
    centre: Workplace
    is_accepted: bool = False
    product: str | None = None
    practitioner: str = ""


@dataclass(frozen=True, slots=True)
class VisitsFound:
    """The visits that fit, by time; *has_more*: there are more than are shown."""

    visits: tuple[StaffVisit, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class FindVisits(StaffCommand[VisitsFound | NotAllowed]):
    """Which visits have this reference, or are of people with this name, at one's centres? Each shown is audited."""

    text: str
    right: ClassVar = Right.FIND
    results: ClassVar = (VisitsFound, NotAllowed)


@dataclass(frozen=True, slots=True)
class VisitsOfDay(AtCentre[VisitsFound | NotAllowed]):
    """Which visits has a centre on a day, or with *still_to_come* after now? Each one shown is audited."""

    centre: CentreId
    day: date
    still_to_come: bool = False
    page: int = 0
    right: ClassVar = Right.SEE_DAY
    results: ClassVar = (VisitsFound, NotAllowed)


@dataclass(frozen=True, slots=True)
class Marked:
    """It is on record; *again*: it was before."""

    visit: StaffVisit
    again: bool = False


@dataclass(frozen=True, slots=True)
class CannotMark:
    """It cannot be so: the visit is still to come, cancelled, or over in another way."""

    visit: StaffVisit


@dataclass(frozen=True, slots=True)
class NoVisit:
    """There is no such visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkVisit(OfVisit[Marked | CannotMark | NoVisit | NotAllowed]):
    """Record that somebody arrived or did not come."""

    appointment: AppointmentId
    status: Status
    right: ClassVar = Right.RECEIVE
    results: ClassVar = (Marked, CannotMark, NoVisit, NotAllowed)
