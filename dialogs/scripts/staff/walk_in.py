"""People who walk in: who they are and for what, a place of today, and a reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never
from zoneinfo import ZoneInfo

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import Again, End, Offer, ask, do, fingerprint
from dialogs.scripts.questions import birth_of, name_of
from dialogs.scripts.staff.common import NOT_ALLOWED, at_place, workplace
from dialogs.scripts.staff.visits import may_serve, serving, short
from dialogs.text import Clock, joined, say
from domain.patients import years_old
from domain.programmes import Programme
from domain.staff.commands import NotAllowed, Workplace
from domain.staff.rights import Right
from domain.staff.walk_in_commands import (
    FindPlacesToday,
    NoDoseLeft,
    PlaceGone,
    PlacesToday,
    PlaceToday,
    TakeWalkIn,
    WalkedIn,
)

_FULL = say("All places of today are taken. Nobody can be added; a booking for another day is open to everybody.")


async def walk_in(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Take in somebody who has no booking."""
    place = await workplace(args, Right.RECEIVE)
    if isinstance(place, End):
        return place
    match await do("places", FindPlacesToday(place.id)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case PlacesToday(places):
            return await _taken_in(desk, place, places)
        case never:
            assert_never(never)


async def _taken_in(desk: Desk, place: Workplace, places: Sequence[PlaceToday]) -> Again | End:
    keys = {one.programme for one in places}
    offered = tuple(programme for programme in desk.programmes if programme.key in keys)
    if not offered:
        return End(text=say("{centre} has no more hours today.", centre=place.name))
    key = await ask(_for_what(offered), offered[0].key if len(offered) == 1 else None)
    programme = next(one for one in offered if one.key == key)
    chosen = await _place(place, [one for one in places if one.programme == key])
    if isinstance(chosen, End):
        return chosen
    dose = await ask(_which_dose(programme), programme.doses[0].key if len(programme.doses) == 1 else None)
    name, birth = await ask(name_of(is_me=False)), await ask(birth_of(is_me=False))
    if not programme.age.least <= years_old(birth, desk.today) <= programme.age.most:
        return End(text=joined(programme.age.because, say("So nothing was recorded.")))
    if programme.criteria and await ask(_asked(programme)) == "no":
        return End(text=say("All right, nothing was recorded. Whoever decides about it can help."))
    return await _recorded(desk, place, programme, chosen, dose, name, birth)


def _for_what(offered: Sequence[Programme]) -> Question[str]:
    return Question(
        key="programme",
        text=say("What did the person come for?"),
        type=str,
        options=tuple(Option(label=one.title, value=one.key) for one in offered),
        given=fingerprint([one.key for one in offered]),
    )


async def _place(place: Workplace, places: Sequence[PlaceToday]) -> PlaceToday | End:
    """Return the slot that is going on or comes next; where it is full, a later one if that is wanted."""
    if places[0].left > 0:
        return places[0]
    free = next((one for one in places if one.left > 0), None)
    if free is None:
        return End(text=_FULL)
    if await ask(_later(place, free)) == "no":
        return End(text=say("All right, nothing was recorded."))
    return free


def _later(place: Workplace, free: PlaceToday) -> Question[str]:
    clock = Clock(free.starts_at.astimezone(ZoneInfo(place.tz)))
    return Question(
        key="later",
        text=say("It is full now. The next place is at {time}. Shall the person come then?", time=clock),
        type=str,
        options=(Option(label=say("Yes, take it"), value="yes"), Option(label=say("No, leave it"), value="no")),
        given=fingerprint(free.slot),
    )


def _which_dose(programme: Programme) -> Question[str]:
    return Question(
        key="dose",
        text=say("Which dose is it?"),
        type=str,
        options=tuple(
            Option(label=say("Dose {number}", number=number), value=dose.key)
            for number, dose in enumerate(programme.doses, start=1)
        ),
        given=programme.key,
    )


def _asked(programme: Programme) -> Question[str]:
    return Question(
        key="asked",
        text=joined(
            say("Please ask the person:"),
            joined(*(one.text for one in programme.criteria), between="\n"),
            say("Can it be done today?"),
        ),
        type=str,
        options=(
            Option(label=say("Yes, all is well"), value="yes"),
            Option(label=say("No, not today"), value="no"),
        ),
        given=programme.key,
        is_private=True,
    )


async def _recorded(
    desk: Desk, place: Workplace, programme: Programme, chosen: PlaceToday, dose: str, name: str, birth: date
) -> Again | End:
    command = TakeWalkIn(
        centre=place.id,
        programme=programme.key,
        dose=dose,
        slot=chosen.slot,
        name=name,
        birth=birth,
        terms=programme.terms(),
    )
    match await do("taken", command):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case PlaceGone():
            return Again(("places", "taken"), say("That place has just been taken."))
        case NoDoseLeft():
            return End(text=say("There is a place, but no dose that is not promised to others. Nothing was recorded."))
        case WalkedIn(visit):
            told = say(
                "{name} has a place at {time} and has arrived.",
                name=visit.patient_name,
                time=at_place(visit.starts_at, place),
            )
            offers = (Offer(label=say("Served"), goto=serving(visit)),) if may_serve(desk, visit) else ()
            return End(text=joined(told, short(visit), between="\n"), offers=offers)
        case never:
            assert_never(never)
