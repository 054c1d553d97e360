"""The questions that booking asks beside a programme's own, each in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dialogs.prompt import Want
from dialogs.questions import Hearing, Instead, Missed, Narrow, Option, Question, Reading, Took
from dialogs.readers.birth import read_birth, split_name_and_birth
from dialogs.readers.when import read_when
from dialogs.said import Kind, Said
from dialogs.text import Day, DayAndTime, Metres, Writable, joined, say
from domain.centres import Centre, CentreId, Position
from domain.commands import Caller, Place, SlotFound
from domain.patients import tidy_name
from domain.programmes import Programme
from domain.queries import CentreOffer, CentresNear, FreeSlots

# ---- who

ME, OTHER = "me", "other"


def consent(clinic: str) -> Question[str]:
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
        why=say("The law asks that you agree before a clinic keeps anything about your health."),
        help=(say("Choose yes to go on. If you choose no, nothing is kept and we stop here."),),
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
        given=",".join(str(one.id) for one in caller.household),
    )


@dataclass(frozen=True, slots=True)
class _NameReader:
    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        text = said.text
        if read_birth(text, language=hearing.language, today=hearing.today) is not None:
            return _only_birth(text, hearing)
        written, birth = split_name_and_birth(text, language=hearing.language, today=hearing.today)
        name = tidy_name(written)
        if name is None:
            return Missed(say("That does not look like a name."))
        return Took(name, (("birth", birth.isoformat()),) if birth else ())


def _only_birth(text: str, hearing: Hearing) -> Reading[str]:
    birth = read_birth(text, language=hearing.language, today=hearing.today)
    if birth is None:
        return Missed()
    return Instead((("birth", birth.isoformat()),), say("Thank you: born on {day}.", day=Day(birth)))


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
        reader=_NameReader(),
        why=say("The centre calls you by your name, and the date of birth tells you from others of that name."),
        help=(
            say("Please write first name and surname, for example: Ana Silva."),
            say("Only letters, please. I take it as you write it."),
        ),
        takes_anything=True,
        sample="Ana Silva",
    )


@dataclass(frozen=True, slots=True)
class _BirthReader:
    def read(self, said: Said, hearing: Hearing) -> Reading[date]:
        found = read_birth(said.text, language=hearing.language, today=hearing.today)
        if found is None:
            found = split_name_and_birth(said.text, language=hearing.language, today=hearing.today)[1]
        return Took(found) if found is not None else Missed(say("I could not read that as a date of birth."))


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
        reader=_BirthReader(),
        why=say("The age decides what may be given."),
        help=(
            say("Please write day, month and year, for example: 3 April 1950."),
            say("Numbers will do: 03 04 1950 means 3 April 1950."),
        ),
        sample=date(1980, 5, 4),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where it should be near: a place as typed, a shared position, or a centre known from before."""

    typed: str = ""
    position: Position | None = None
    centre: CentreId | None = None


@dataclass(frozen=True, slots=True)
class _WhereReader:
    def read(self, said: Said, hearing: Hearing) -> Reading[Where]:
        if said.kind == Kind.PIN and said.position is not None:
            return Took(Where(position=said.position))
        typed = " ".join(said.text.split())[:80]
        if sum(letter.isalnum() for letter in typed) < 2:
            return Missed()
        return Took(Where(typed=typed))


def where(last: Centre | None) -> Question[Where]:
    """Ask near what the centre should be."""
    options: tuple[Option[Where], ...] = ()
    if last is not None:
        label = say("{centre}, as last time", centre=last.name)
        options = (Option(label=label, value=Where(centre=last.id)),)
    return Question(
        key="where",
        text=say("Near which place should it be? Write your town or postcode."),
        type=Where,
        options=options,
        reader=_WhereReader(),
        wants=(Want.LOCATION,),
        why=say("To find the nearest centre that has a free place."),
        help=(
            say("Please write the name of a town, or a postcode."),
            say("If your town is not known here, write the next larger town."),
        ),
        takes_anything=True,
        is_private=True,
        sample=Where(position=Position(0.0, 0.0)),
    )


def which_place(places: tuple[Place, ...]) -> Question[Place]:
    """Ask which of several places of one name was meant."""
    return Question(
        key="place",
        text=say("There are several places of that name. Which one?"),
        type=Place,
        options=tuple(Option(label=place.label, value=place) for place in places),
        extras=(Option(label=say("Another place"), reopens=("where",)),),
        given=",".join(place.label for place in places),
    )


@dataclass(frozen=True, slots=True)
class _CentreReader:
    def read(self, said: Said, hearing: Hearing) -> Reading[CentreOffer]:
        if said.kind == Kind.PIN and said.position is not None:
            new = {"position": {"lat": said.position.lat, "lon": said.position.lon}}
            return Instead((("where", new),))
        compact = said.text.replace(" ", "")
        if len(compact) >= 4 and any(letter.isdigit() for letter in compact) and compact.isalnum():
            return Instead((("where", {"typed": said.text.strip()}),))
        return Missed()


def which_centre(programme: str, position: Position | None) -> Question[CentreOffer]:
    """Ask which centre, nearest first."""
    return Question(
        key="centre",
        text=say("Which centre suits you? These have free places, the nearest first."),
        type=CentreOffer,
        source=CentresNear(programme=programme, position=position),
        present=_centre_option,
        extras=(Option(label=say("Another place"), reopens=("where", "place")),),
        none=say("I am sorry: no centre has a free place for this at the moment."),
        reader=_CentreReader(),
        help=(say("Please send the number of a centre, or a postcode to look elsewhere."),),
        given=f"{programme},{position}",
    )


def _centre_option(offer: CentreOffer) -> Option[CentreOffer]:
    far = Metres(offer.distance_m) if offer.distance_m is not None else None
    return Option(label=offer.centre.name, value=offer, detail=joined(far, offer.centre.town or None, between=", "))


# ---- when


@dataclass(frozen=True, slots=True)
class _SlotReader:
    zone: ZoneInfo

    def read(self, said: Said, hearing: Hearing) -> Reading[SlotFound]:
        when = read_when(said.text, language=hearing.language, now=hearing.now.astimezone(self.zone))
        return Narrow(when=when) if when is not None else Missed()


def slot_at(
    centre: Centre,
    programme: Programme,
    *,
    key: str = "slot",
    text: Writable | None = None,
    first: date | None = None,
    last: date | None = None,
    other_centre: tuple[str, ...] = ("centre", "slot"),
) -> Question[SlotFound]:
    """Ask when, at *centre*, on days in [*first*, *last*) where those are given."""
    elsewhere: tuple[Option[SlotFound], ...] = ()
    if other_centre:
        elsewhere = (Option(label=say("Another centre"), reopens=other_centre),)
    source = FreeSlots(
        centre=centre.id,
        tz=centre.tz,
        programme=programme.key,
        lead_minutes=int(programme.lead.total_seconds() // 60),
        first=first,
        last=last,
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
        present=_slot_option,
        extras=elsewhere,
        none=say("I am sorry: there is no free time at this centre."),
        reader=_SlotReader(centre.zone),
        help=(
            say("Please send the number of a time, or write a day, for example: Tuesday morning."),
            say("You can also write: more, for later times."),
        ),
        given=f"{centre.id},{programme.key},{first},{last}",
    )


def _slot_option(slot: SlotFound) -> Option[SlotFound]:
    return Option(label=at_centre(slot.starts_at, slot.centre), value=slot)


def at_centre(moment: datetime, centre: Centre) -> DayAndTime:
    """Return *moment* to be written as the centre's wall clock shows it."""
    return DayAndTime(centre.local(moment))
