"""Booking: consent, for whom, screening, where and when, a hold of ten minutes, a last look, booked."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Narrow, Option, Question
from dialogs.script import Again, End, ask, do, fingerprint, tell
from dialogs.scripts import questions
from dialogs.scripts.answers import Where
from dialogs.scripts.screening import screening
from dialogs.scripts.told import address, already_booked, booked, dose_lines, sorry, to_take_along
from dialogs.text import Clock, joined, say
from domain.centres import Centre, CentreId, Position
from domain.commands import (
    AlreadyBooked,
    Booked,
    BookSlots,
    Caller,
    CancelAppointment,
    CentreFound,
    DoseSlot,
    FindCentre,
    FindFollowUp,
    FindPlace,
    Held,
    HoldSlots,
    KeepConsent,
    KeepPatient,
    NoSlot,
    NoSuchCentre,
    NoSuchPlace,
    OpenTask,
    Person,
    PlaceFound,
    SeveralPlaces,
    SlotFound,
    SlotGone,
    WhoIsThis,
)
from domain.eligibility import Eligible, Ineligible, Refer
from domain.patients import PatientId
from domain.programmes import Dose, Programme
from domain.queries import CentreOffer

JUST_TAKEN = say("I am sorry, that place has just been taken. These are near it:")
NOTHING_KEPT = say("All right. Nothing is kept. Write to me whenever you like.")


async def book(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Lead from the first word to a booked place."""
    caller = await do("caller", WhoIsThis())
    whom = await _for_whom(desk, caller, args)
    if whom is None:
        return End(text=NOTHING_KEPT)
    if not desk.programmes:
        return End(text=say("Nothing can be booked here at the moment. Please try again later."))
    programme = await _programme(desk, args)
    person = caller.me if whom == questions.ME else _member(caller, whom)
    is_me = whom == questions.ME
    name = await ask(questions.name_of(is_me=is_me), person.name if person else None)
    birth = await ask(questions.birth_of(is_me=is_me), person.birth if person else None)
    facts = dict(person.facts) if person else {}
    verdict, lasting = await screening(programme, birth=birth, known=facts, today=desk.today)
    match verdict:
        case Ineligible():
            return End(text=sorry(verdict))
        case Refer():
            await do("refer", OpenTask(kind="refer"))
            return End(text=joined(verdict.because, say("A colleague will get in touch with you here.")))
        case Eligible():
            pass
        case never:
            assert_never(never)
    patient = await do(
        "patient",
        KeepPatient(
            patient=person.id if person else None,
            is_me=is_me,
            name=name,
            birth=birth,
            facts=tuple(sorted(lasting.items())),
        ),
    )
    centre = await _centre(programme, person or caller.me, args)
    if isinstance(centre, Again):
        return centre
    return await _time(desk, programme, patient.patient, name, centre)


async def _for_whom(desk: Desk, caller: Caller, args: Mapping[str, str]) -> str | None:
    if caller.consented:
        return await ask(questions.for_whom(caller), args.get("whom"))
    answer = await ask(questions.consent(desk.name))
    if answer == "no":
        return None
    await do("keep-consent", KeepConsent())
    return answer


async def _programme(desk: Desk, args: Mapping[str, str]) -> Programme:
    only = desk.programmes[0].key if len(desk.programmes) == 1 else None
    key = await ask(questions.which_programme(desk.programmes), args.get("programme") or only)
    return desk.programme(key) or desk.programmes[0]


def _member(caller: Caller, whom: str) -> Person | None:
    return caller.person(PatientId(int(whom))) if whom.isdigit() else None


# ---- where


async def _centre(programme: Programme, person: Person | None, args: Mapping[str, str]) -> Centre | Again:
    linked = Where(centre=CentreId(int(args["centre"]))) if "centre" in args else None
    last = await _find("last-centre", person.last_centre) if person and person.last_centre else None
    where = await ask(questions.where(last), linked)
    if where.centre is not None:
        found = await _find("centre-asked-for", where.centre)
        if found is None:
            return Again(("where",))
        offer = CentreOffer(centre=found, distance_m=None)
        return (await ask(questions.which_centre(programme.key, found.position), offer)).centre
    position = where.position
    if position is None and not where.anywhere:
        place = await _place(where.typed)
        if isinstance(place, Again):
            return place
        position = place
    return (await ask(questions.which_centre(programme.key, position, is_rough=bool(where.typed)))).centre


async def _find(key: str, centre: CentreId) -> Centre | None:
    match await do(key, FindCentre(centre)):
        case CentreFound(found):
            return found
        case NoSuchCentre():
            return None
        case never:
            assert_never(never)


