"""One's own bookings: seen, moved, cancelled. The old place is kept until the new one is sure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Narrow, Option, Question
from dialogs.readers.limits import ANY_DAY
from dialogs.reminding import QUIET
from dialogs.script import Again, End, Goto, ask, do, fingerprint
from dialogs.scripts import questions
from dialogs.scripts.finding import find_centre
from dialogs.scripts.reminder import silence
from dialogs.scripts.told import moved, summary, title_of, to_take_along, visit_of
from dialogs.scripts.whom_to_see import find_practitioner
from dialogs.sentences import LINK_HINT
from dialogs.text import Text, joined, say
from dialogs.times import at_centre
from domain.appointments import AppointmentId, Status
from domain.centres import Centre
from domain.commands import (
    CancelAppointment,
    Cancelled,
    Claim,
    FindVisit,
    MoveAppointment,
    Moved,
    MyAppointments,
    NoSuchVisit,
    NotOpen,
    PastAppointments,
    SlotFound,
    SlotGone,
    TooLate,
    TooOften,
    WhoIsThis,
)
from domain.eligibility import groups_of
from domain.policies import Changes
from domain.priority import Terms
from domain.programmes import Programme

NO_BOOKINGS = say("You have no bookings to come. To make one, write: book.")
CHANGED = say("That booking has changed meanwhile. Write: my bookings.")
LEFT = say("All right, it stays as it is.")
_BESIDE: Mapping[str, Text] = {"past": say("Past visits"), "email": say("Copies by e-mail")}


async def manage(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Show the bookings and do what is wished with one of them."""
    mine = await do("mine", MyAppointments())
    claims, beside = mine.claims, await _beside(desk, args)
    if "visit" in args:
        named = await do("visit", FindVisit(appointment=AppointmentId(int(args["visit"]))))
        if isinstance(named, NoSuchVisit) or not _is_to_come(desk, named.claim):
            return End(text=CHANGED)
        claim, claims = named.claim, _with(named.claim, claims)
    elif not claims:
        if "past" in beside:
            return End(text=NO_BOOKINGS, then=Goto(script="past"))
        return End(text=joined(NO_BOOKINGS, LINK_HINT, between=" "))
    else:
        only = claims[0].reference if len(claims) == 1 else None
        reference = await ask(_which(desk, claims, beside), only)
        if reference in _BESIDE:
            return End(then=Goto(script=reference))
        claim = next(one for one in claims if one.reference == reference)
        if claim.fell_out and args.get("wish") != "cancel":
            return End(then=Goto(script="displaced", args=(("visit", str(claim.id)),)))
    wished = args.get("wish") if claim.answer_by is None or args.get("wish") == "cancel" else None
    match await ask(_wish(desk, claim, beside), wished):
        case "cancel":
            return await _cancel(desk, claim, _later_doses(desk, claim, claims))
        case "move":
            return await _move(desk, claim, claims)
        case "quiet":
            return await silence(claim)
        case other if other in _BESIDE:
            return End(then=Goto(script=other))
        case _:
            return End(text=LEFT)


async def _beside(desk: Desk, args: Mapping[str, str]) -> list[str]:
    """Return what there is beside the bookings to come, by its script, for who did not come for one of them."""
    if args:
        return []
    found = await do("any-past", PastAppointments(at_once=1))
    return [name for name, is_there in (("past", bool(found.claims)), ("email", desk.mails)) if is_there]


def _options(beside: list[str]) -> list[Option[str]]:
    return [Option(label=_BESIDE[name], value=name) for name in beside]


def _is_to_come(desk: Desk, claim: Claim) -> bool:
    is_there = claim.status in (Status.BOOKED, Status.ARRIVED) or claim.answer_by is not None
    return is_there and claim.ends_at > desk.now


