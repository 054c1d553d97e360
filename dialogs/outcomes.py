"""Every result a command can have, as examples: what foresight and exploration take for the world outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dialogs.staff_examples import results_for_staff
from domain import commands, displaced_commands, identity, mail_commands, presence_commands
from domain.appointments import AppointmentId, SlotId, Status
from domain.centres import Centre, CentreId, Position
from domain.choosing import FindPractitioners, PractitionersFound
from domain.patients import Channel, PatientId
from domain.practitioner_ports import PractitionerOffer
from domain.practitioners import Practitioner, PractitionerId
from domain.queries import CentreOffer, CentresNear, Source
from domain.video import HereTold, NoVideoVisit, SayHere, TooEarly
from domain.words import Words

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
FAR = datetime(9999, 1, 1, tzinfo=UTC)
CENTRE = Centre(
    id=CentreId(1),
    name="Riverside",
    address="1 Quay",
    town="Northfield",
    postcode="1000",
    position=Position(0.0, 0.0),
    tz="UTC",
)
SLOT = commands.SlotFound(
    slot=SlotId(1), starts_at=NOW + timedelta(days=2), ends_at=NOW + timedelta(days=2, minutes=10), centre=CENTRE
)
NEXT_SLOT = commands.SlotFound(
    slot=SlotId(2), starts_at=SLOT.starts_at + timedelta(days=28), ends_at=FAR, centre=CENTRE
)
CLAIM = commands.Claim(
    id=AppointmentId(1),
    reference="ABC234",
    patient=PatientId(1),
    patient_name="Ana Silva",
    programme="example",
    dose="1",
    status=Status.PENDING,
    version=1,
    slot=SLOT.slot,
    starts_at=SLOT.starts_at,
    ends_at=SLOT.ends_at,
    centre=CENTRE,
)
ME = commands.Person(id=PatientId(1), name="Ana Silva", birth=date(1980, 5, 4), last_centre=CENTRE.id)
CHILD = commands.Person(id=PatientId(2), name="Tom Silva", birth=date(2015, 5, 4))
PLACE = commands.Place(label="Northfield", position=CENTRE.position)


OFFER = PractitionerOffer(
    practitioner=Practitioner(PractitionerId(1), "Dr Okafor"),
    specialities=(Words.of("Heart"),),
    centres=(CENTRE.id,),
    first_at=SLOT.starts_at,
    centre_name=CENTRE.name,
    tz="UTC",
)


ANOTHER_OFFER = replace(
    OFFER, practitioner=Practitioner(PractitionerId(2), "Dr Lee"), centres=tuple(map(CentreId, range(9)))
)


def results_of(command: commands.Command[Any], programme: str = "example") -> tuple[object, ...]:
    """Return examples of all that *command* can come to, the likeliest first; bookings are for *programme*."""
    claim = replace(CLAIM, programme=programme)
    match command:
        case commands.WhoIsThis():
            return (
                commands.Caller(consented=False),
                commands.Caller(consented=True, me=ME, household=(CHILD,)),
                commands.Caller(consented=True, me=ME, courses=(f"{programme}:1",)),
                commands.Caller(consented=True, has_number=False),
            )
        case commands.KeepConsent():
            return (commands.ConsentKept(),)
        case commands.KeepPatient():
            return (commands.PatientKept(PatientId(1), command.is_me),)
        case commands.FindPlace():
            several = commands.SeveralPlaces((PLACE, PLACE))
            return (commands.PlaceFound(PLACE), several, commands.NoSuchPlace())
        case commands.FindCentre():
            return (commands.CentreFound(CENTRE), commands.NoSuchCentre())
        case commands.OpenTask():
            return (commands.TaskOpened(),)
        case commands.RememberRecommendation():
            return (commands.Remembered(command.due_on),)
        case commands.FindFollowUp():
            return (NEXT_SLOT, commands.NoSlot())
        case presence_commands.SayArrived():
            here = presence_commands.Arrived((claim,))
            return (here, replace(here, again=True), presence_commands.NotYet(claim), presence_commands.NoVisitNow())
        case commands.MyAppointments():
            another = replace(CLAIM, reference="DEF567", programme="withdrawn")
            with_one = replace(claim, practitioner=Practitioner(PractitionerId(3), "Dr Ruiz"))
            second = replace(claim, dose="2", reference="GHJ234", starts_at=NEXT_SLOT.starts_at, moves=3)
            fell_out = commands.Mine((replace(claim, status=Status.BOOKED, fell_out=True),))
            return (
                commands.Mine((claim,)),
                commands.Mine(()),
                commands.Mine((claim, another, second)),
                commands.Mine((with_one,)),
                fell_out,
            )
        case commands.PastAppointments(page):
            return tuple(_past(claim, page))
        case _:
            return _of_appointments(command, claim)


def _practitioners(command: FindPractitioners) -> Iterator[PractitionersFound]:
    """Yield whom was looked for, or others instead; else several, of whom one works at one centre, or nobody."""
    if command.words:
        yield PractitionersFound(offers=(OFFER,), is_limited=True)
        yield PractitionersFound(offers=(OFFER,))
    else:
        yield PractitionersFound(offers=(OFFER, ANOTHER_OFFER), has_more=True)
        yield PractitionersFound(offers=())


def _of_appointments(command: commands.Command[Any], claim: commands.Claim) -> tuple[object, ...]:
    gone = commands.SlotGone("1", SLOT.starts_at)
    match command:
        case commands.HoldSlots():
            lapsed = commands.Held((claim,), NOW - timedelta(minutes=1))
            return (commands.Held(_claims(command.wanted, claim), FAR), gone, commands.AlreadyBooked(claim), lapsed)
        case commands.BookSlots():
            claims = _claims(command.wanted, claim)
            asked = tuple(replace(one, practitioner=OFFER.practitioner, answer_by=FAR) for one in claims)
            return (
                commands.Booked(claims),
                gone,
                commands.AlreadyBooked(asked[0]),
                commands.Requested(claims, FAR),
                commands.Requested(asked, FAR),
            )
        case commands.MoveAppointment():
            late, often = commands.TooLate(NOW), commands.TooOften(3)
            return (commands.Moved(claim), gone, commands.NotOpen(), late, often)
        case commands.CancelAppointment():
            return (
                commands.Cancelled(replace(claim, status=Status.CANCELLED)),
                commands.NotOpen(),
                commands.TooLate(NOW),
            )
        case commands.FindVisit():
            return tuple(_visits(claim))
        case commands.AcceptAppointment():
            return (commands.Accepted(claim, again=False), commands.Accepted(claim, again=True), commands.NotOpen())
        case commands.Explain():
            return tuple(_explained(claim))
        case commands.SilenceAppointment():
            return (commands.Silenced(claim), commands.NotOpen())
        case displaced_commands.FindAlternatives():
            return (
                displaced_commands.Alternatives(claim, (SLOT,), FAR),
                displaced_commands.Alternatives(claim, (), FAR),
                displaced_commands.NotDisplaced(),
                displaced_commands.NotDisplaced(replace(claim, status=Status.CANCELLED)),
                displaced_commands.NotDisplaced(claim),
            )
        case displaced_commands.TakeAlternative():
            return (commands.Moved(claim), gone, commands.NotOpen())
        case _:
            return _of_identity(command)


def _of_identity(command: commands.Command[Any]) -> tuple[object, ...]:
    locked = identity.Locked(FAR)
    match command:
        case identity.WaysToLink():
            all_ways = identity.Ways(
                others=("telegram", "whatsapp", "sms"), write_first=("telegram",), same_number=("whatsapp",)
            )
            return (identity.Ways(others=("sms",)), all_ways, identity.Ways(others=()))
        case identity.SendCode():
            refused = (identity.NoNumber(), identity.OwnContact(), identity.AlreadyOne(), identity.TooManyCodes())
            return (identity.CodeSent("+33199001122"), *refused)
        case identity.ShowCode():
            return (identity.CodeShown(), identity.TooManyCodes())
        case identity.CheckCode():
            wrong = (identity.CodeWrong(), identity.CodeOver(), identity.OwnContact(), identity.AlreadyOne(), locked)
            return (identity.CodeRight(False), identity.CodeRight(True, shown_to="022"), *wrong)
        case identity.LinkContacts():
            return (identity.Linked(), identity.WrongYear(1), identity.CodeOver(), locked)
        case identity.WhoIsOnRecord():
            nobody, elsewhere = identity.OnRecord(False), identity.OnRecord(True, can_change_hands=False)
            return (identity.OnRecord(True), identity.OnRecord(True, FAR), nobody, elsewhere)
        case identity.ProveYear():
            return (identity.Proven(), identity.WrongYear(2), locked)
        case identity.StartAfresh():
            return (identity.StartedAfresh(),)
        case _:
            return _of_email(command)


def _of_email(command: commands.Command[Any]) -> tuple[object, ...]:
    match command:
        case mail_commands.FindEmail():
            return (mail_commands.EmailFound(None), mail_commands.EmailFound("ana@example.org"))
        case mail_commands.SendCode():
            return (mail_commands.CodeSent(), mail_commands.TooManyCodes())
        case mail_commands.ConfirmEmail():
            return (mail_commands.EmailConfirmed(), mail_commands.WrongCode(), mail_commands.CodeGone())
        case mail_commands.ForgetEmail():
            return (mail_commands.EmailForgotten(),)
        case SayHere():
            with_one = replace(CLAIM, practitioner=OFFER.practitioner)
            return (HereTold(with_one), HereTold(CLAIM), TooEarly(CLAIM), NoVideoVisit())
        case FindPractitioners():
            return tuple(_practitioners(command))
        case _:
            return results_for_staff(command)


def _explained(claim: commands.Claim) -> Iterator[commands.Explained]:
    """Yield what there is to explain: nothing, each fate of a message, and each reason for silence."""
    yield commands.Explained()
    fates = tuple(commands.Sent(at=NOW, channel=Channel.SMS, fate=fate) for fate in commands.Fate)
    for told in (fates[:3], fates[3:]):
        yield commands.Explained(visits=(commands.VisitNews(claim=claim, told=told, next_at=NOW),))
    quiet = commands.VisitNews(claim=replace(claim, is_quiet=True))
    yield commands.Explained(visits=(quiet, commands.VisitNews(claim=claim)), stopped_at=NOW, stopped_by="person")
    yield commands.Explained(stopped_at=NOW, stopped_by="blocked")


def _visits(claim: commands.Claim) -> Iterator[object]:
    """Yield a visit as it may stand: to come, over, and in each state that says more."""
    over = replace(claim, starts_at=NOW - timedelta(days=1), ends_at=NOW - timedelta(hours=23))
    for status in (Status.BOOKED, Status.CANCELLED, Status.FULFILLED, Status.NOSHOW):
        yield commands.VisitFound(replace(claim, status=status), is_accepted=False)
    yield commands.VisitFound(replace(over, status=Status.BOOKED), is_accepted=True)
    yield commands.VisitFound(replace(claim, status=Status.BOOKED, fell_out=True), is_accepted=False)
    yield commands.NoSuchVisit()


def _past(claim: commands.Claim, page: int) -> Iterator[object]:
    """Yield past visits: one of each end, and none; only a first page has more behind it."""
    ends = (Status.FULFILLED, Status.NOSHOW, Status.CANCELLED, Status.BOOKED, Status.ARRIVED)
    claims = tuple(replace(claim, status=status) for status in ends)
    withdrawn = replace(claim, status=Status.FULFILLED, programme="withdrawn")
    yield commands.Past((*claims, withdrawn))
    yield commands.Past(())
    if not page:
        yield commands.Past(claims, has_more=True)


def _claims(wanted: tuple[commands.DoseSlot, ...] | None, claim: commands.Claim) -> tuple[commands.Claim, ...]:
    return tuple(replace(claim, dose=one.dose) for one in wanted or (commands.DoseSlot("1", SLOT.slot),))


def offers_of(source: Source) -> tuple[object, ...]:
    """Return examples of what *source* offers."""
    if isinstance(source, CentresNear):
        return (CentreOffer(centre=CENTRE, distance_m=1_200.0),)
    return (SLOT,)
