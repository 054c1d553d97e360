"""How free words and shared places are read as answers to the questions of booking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import TypeAdapter

from dialogs.questions import Hearing, Instead, Missed, Narrow, Reading, Took
from dialogs.readers import people
from dialogs.readers.birth import Written, read_birth, read_written, read_year, split_name_and_date
from dialogs.readers.constraint import When
from dialogs.readers.fold import fold
from dialogs.readers.limits import ANY_DAY, Limits, read_limits
from dialogs.readers.names import is_surely_name, read_name
from dialogs.readers.places import is_anywhere, is_elsewhere, is_postcode, read_place
from dialogs.readers.positions import position
from dialogs.readers.when import read_when
from dialogs.said import Kind, Said
from dialogs.text import Day, NoDay, Text, say
from domain.centres import Centre, CentreId, Position
from domain.commands import SlotFound
from domain.queries import CentreOffer

ME, OTHER = "me", "other"
_DAYS = TypeAdapter(When)


@dataclass(frozen=True, slots=True)
class WhomReader:
    """Reads for whom it is: oneself, or another; *household* are people of whom a relative may be one."""

    household: bool = False

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        if people.refuses(said.text):
            return Missed()
        if people.is_oneself(said.text):
            return Took(ME)
        if people.is_somebody_else(said.text) or (people.is_relative(said.text) and not self.household):
            return Took(OTHER)
        return Missed()


@dataclass(frozen=True, slots=True)
class NameReader:
    """Reads a name, with a date of birth behind it if there is one."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        name, born = _name_and_birth(said.text, hearing)
        birth = _birth(born, hearing)
        if birth is not None and not name:
            return Instead((("birth", birth.isoformat()),), _born_on(birth))
        read = read_name(name)
        if read is None:
            return _no_birth(born, hearing) if born and not name else Missed(say("That does not look like a name."))
        if birth is None:
            return Took(read, note=_no_birth(born, hearing).hint if born else None)
        return Took(read, (("birth", birth.isoformat()),), _guessed(born, hearing, birth))


@dataclass(frozen=True, slots=True)
class BirthReader:
    """Reads a date of birth, and a name with it if there is one."""

    def read(self, said: Said, hearing: Hearing) -> Reading[date]:
        name, born = _name_and_birth(said.text, hearing)
        birth = _birth(born, hearing)
        if birth is None:
            return _no_birth(born, hearing)
        read = read_name(name)
        others = (("name", read),) if read is not None and is_surely_name(read) else ()
        return Took(birth, others, _guessed(born, hearing, birth))


def _name_and_birth(text: str, hearing: Hearing) -> tuple[str, str]:
    """Return what is written as a name and what as a date of birth, each of them empty where nothing is."""
    if read_written(text, language=hearing.language, today=hearing.today) is not None:
        return "", text
    return split_name_and_date(text, language=hearing.language, today=hearing.today)


def _written(born: str, hearing: Hearing) -> Written | None:
    return read_written(born, language=hearing.language, today=hearing.today) if born else None


def _birth(born: str, hearing: Hearing) -> date | None:
    return read_birth(born, language=hearing.language, today=hearing.today) if born else None


def _born_on(birth: date) -> Text:
    return say("Thank you: born on {day}.", day=Day(birth))


def _guessed(born: str, hearing: Hearing, birth: date) -> Text | None:
    """Say a date back whose day and month may have been meant the other way round."""
    written = _written(born, hearing)
    return _born_on(birth) if written is not None and written.is_guessed else None


