"""How free words and shared places are read as answers to the questions of booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import phonenumbers

from dialogs.questions import Hearing, Instead, Missed, Narrow, Reading, Took
from dialogs.readers import people
from dialogs.readers.birth import read_birth, split_name_and_birth
from dialogs.readers.places import is_anywhere, is_elsewhere, is_postcode, read_place
from dialogs.readers.when import read_when
from dialogs.said import Kind, Said
from dialogs.text import Day, say
from domain.centres import CentreId, Position
from domain.commands import SlotFound
from domain.patients import tidy_name
from domain.queries import CentreOffer

ME, OTHER = "me", "other"


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


@dataclass(frozen=True, slots=True)
class BirthReader:
    """Reads a date of birth, after a name or alone."""

    def read(self, said: Said, hearing: Hearing) -> Reading[date]:
        found = read_birth(said.text, language=hearing.language, today=hearing.today)
        if found is None:
            found = split_name_and_birth(said.text, language=hearing.language, today=hearing.today)[1]
        return Took(found) if found is not None else Missed(say("I could not read that as a date of birth."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where it should be: near a place as typed or shared, at a centre known from before, or anywhere."""

    typed: str = ""
    position: Position | None = None
    centre: CentreId | None = None
    anywhere: bool = False


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
    """Reads what is not a centre but another place to look near: a shared one, or a postcode."""

    def read(self, said: Said, hearing: Hearing) -> Reading[CentreOffer]:
        if said.kind == Kind.PIN and said.position is not None:
            new = {"position": {"lat": said.position.lat, "lon": said.position.lon}}
            return Instead((("where", new),))
        if is_postcode(said.text):
            return Instead((("where", {"typed": said.text.strip()}),))
        return Missed()


@dataclass(frozen=True, slots=True)
class SlotReader:
    """Reads days and times as a wish by which the offer is made smaller; wall times are those of *zone*."""

    zone: ZoneInfo

    def read(self, said: Said, hearing: Hearing) -> Reading[SlotFound]:
        when = read_when(said.text, language=hearing.language, now=hearing.now.astimezone(self.zone))
        return Narrow(when=when) if when is not None else Missed()


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
