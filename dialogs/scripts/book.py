"""Booking: consent, for whom, screening, where and when, a hold of ten minutes, a last look, booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Narrow, Option, Question
from dialogs.readers.limits import ANY_DAY
from dialogs.script import Again, End, ask, do, fingerprint
from dialogs.scripts import questions
from dialogs.scripts.booked import confirmed
from dialogs.scripts.finding import find_centre
from dialogs.scripts.later import ineligible
from dialogs.scripts.screening import screening
from dialogs.scripts.told import BY_VIDEO, address, already_booked, dose_lines, requested, with_whom
from dialogs.scripts.whom_to_see import Whom, find_practitioner
from dialogs.text import Clock, Day, joined, say
from domain.centres import Centre, CentreId
from domain.commands import (
    AlreadyBooked,
    Booked,
    BookSlots,
    Caller,
    CancelAppointment,
    Claim,
    DoseSlot,
    FindFollowUp,
    Held,
    HoldSlots,
    KeepConsent,
    KeepPatient,
    MyAppointments,
    NoSlot,
    OpenTask,
    Person,
    Requested,
    SlotFound,
    SlotGone,
    WhoIsThis,
)
from domain.eligibility import Eligible, Ineligible, Refer
from domain.patients import PatientId
from domain.priority import Terms
from domain.programmes import Dose, Programme

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
    if isinstance(programme, Again):
        return programme
    person = caller.me if whom == questions.ME else _member(caller, whom)
    is_me = whom == questions.ME
    claims = await _claims_on(programme, person) if person else {}
    missing = tuple(dose for dose in programme.doses if dose.key not in claims)
    if not missing:
        return End(text=already_booked(programme, next(iter(claims.values()))))
    booked_days = {dose: claim.centre.local(claim.starts_at).date() for dose, claim in claims.items()}
    name = await ask(questions.name_of(is_me=is_me), person.name if person else None)
    birth = await ask(questions.birth_of(is_me=is_me), person.birth if person else None)
    facts = dict(person.facts) if person else {}
    verdict, lasting = await screening(programme, birth=birth, known=facts, today=desk.today)
    match verdict:
        case Ineligible():
            return await ineligible(programme, verdict, desk.today)
        case Refer():
            await do("refer", OpenTask(kind="refer"))
            return End(text=joined(verdict.because, say("A colleague will get in touch with you here.")))
        case Eligible(groups):
            terms = programme.terms(groups, doses=len(missing), products=(claim.product for claim in claims.values()))
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
    known = person or caller.me
    named = CentreId(int(args["centre"])) if "centre" in args else None
    last = known.last_centre if known else None
    to_see = await find_practitioner(
        programme, terms=terms, known=args.get("practitioner"), words=args.get("seen-for", ""), at=named
    )
    centre = await find_centre(programme, last=last, named=named, terms=terms, whom=to_see)
    if isinstance(centre, Again):
        return centre
    visits = _Visits(
        programme=programme,
        patient=patient.patient,
        name=name,
        birth=birth,
        missing=missing,
        booked=booked_days,
        terms=terms,
        to_see=to_see,
    )
    return await _time(desk, visits, centre)


async def _for_whom(desk: Desk, caller: Caller, args: Mapping[str, str]) -> str | None:
    if caller.consented:
        return await ask(questions.for_whom(caller), args.get("whom"))
    answer = await ask(questions.consent(desk.name))
    if answer == "no":
        return None
    await do("keep-consent", KeepConsent())
    return answer


async def _programme(desk: Desk, args: Mapping[str, str]) -> Programme | Again:
    only = desk.programmes[0].key if len(desk.programmes) == 1 else None
    key = await ask(questions.which_programme(desk.programmes), args.get("programme") or only)
    return desk.programme(key) or Again(("programme",), say("That cannot be booked here any more."))


async def _claims_on(programme: Programme, person: Person) -> dict[str, Claim]:
    """Return what the person has booked of the course already, by dose."""
    mine = await do("mine", MyAppointments())
    return {one.dose: one for one in mine.claims if (one.patient, one.programme) == (person.id, programme.key)}


def _member(caller: Caller, whom: str) -> Person | None:
    return caller.person(PatientId(int(whom))) if whom.isdigit() else None


# ---- when


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visits:
    """What is to be booked: *missing* doses of *programme* for a patient, beside *booked* ones of the same course."""

    programme: Programme
    patient: PatientId
    name: str
    birth: date
    missing: tuple[Dose, ...]
    booked: Mapping[str, date]
    terms: Terms
    to_see: Whom | None


async def _time(desk: Desk, visits: _Visits, centre: Centre) -> Again | End:
    slots: dict[str, SlotFound] = {}
    days = dict(visits.booked)
    for dose in visits.missing:
        slot = await _slot_for(visits, dose, days, slots, centre)
        if isinstance(slot, Again):
            return slot
        slots[dose.key], days[dose.key] = slot, slot.centre.local(slot.starts_at).date()
    wanted = tuple(DoseSlot(dose, slot.slot) for dose, slot in slots.items())
    programme = visits.programme
    match await do(
        "hold",
        HoldSlots(patient=visits.patient, programme=programme.key, wanted=wanted, terms=visits.terms),
    ):
        case SlotGone() as gone:
            return _other_place(visits, gone)
        case AlreadyBooked(claim):
            return End(text=already_booked(programme, claim))
        case Held(_, until) if until <= desk.now:
            return Again(("hold",))
        case Held() as held:
            return await _last_look(desk, visits, held, wanted)
        case never:
            assert_never(never)


async def _slot_for(
    visits: _Visits, dose: Dose, days: Mapping[str, date], slots: Mapping[str, SlotFound], centre: Centre
) -> SlotFound | Again:
    programme, key = visits.programme, _slot_key(visits, dose.key)
    first, last = programme.window(dose.key, days)
    if not slots:
        on = await ask(questions.days(), ANY_DAY)
        question = questions.slot_at(
            centre, programme, key=key, first=first, last=last, terms=visits.terms, on=on, whom=visits.to_see
        )
        return await ask(question)
    before = list(slots.values())[-1]
    day = before.centre.local(before.starts_at).date()
    after = (first - day).days if first else dose.after.days
    until = (last - day).days if last else dose.latest.days
    match await do(
        f"find-{key}",
        FindFollowUp(slot=before.slot, after_days=after, before_days=until, terms=visits.terms),
    ):
        case NoSlot():
            missing = say("No place is free there for the next dose in time. Please choose another time or centre.")
            return Again(("slot",), missing)
        case SlotFound() as found:
            question = questions.slot_at(
                centre,
                programme,
                key=key,
                text=say("When suits you for the next dose at {centre}?", centre=centre.name),
                first=first,
                last=last,
                other_centre=(),
                terms=visits.terms,
                whom=visits.to_see,
            )
            return await ask(question, found)
        case never:
            assert_never(never)


def _slot_key(visits: _Visits, dose: str) -> str:
    return "slot" if dose == visits.missing[0].key else f"slot-{dose}"


def _other_place(visits: _Visits, gone: SlotGone) -> Again:
    near = Narrow(near=gone.starts_at) if gone.starts_at else None
    return Again((_slot_key(visits, gone.dose), "hold", "review", "book"), JUST_TAKEN, near)


# ---- the last look


async def _last_look(desk: Desk, visits: _Visits, held: Held, wanted: tuple[DoseSlot, ...]) -> Again | End:
    programme = visits.programme
    if await ask(_review(visits, held)) == "no":
        for claim in held.claims:
            await do(f"let-go-{claim.dose}", CancelAppointment(appointment=claim.id))
        return End(text=say("Not booked, and the place is free for others. Write to me whenever you like."))
    match await do(
        "book",
        BookSlots(patient=visits.patient, programme=programme.key, wanted=wanted, terms=visits.terms),
    ):
        case SlotGone() as gone:
            return _other_place(visits, gone)
        case AlreadyBooked(claim):
            return End(text=already_booked(programme, claim))
        case Requested(claims, until):
            return End(text=requested(programme, claims, until))
        case Booked(claims):
            return await confirmed(desk, programme, claims)
        case never:
            assert_never(never)


def _review(visits: _Visits, held: Held) -> Question[str]:
    centre, programme = held.claims[0].centre, visits.programme
    changes: list[Option[str]] = [Option(label=say("Another time"), reopens=("slot",))]
    if len(visits.missing) > 1:
        changes = [
            Option(label=say("Change visit {number}", number=number), reopens=(_slot_key(visits, dose.key),))
            for number, dose in enumerate(visits.missing, start=1)
        ]
    who = say("{name}, born {day}", name=visits.name, day=Day(visits.birth))
    place = BY_VIDEO if programme.policy.video else address(centre)
    return Question(
        key="review",
        text=joined(
            say("Please check:"),
            joined(programme.title, who, *dose_lines(held.claims), *with_whom(held.claims), place, between="\n"),
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
        given=fingerprint((visits.name, visits.birth, [(claim.slot, claim.dose) for claim in held.claims])),
        is_private=True,
    )