def _with(claim: Claim, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return *claims* with one that may not be among them: somebody else's, of which this contact was reminded."""
    return claims if claim in claims else (claim, *(one for one in claims if one.id != claim.id))


def _which(desk: Desk, claims: tuple[Claim, ...], beside: list[str]) -> Question[str]:
    return Question(
        key="which",
        text=say("Which booking?"),
        type=str,
        options=(
            *(
                Option(
                    label=at_centre(claim.starts_at, claim.centre),
                    value=claim.reference,
                    detail=joined(claim.patient_name, title_of(desk, claim), claim.reference, between=", "),
                )
                for claim in claims
            ),
            *_options(beside),
        ),
        given=fingerprint([claim.reference for claim in claims]),
    )


def _wish(desk: Desk, claim: Claim, beside: list[str]) -> Question[str]:
    waits = say("It is asked for and not confirmed yet.") if claim.answer_by is not None else None
    return Question(
        key="wish",
        text=joined(summary(claim, title_of(desk, claim)), waits, say("What would you like to do with it?")),
        type=str,
        options=(
            *(() if waits else (Option(label=say("Move it"), value="move"),)),
            Option(label=say("No longer needed"), value="cancel"),  # on SMS the word "cancel" is the carrier's
            Option(label=say("Leave it as it is"), value="leave"),
            *(() if claim.is_quiet or waits else (Option(label=QUIET, value="quiet"),)),
            *_options(beside),
        ),
        given=claim.reference,
        is_private=True,
    )


def _course(claim: Claim, claims: tuple[Claim, ...]) -> dict[str, Claim]:
    """Return the other visits of the same course, by dose."""
    own = (claim.patient, claim.programme)
    return {one.dose: one for one in claims if (one.patient, one.programme) == own and one.dose != claim.dose}


def _later_doses(desk: Desk, claim: Claim, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return the visits of the same course that make no sense without this one."""
    programme = desk.programme(claim.programme)
    keys = [dose.key for dose in programme.doses] if programme else []
    course = _course(claim, claims)
    return tuple(course[key] for key in itertools.dropwhile(lambda key: key != claim.dose, keys) if key in course)


def _sure_to_cancel(desk: Desk, claim: Claim, later: tuple[Claim, ...]) -> Question[bool]:
    follow = [
        say("The visit on {time} depends on it and is cancelled with it.", time=at_centre(one.starts_at, one.centre))
        for one in later
    ]
    return Question(
        key="sure",
        text=joined(
            summary(claim, title_of(desk, claim)),
            *follow,
            say("Shall I cancel this booking? The place goes to somebody else."),
        ),
        type=bool,
        options=(
            Option(label=say("Yes, cancel it"), value=True),
            Option(label=say("No, keep it"), value=False),
        ),
        given=",".join(one.reference for one in (claim, *later)),
        is_private=True,
    )


def _cancelled(claim: Claim) -> Text:
    return say(
        "Cancelled: {time}, {centre}. Reference {reference}.",
        time=at_centre(claim.starts_at, claim.centre),
        centre=claim.centre.name,
        reference=claim.reference,
    )


async def _cancel(desk: Desk, claim: Claim, later: tuple[Claim, ...]) -> Again | End:
    changes = _changes(desk, claim)
    if not claim.fell_out and claim.starts_at - changes.cancel < min(desk.now, claim.starts_at):
        return _too_late(claim, claim.starts_at - changes.cancel)
    if not await ask(_sure_to_cancel(desk, claim, later)):
        return End(text=LEFT)
    done = [await do(f"cancel-{one.dose}", CancelAppointment(appointment=one.id)) for one in reversed(later)]
    with_it = [one.claim for one in reversed(done) if isinstance(one, Cancelled)]
    match await do("cancel", CancelAppointment(appointment=claim.id)):
        case NotOpen():
            return End(text=CHANGED)
        case TooLate(until):
            return _too_late(claim, until)
        case Cancelled(cancelled):
            claims = (cancelled, *with_it)
            text = joined(*map(_cancelled, claims), say("To book anew, write: book."))
            return End(text=text, extras=tuple(map(visit_of, claims)))
        case never:
            assert_never(never)


async def _move(desk: Desk, claim: Claim, claims: tuple[Claim, ...]) -> Again | End:
    programme = desk.programme(claim.programme)
    if programme is None:
        return End(text=say("This cannot be booked any more, so it cannot be moved. You can cancel it."))
    changes = Changes(move=claim.starts_at - desk.now) if claim.fell_out else _changes(desk, claim)
    if claim.starts_at - changes.move < desk.now:
        return _too_late(claim, claim.starts_at - changes.move)
    if changes.moves and claim.moves >= changes.moves:
        return _too_often(changes.moves)
    terms = await _terms(programme, claim, _course(claim, claims).values())
    kept = claim.practitioner
    whom = await find_practitioner(programme, terms=terms, known=str(kept.id) if kept else None, kept=kept)
    centre = await find_centre(programme, last=None, named=claim.centre.id, terms=terms, whom=whom)
    if isinstance(centre, Again):
        return centre
    others = {dose: one.centre.local(one.starts_at).date() for dose, one in _course(claim, claims).items()}
    first, last = programme.window(claim.dose, others)
    text = _when_instead(claim, centre)
    on = await ask(questions.days(), ANY_DAY)
    slot = await ask(
        questions.slot_at(
            centre, programme, text=text, first=first, last=last, but=claim.slot, terms=terms, on=on, whom=whom
        )
    )
    if not await ask(_sure_of(claim, slot)):
        return End(text=LEFT)
    match await do("move", _to(claim, slot, first, last, terms)):
        case NotOpen():
            return End(text=CHANGED)
        case TooLate(until):
            return _too_late(claim, until)
        case TooOften(most):
            return _too_often(most)
        case SlotGone(_, starts_at):
            taken = say("I am sorry, that place has just been taken; you still have your own. These are near it:")
            return Again(("slot", "sure-of", "move"), taken, Narrow(near=starts_at) if starts_at else None)
        case Moved(new):
            return End(text=moved(new, programme.title), extras=to_take_along((new,)))
        case never:
            assert_never(never)


def _when_instead(claim: Claim, centre: Centre) -> Text:
    time = at_centre(claim.starts_at, claim.centre)
    if claim.fell_out:
        return say("Instead of {time}, when would suit you at {centre}?", time=time, centre=centre.name)
    return say(
        "You have {time}; that place stays yours until a new one is sure. When would suit you better at {centre}?",
        time=time,
        centre=centre.name,
    )


def _changes(desk: Desk, claim: Claim) -> Changes:
    programme = desk.programme(claim.programme)
    return programme.policy.changes if programme else Changes()


def _too_late(claim: Claim, until: datetime) -> End:
    return End(
        text=say(
            "That could be done here until {until}; your booking on {time} stands. For help, write: talk to a person.",
            until=at_centre(until, claim.centre),
            time=at_centre(claim.starts_at, claim.centre),
        )
    )


def _too_often(most: int) -> End:
    return End(
        text=say(
            "It has been moved {count} times, as often as it can be, and stays as it is."
            " For help, write: talk to a person.",
            count=most,
        )
    )


async def _terms(programme: Programme, claim: Claim, others: Iterable[Claim]) -> Terms:
    """Return on what terms the patient moves *claim*, by what is known of them, beside *others* of the course."""
    groups: tuple[str, ...] = ()
    if any(answer.group for criterion in programme.criteria for answer in criterion.answers):
        caller = await do("caller", WhoIsThis())
        person = caller.person(claim.patient)
        groups = groups_of(programme.criteria, dict(person.facts) if person else {})
    products = (other.product for other in others)
    return replace(programme.terms(groups, products=products), own=claim.id)


def _to(claim: Claim, slot: SlotFound, first: date | None, last: date | None, terms: Terms) -> MoveAppointment:
    return MoveAppointment(
        appointment=claim.id,
        version=claim.version,
        slot=slot.slot,
        first=first,
        last=last,
        terms=terms,
    )


def _sure_of(claim: Claim, slot: SlotFound) -> Question[bool]:
    return Question(
        key="sure-of",
        text=say(
            "Shall I move it from {old} to {new}, {centre}?",
            old=at_centre(claim.starts_at, claim.centre),
            new=at_centre(slot.starts_at, slot.centre),
            centre=slot.centre.name,
        ),
        type=bool,
        options=(
            Option(label=say("Yes, move it"), value=True),
            Option(label=say("Another time"), reopens=("slot",)),
            Option(label=say("No, keep it"), value=False),
        ),
        given=f"{claim.reference},{slot.slot}",
        is_private=True,
    )
