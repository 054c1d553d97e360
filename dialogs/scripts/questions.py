"""The questions that booking asks beside a programme's own, each in one place."""

from __future__ import annotations

import functools
from datetime import date, timedelta
from typing import Any

from dialogs.limits_said import limits_in_words, only
from dialogs.prompt import Want
from dialogs.questions import Narrow, Option, Question
from dialogs.readers.constraint import When
from dialogs.readers.limits import ANY_DAY
from dialogs.scripts.answers import (
    ME,
    OTHER,
    BirthReader,
    CentreReader,
    NameReader,
    SlotReader,
    Where,
    WhereReader,
    WhomReader,
    dump_days,
)
from dialogs.scripts.whom_to_see import KEYS, Whom
from dialogs.text import Distance, Writable, joined, say
from dialogs.times import at_centre as at_centre
from domain.appointments import SlotId
from domain.centres import Centre, Position
from domain.commands import Caller, Place, SlotFound
from domain.practitioners import PractitionerId
from domain.priority import ANYBODY, Terms
from domain.programmes import Programme
from domain.queries import CentreOffer, CentresNear, FreeSlots

# ---- who

__all__ = ["ME", "OTHER"]
SATURDAYS = When(weekdays=frozenset({5}))


@functools.lru_cache  # asked in every replay of every booking
def consent(clinic: Writable) -> Question[str]:
    """Ask whether answers may be kept; for whom comes along with it, which saves a reply."""
    return Question(
        key="consent",
        text=say(
            "Hello, this is the front desk of {clinic}. I can book an appointment for you. May I keep what you answer"
            " here to arrange it? And who is it for?",
            clinic=clinic,
        ),
        type=str,
        options=(
            Option(label=say("Yes, for me"), value=ME),
            Option(label=say("Yes, for another"), value=OTHER, detail=say("somebody you look after")),
            Option(label=say("No"), value="no"),
        ),
        reader=WhomReader(),
        why=say("The law asks that you agree before a clinic keeps anything about your health."),
        help=(say("Choose one of the first two to go on. With the last one nothing is kept and we stop here."),),
        is_private=True,
    )


def for_whom(caller: Caller) -> Question[str]:
    """Ask which of the people of this contact it is for."""
    people = [Option(label=say("Me"), value=ME, detail=caller.me.name if caller.me else None)]
    people += [Option(label=one.name, value=str(one.id)) for one in caller.household]
    return Question(
        key="whom",
        text=say("Who is the appointment for?"),
        type=str,
        options=(*people, Option(label=say("Somebody I look after"), value=OTHER)),
        reader=WhomReader(household=bool(caller.household)),
        given=",".join(str(one.id) for one in caller.household),
    )


@functools.cache
def name_of(*, is_me: bool) -> Question[str]:
    """Ask for the name, and for the birth date along with it, which saves a reply."""
    if is_me:
        text = say("What is your full name and date of birth? For example: Ana Silva, 3 April 1950.")
    else:
        text = say("What is that person's full name and date of birth? For example: Ana Silva, 3 April 1950.")
    return Question(
        key="name",
        text=text,
        type=str,
        reader=NameReader(),
        why=say("The centre calls you by your name, and the date of birth tells you from others of that name."),
        help=(
            say("Please write first name and surname, for example: Ana Silva."),
            say("Only letters, please. I take it as you write it."),
        ),
        takes_anything=True,
        samples=("Ana Silva",),
    )


@functools.cache
def birth_of(*, is_me: bool) -> Question[date]:
    """Ask for the birth date."""
    if is_me:
        text = say("When were you born? For example: 3 April 1950.")
    else:
        text = say("When was that person born? For example: 3 April 1950.")
    return Question(
        key="birth",
        text=text,
        type=date,
        reader=BirthReader(),
        why=say("The age decides what may be given."),
        help=(
            say("Please write day, month and year, for example: 3 April 1950."),
            say("Numbers will do: 03 04 1950 means 3 April 1950."),
        ),
        samples=(date(1980, 5, 4), date(2026, 5, 4)),
    )


# ---- what


