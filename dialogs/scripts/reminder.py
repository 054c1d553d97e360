"""What is answered to a reminder: the visit it was about is confirmed, moved, cancelled, or explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.reminding import QUIET, Wish, WishReader, first_name, offered, where
from dialogs.script import End, Goto, ask, do, fingerprint
from dialogs.scripts.whom_to_see import ANYBODY
from dialogs.text import Text, Writable, joined, say
from dialogs.times import at_centre
from domain.appointments import AppointmentId, Status
from domain.commands import (
    AcceptAppointment,
    Accepted,
    Claim,
    FindVisit,
    NotOpen,
    SilenceAppointment,
    Silenced,
    VisitFound,
    WhoIsThis,
)
from domain.policies import MISSED

ALL = "all"
GONE = say("That visit is not on our list any more. To see what is, write: my bookings.")


async def reminder(desk: Desk, args: Mapping[str, str]) -> End:
    """Do what is wished with the visit that was meant: of several, *visits* by their ids, it is asked which."""
    found = [await do(f"visit-{one}", FindVisit(appointment=AppointmentId(int(one)))) for one in _visits(args)]
    known = sorted((one.claim for one in found if isinstance(one, VisitFound)), key=_by_time)
    if not known:
        return End(text=GONE)
    wish = args.get("wish")
    chosen = await ask(_which(known, wish), known[0].reference if len(known) == 1 else None)
    if chosen == ALL:
        return await _come(known)
    claim = next(one for one in known if one.reference == chosen)
    if claim.fell_out:
        return End(then=Goto(script="displaced", args=(("visit", str(claim.id)),)))
    if (over := _over(desk, claim)) is not None:
        return over
    if claim.status == Status.NOSHOW:
        return await _after_missed(claim, wish)
    match Wish(await ask(_wish(claim), wish if wish in list(Wish) else None)):
        case Wish.COME:
            return await _come([claim])
        case Wish.QUIET:
            return await silence(claim)
        case Wish.MOVE | Wish.CANCEL as change:
            return End(then=Goto(script="manage", args=(("visit", str(claim.id)), ("wish", change.value))))
        case _:
            return End(text=say("All right, it stays as it is."))


def _by_time(claim: Claim) -> tuple[datetime, int]:
    return claim.starts_at, claim.id


def _visits(args: Mapping[str, str]) -> list[str]:
    return [one for one in args.get("visits", "").split(",") if one.isdecimal()]


def _over(desk: Desk, claim: Claim) -> End | None:
    """Return what there is to say of a visit that cannot be changed any more."""
    time = at_centre(claim.starts_at, claim.centre)
    match claim.status:
        case Status.CANCELLED | Status.ENTERED_IN_ERROR:
            return End(text=say("The visit on {time} is cancelled. To book anew, write: book.", time=time))
        case Status.NOSHOW:
            return None
        case Status.FULFILLED:
            return End(text=say("You have been to the visit on {time}. To book another one, write: book.", time=time))
        case _ if claim.ends_at <= desk.now:
            return End(text=say("The visit on {time} is over. To book another one, write: book.", time=time))
        case _:
            return None


def _which(known: Sequence[Claim], wish: str | None) -> Question[str]:
    options = [
        Option(
            label=joined(first_name(one), at_centre(one.starts_at, one.centre), between=", "),
            value=one.reference,
            detail=one.centre.name,
        )
        for one in known
    ]
    if wish == Wish.COME:
        options.append(Option(label=say("All of them"), value=ALL))
    return Question(
        key="which-visit",
        text=say("Which visit do you mean?"),
        type=str,
        options=tuple(options),
        given=fingerprint([one.reference for one in known]),
        is_private=True,
    )


def _wish(claim: Claim) -> Question[str]:
    time = at_centre(claim.starts_at, claim.centre)
    return Question(
        key="wish",
        text=joined(
            joined(
                say("Reserved for you: {time}.", time=time),
                where(claim),
                say("Reference {reference}.", reference=claim.reference),
                between="\n",
            ),
            say("Will you come?"),
        ),
        type=str,
        options=(
            *(Option(label=label, value=wish.value) for wish, label in offered("").items()),
            Option(label=QUIET, value=Wish.QUIET.value),
        ),
        reader=WishReader(),
        help=(say("Choose one of these. For anything else, write: talk to a person."),),
        given=claim.reference,
        is_private=True,
    )


async def _come(claims: Sequence[Claim]) -> End:
    said: list[Writable] = []
    for claim in claims:
        if claim.fell_out:
            time = at_centre(claim.starts_at, claim.centre)
            said.append(say("Your visit on {time} at {centre} cannot take place.", time=time, centre=claim.centre.name))
            continue
        match await do(f"accept-{claim.id}", AcceptAppointment(appointment=claim.id)):
            case Accepted(accepted, again):
                said.append(_accepted(accepted, again=again))
            case NotOpen():
                said.append(GONE)
            case never:
                assert_never(never)
    return End(text=joined(*said, between="\n"))


def _accepted(claim: Claim, *, again: bool) -> Text:
    time = at_centre(claim.starts_at, claim.centre)
    if again:
        return say("You have told me already. We expect you on {time}, {centre}.", time=time, centre=claim.centre.name)
    return say("Thank you, confirmed. We expect you on {time}, {centre}.", time=time, centre=claim.centre.name)


async def silence(claim: Claim) -> End:
    """Let nobody be reminded of a visit any more."""
    match await do("silence", SilenceAppointment(appointment=claim.id)):
        case Silenced(silenced):
            time = at_centre(silenced.starts_at, silenced.centre)
            return End(text=say("I will not remind you of the visit on {time}. It stands as it is.", time=time))
        case NotOpen():
            return End(text=GONE)
        case never:
            assert_never(never)


async def _after_missed(claim: Claim, wish: str | None) -> End:
    if await ask(_again(claim), wish if wish in offered(MISSED) else None) != Wish.AGAIN:
        return End(text=say("All right. Whenever you like, write: book."))
    caller = await do("caller", WhoIsThis())
    whom = "me" if caller.me is not None and caller.me.id == claim.patient else str(claim.patient)
    with_whom = str(claim.practitioner.id) if claim.practitioner is not None else ANYBODY
    args = (
        ("programme", claim.programme),
        ("whom", whom),
        ("centre", str(claim.centre.id)),
        ("practitioner", with_whom),
    )
    return End(then=Goto(script="book", args=args))


def _again(claim: Claim) -> Question[str]:
    return Question(
        key="again",
        text=say(
            "We did not see you on {time}. That can happen to anybody. Shall we find another time?",
            time=at_centre(claim.starts_at, claim.centre),
        ),
        type=str,
        options=tuple(Option(label=label, value=wish.value) for wish, label in offered(MISSED).items()),
        given=claim.reference,
        is_private=True,
    )