async def _place(typed: str) -> Position | Again:
    match await do("find-place", FindPlace(typed)):
        case PlaceFound(place):
            await tell("place-found", say("Near {place}:", place=place.label))
            return place.position
        case SeveralPlaces(places):
            return (await ask(questions.which_place(places))).position
        case NoSuchPlace():
            unknown = say(
                "I do not know a place called {place}. Try a larger town near it, or let me show all centres.",
                place=typed,
            )
            return Again(("where",), unknown)
        case never:
            assert_never(never)


# ---- when


async def _time(desk: Desk, programme: Programme, patient: PatientId, name: str, centre: Centre) -> Again | End:
    slots = {programme.doses[0].key: await ask(questions.slot_at(centre, programme))}
    for before, dose in itertools.pairwise(programme.doses):
        slot = await _follow_up(programme, dose, slots[before.key])
        if isinstance(slot, Again):
            return slot
        slots[dose.key] = slot
    wanted = tuple(DoseSlot(dose, slot.slot) for dose, slot in slots.items())
    match await do("hold", HoldSlots(patient=patient, programme=programme.key, wanted=wanted)):
        case SlotGone() as gone:
            return _other_place(programme, gone)
        case AlreadyBooked(claim):
            return End(text=already_booked(programme, claim))
        case Held(_, until) if until <= desk.now:
            return Again(("hold",))
        case Held() as held:
            return await _last_look(desk, programme, name, held, wanted)
        case never:
            assert_never(never)


async def _follow_up(programme: Programme, dose: Dose, first: SlotFound) -> SlotFound | Again:
    after, before = dose.after.days, dose.before.days or dose.after.days + 28
    match await do(
        f"find-{_slot_key(programme, dose.key)}",
        FindFollowUp(slot=first.slot, after_days=after, before_days=before),
    ):
        case NoSlot():
            missing = say("No place is free there for the next dose in time. Please choose another time or centre.")
            return Again(("slot",), missing)
        case SlotFound() as found:
            day = first.centre.local(first.starts_at).date()
            question = questions.slot_at(
                first.centre,
                programme,
                key=_slot_key(programme, dose.key),
                text=say("When suits you for the next dose at {centre}?", centre=first.centre.name),
                first=day + timedelta(days=after),
                last=day + timedelta(days=before),
                other_centre=(),
            )
            return await ask(question, found)
        case never:
            assert_never(never)


def _slot_key(programme: Programme, dose: str) -> str:
    return "slot" if dose == programme.doses[0].key else f"slot-{dose}"


def _other_place(programme: Programme, gone: SlotGone) -> Again:
    near = Narrow(near=gone.starts_at) if gone.starts_at else None
    return Again((_slot_key(programme, gone.dose), "hold", "review", "book"), JUST_TAKEN, near)


# ---- the last look


async def _last_look(
    desk: Desk, programme: Programme, name: str, held: Held, wanted: tuple[DoseSlot, ...]
) -> Again | End:
    patient = held.claims[0].patient
    if await ask(_review(programme, name, held)) == "no":
        for claim in held.claims:
            await do(f"let-go-{claim.dose}", CancelAppointment(appointment=claim.id))
        return End(text=say("Not booked, and the place is free for others. Write to me whenever you like."))
    match await do("book", BookSlots(patient=patient, programme=programme.key, wanted=wanted)):
        case SlotGone() as gone:
            return _other_place(programme, gone)
        case AlreadyBooked(claim):
            return End(text=already_booked(programme, claim))
        case Booked(claims):
            return End(text=booked(programme, claims), extras=to_take_along(claims))
        case never:
            assert_never(never)


def _review(programme: Programme, name: str, held: Held) -> Question[str]:
    centre = held.claims[0].centre
    changes: list[Option[str]] = [Option(label=say("Another time"), reopens=("slot",))]
    if len(programme.doses) > 1:
        changes = [
            Option(label=say("Change visit {number}", number=number), reopens=(_slot_key(programme, dose.key),))
            for number, dose in enumerate(programme.doses, start=1)
        ]
    return Question(
        key="review",
        text=joined(
            say("Please check:"),
            joined(programme.title, name, *dose_lines(held.claims), address(centre), between="\n"),
            say("Held for you until {time}. Shall I book it?", time=Clock(centre.local(held.until))),
        ),
        type=str,
        options=(
            Option(label=say("Yes, book it"), value="book"),
            *changes,
            Option(label=say("Another centre"), reopens=("centre", "slot")),
            Option(label=say("Correct my details"), reopens=("birth", "name")),
            Option(label=say("No, do not book"), value="no"),
        ),
        help=(say("Send 1 to book it, or the number of what you would like to change."),),
        given=fingerprint((name, [(claim.slot, claim.dose) for claim in held.claims])),
        is_private=True,
    )