def which_programme(programmes: tuple[Programme, ...]) -> Question[str]:
    """Ask what is to be booked."""
    return Question(
        key="programme",
        text=say("What would you like to book?"),
        type=str,
        options=tuple(Option(label=one.title, value=one.key) for one in programmes),
        given=",".join(one.key for one in programmes),
    )


# ---- where


def where(last: Centre | None) -> Question[Where]:
    """Ask near what the centre should be."""
    options: tuple[Option[Where], ...] = ()
    if last is not None:
        label = say("{centre}, as last time", centre=last.name)
        options = (Option(label=label, value=Where(centre=last.id)),)
    options += (Option(label=say("Show all centres"), value=Where(anywhere=True)),)
    return Question(
        key="where",
        text=say("Near which place should it be? Write your town or postcode."),
        type=Where,
        options=options,
        reader=WhereReader(),
        wants=(Want.LOCATION,),
        why=say("To find the nearest centre that has a free place."),
        help=(say("Please write the name of a town, or a postcode."),),
        takes_anything=True,
        is_private=True,
        samples=(Where(position=Position(0.0, 0.0)), Where(typed="Northfield")),
    )


def which_place(places: tuple[Place, ...]) -> Question[Place]:
    """Ask which of several places of one name was meant."""
    return Question(
        key="place",
        text=say("There are several places of that name. Which one?"),
        type=Place,
        options=tuple(map(_place_option, places)),
        extras=(Option(label=say("Another place"), reopens=("where",)),),
        given=",".join(place.label for place in places),
    )


def _place_option(place: Place) -> Option[Place]:
    near = say("near {town}", town=place.near) if place.near else None
    return Option(label=place.label, value=place, detail=near)


def days() -> Question[When]:
    """On which days a place is wanted: said in words or picked where centres and times are shown."""
    return Question(key="days", text="", type=When, is_aside=True)


def access() -> Question[bool]:
    """Whether a centre must be known to be free of steps: said or picked where centres are shown."""
    return Question(key="access", text="", type=bool, is_aside=True)


def which_centre(
    programme: str,
    position: Position | None,
    *,
    is_rough: bool = False,
    lead: timedelta = timedelta(0),
    terms: Terms = ANYBODY,
    on: When = ANY_DAY,
    step_free: bool = False,
    practitioner: PractitionerId | None = None,
) -> Question[CentreOffer]:
    """Ask which centre, nearest first; *is_rough*: *position* is the middle of a town, not where somebody stands.

    With *on*, only those with a place on such days; with *step_free*, only those without steps; with *practitioner*,
    only those where that one has a place.
    """
    is_limited = step_free or on != ANY_DAY
    text = _nearest_first() if position else say("Which centre suits you? These have free places.")
    return Question(
        key="centre",
        text=text,
        type=CentreOffer,
        source=CentresNear(
            programme=programme,
            position=position,
            lead_minutes=_minutes(lead),
            terms=terms,
            days=on if on != ANY_DAY else None,
            step_free=step_free,
            practitioner=practitioner,
        ),
        present=_roughly_far if is_rough else _centre_option,
        extras=(
            Option(label=say("Another place"), reopens=("where", "place")),
            _on_any_day() if on != ANY_DAY else Option(label=say("Only on Saturday"), answers=_on(SATURDAYS)),
            _with_steps() if step_free else Option(label=say("Only step-free"), answers=(("access", True),)),
        ),
        none=say("I am sorry: no centre has a free place for this at the moment."),
        limited=joined(text, only(on, step_free=step_free), between=" ") if is_limited else None,
        unlimited=_no_such_centre(on, step_free=step_free) if is_limited else None,
        reader=CentreReader(),
        help=(
            say(
                "Please send the number of a centre, or a postcode to look elsewhere. You can also write what it must"
                " have, for example: open on Saturday, step-free."
            ),
        ),
        given=f"{programme},{position}{',step-free' if step_free else ''}{_of(practitioner)}",
    )


def _of(practitioner: PractitionerId | None) -> str:
    return "" if practitioner is None else f",with {practitioner}"


def _on(when: When) -> tuple[tuple[str, Any], ...]:
    return (("days", dump_days(when)),)


