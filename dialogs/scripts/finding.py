"""Finding a centre: near a place as shared or typed, the one of last time, or one that was named beforehand."""

from __future__ import annotations

from typing import assert_never

from dialogs.readers.limits import ANY_DAY
from dialogs.script import Again, ask, do, tell
from dialogs.scripts import questions
from dialogs.scripts.answers import Where
from dialogs.scripts.whom_to_see import Whom
from dialogs.text import say
from domain.centres import Centre, CentreId, Position
from domain.commands import CentreFound, FindCentre, FindPlace, NoSuchCentre, NoSuchPlace, PlaceFound, SeveralPlaces
from domain.priority import Terms
from domain.programmes import Programme
from domain.queries import CentreOffer

UNKNOWN = say("I do not know that centre, or it has closed.")


async def find_centre(
    programme: Programme, *, last: CentreId | None, named: CentreId | None, terms: Terms, whom: Whom | None = None
) -> Centre | Again:
    """Ask where, and which centre there; *named* is taken unless another one is wished.

    Where the person wants to see *whom* only their centres are offered, all at once if they are few.
    """
    whom = whom or Whom()
    named = named or whom.centre
    own = whom.practitioner.id if whom.practitioner else None
    on, step_free = await ask(questions.days(), ANY_DAY), await ask(questions.access(), False)
    recent = await _find("last-centre", last) if last else None
    known = Where(centre=named) if named else Where(anywhere=True) if whom.few else None
    where = await ask(questions.where(recent), known)
    if where.centre is not None:
        found = await _find("centre-asked-for", where.centre)
        if found is None:
            return Again(("where",), UNKNOWN)
        offer = CentreOffer(centre=found, distance_m=None)
        question = questions.which_centre(
            programme.key,
            found.position,
            lead=programme.lead,
            terms=terms,
            on=on,
            step_free=step_free,
            practitioner=own,
        )
        return (await ask(question, offer if found.step_free or not step_free else None)).centre
    position = where.position
    if position is None and not where.anywhere:
        place = await _place(where.typed)
        if isinstance(place, Again):
            return place
        position = place
    question = questions.which_centre(
        programme.key,
        position,
        is_rough=bool(where.typed),
        lead=programme.lead,
        terms=terms,
        on=on,
        step_free=step_free,
        practitioner=own,
    )
    return (await ask(question)).centre


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