def _no_birth(born: str, hearing: Hearing) -> Missed:
    """Say what is wrong with a date, as closely as can be told."""
    written = _written(born, hearing)
    if written is not None and written.is_no_day(hearing.today):
        day = NoDay(written.full_year(hearing.today), written.month, written.day)
        return Missed(say("There is no {day}.", day=day))
    if written is not None and written.is_to_come(hearing.today):
        return Missed(say("That is in the future."))
    if read_year(born, today=hearing.today) is not None:
        return Missed(say("I need the day and the month too."))
    return Missed(say("I could not read that as a date of birth."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where it should be: near a place as typed or shared, at a centre known from before, or anywhere."""

    typed: str = ""
    position: Position | None = None
    centre: CentreId | None = None
    anywhere: bool = False


def dump_where(answer: Where) -> Any:
    """Return *answer* as the ledger keeps it."""
    return TypeAdapter(Where).dump_python(answer, mode="json")


@dataclass(frozen=True, slots=True)
class WhereReader:
    """Reads a place: shared, or any words that may name one."""

    def read(self, said: Said, hearing: Hearing) -> Reading[Where]:
        if said.kind == Kind.PIN and said.position is not None:
            return Took(Where(position=said.position))
        if is_elsewhere(said.text):
            return Missed(say("All right, another place."))
        if is_anywhere(said.text):
            return Took(Where(anywhere=True))
        typed = read_place(said.text, language=hearing.language)
        return Took(Where(typed=typed)) if typed is not None else Missed()


@dataclass(frozen=True, slots=True)
class CentreReader:
    """Reads what is not a centre: another place to look near, shared or a postcode, or what the centre must have.

    Days are those at the centres that are shown.
    """

    def read(self, said: Said, hearing: Hearing) -> Reading[CentreOffer]:
        if said.kind == Kind.PIN and said.position is not None:
            new = {"position": {"lat": said.position.lat, "lon": said.position.lon}}
            return Instead((("where", new),))
        if is_postcode(said.text):
            return Instead((("where", {"typed": said.text.strip()}),))
        place = position(fold(said.text).split(), hearing.language)
        if place is not None and place.number <= len(hearing.shown):
            return Missed()
        offers = [value["centre"] for value in hearing.shown if isinstance(value, dict) and "centre" in value]
        if any(f" {fold(said.text)} " in f" {fold(centre['name'])} " for centre in offers):
            return Missed()  # a centre may be called after a day: Salle du 8 Mai
        zone = ZoneInfo(offers[0]["tz"]) if offers else UTC
        limits = read_limits(said.text, language=hearing.language, now=hearing.now.astimezone(zone))
        return Instead(_limiting(limits)) if limits is not None else Missed()


def _limiting(limits: Limits) -> tuple[tuple[str, Any], ...]:
    """Return *limits* as answers."""
    days = (("days", dump_days(limits.days)),) if limits.days is not None else ()
    return (*days, ("access", limits.step_free)) if limits.step_free is not None else days


def dump_days(days: When) -> Any:
    """Return *days* as the ledger keeps them."""
    return _DAYS.dump_python(days, mode="json")


@dataclass(frozen=True, slots=True)
class SlotReader:
    """Reads days and times as a wish by which the offer is made smaller; wall times are those of *centre*.

    Who wants no steps is told whether the centre has some, and shown others unless it has none.
    """

    centre: Centre

    def read(self, said: Said, hearing: Hearing) -> Reading[SlotFound]:
        now = hearing.now.astimezone(self.centre.zone)
        when = read_when(said.text, language=hearing.language, now=now)
        if when is not None and not when.soonest:
            return Narrow(when=when)
        limits = read_limits(said.text, language=hearing.language, now=now)
        if limits is None:
            return Narrow(when=when) if when is not None else Missed()
        if limits.step_free:
            return self._without_steps(limits)
        if limits.days is None or limits.days == ANY_DAY:
            return Instead(_limiting(limits))
        return Narrow(when=limits.days)

    def _without_steps(self, limits: Limits) -> Instead:
        name = self.centre.name
        if self.centre.step_free:
            return Instead(
                _limiting(replace(limits, step_free=None)), say("{centre} has step-free access.", centre=name)
            )
        if self.centre.step_free is None:
            told = say("I do not know whether {centre} has step-free access.", centre=name)
        else:
            told = say("{centre} has no step-free access.", centre=name)
        return Instead(_limiting(limits), told)


@dataclass(frozen=True, slots=True)
class NumberReader:
    """Reads a telephone number with its country code, one's own when it is shared, as E.164."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        if said.kind == Kind.CONTACT and not said.text:
            return Missed(say("That is somebody else's number. Please share your own."))
        written = said.text if said.kind != Kind.CONTACT or said.text.startswith("+") else f"+{said.text}"
        try:
            number = phonenumbers.parse(written[:40], None)
        except phonenumbers.NumberParseException:
            return Missed()
        if not phonenumbers.is_possible_number(number):
            return Missed()
        return Took(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