def _on_any_day() -> Option[Any]:
    return Option(label=say("Any day"), answers=_on(ANY_DAY))


def _with_steps() -> Option[Any]:
    return Option(label=say("With or without steps"), answers=(("access", False),))


def _no_such_centre(on: When, *, step_free: bool) -> Writable:
    return say(
        "I am sorry: I know of no centre with a free place like that ({wish}). Which one suits you among all others?",
        wish=limits_in_words(on, step_free=step_free),
    )


def _nearest_first() -> Writable:
    return say("Which centre suits you? These have free places, the nearest first.")


def _minutes(lead: timedelta) -> int:
    return int(lead.total_seconds() // 60)


def _roughly_far(offer: CentreOffer) -> Option[CentreOffer]:
    return _centre_option(offer, is_rough=True)


def _centre_option(offer: CentreOffer, *, is_rough: bool = False) -> Option[CentreOffer]:
    far, in_miles = offer.distance_m, offer.centre.has_miles
    distance = Distance(metres=far, in_miles=in_miles, is_rough=is_rough) if far is not None else None
    return Option(
        label=offer.centre.name, value=offer, detail=joined(distance, offer.centre.town or None, between=", ")
    )


# ---- when


def slot_at(
    centre: Centre,
    programme: Programme,
    *,
    key: str = "slot",
    text: Writable | None = None,
    first: date | None = None,
    last: date | None = None,
    other_centre: tuple[str, ...] = ("centre", "slot"),
    but: SlotId | None = None,
    terms: Terms = ANYBODY,
    on: When = ANY_DAY,
    whom: Whom | None = None,
) -> Question[SlotFound]:
    """Ask when, at *centre*, on days in [*first*, *last*) where those are given; *but* is not offered.

    With *on*, only times on such days: who looked for a centre that is open then wants to come then, and the others
    are one reply away. Where the person wants to see *whom*, only times of theirs.
    """
    own = whom.practitioner if whom else None
    is_limited = on != ANY_DAY
    elsewhere: tuple[Option[SlotFound], ...] = (_on_any_day(),) if is_limited else ()
    if other_centre:
        elsewhere = (Option(label=say("Another centre"), reopens=other_centre), *elsewhere)
    if whom is not None and other_centre:
        elsewhere = (*elsewhere, Option(label=say("Somebody else"), reopens=(*KEYS, *other_centre)))
    source = FreeSlots(
        centre=centre.id,
        tz=centre.tz,
        programme=programme.key,
        lead_minutes=_minutes(programme.lead),
        first=first,
        last=last,
        but=but,
        terms=terms,
        practitioner=own.id if own else None,
    )
    default = say(
        "When suits you at {centre}? Choose, or write a day or time such as: tomorrow afternoon.",
        centre=centre.name,
    )
    return Question(
        key=key,
        text=text or default,
        type=SlotFound,
        source=source,
        present=_slot_option if own or whom is None else _slot_with_whom,
        extras=elsewhere,
        none=say("I am sorry: there is no free time at this centre."),
        narrow=Narrow(when=on) if is_limited else None,
        limited=joined(text or default, only(on, step_free=False), between=" ") if is_limited else None,
        unlimited=joined(_no_such_time(on), text or default, between=" ") if is_limited else None,
        reader=SlotReader(centre),
        help=(
            say("Please send the number of a time, or write a day, for example: Tuesday morning."),
            say("For later times, write: more."),
        ),
        given=f"{centre.id},{programme.key},{first},{last}{_of(own.id if own else None)}",
    )


def _no_such_time(on: When) -> Writable:
    return say("I am sorry: no place is free there then ({wish}).", wish=limits_in_words(on, step_free=False))


def _slot_option(slot: SlotFound) -> Option[SlotFound]:
    return Option(label=at_centre(slot.starts_at, slot.centre), value=slot)


def _slot_with_whom(slot: SlotFound) -> Option[SlotFound]:
    whom = slot.practitioner.name if slot.practitioner else None
    return Option(label=at_centre(slot.starts_at, slot.centre), value=slot, detail=whom)
