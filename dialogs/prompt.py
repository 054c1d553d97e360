"""What a dialog gives to a channel: messages in one language, without a word about how a channel shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.centres import Position


class Want(StrEnum):
    """What kind of answer would help, beside words."""

    LOCATION = "location"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be picked; *detail* helps to choose."""

    label: str
    detail: str = ""

    @property
    def full(self) -> str:
        return f"{self.label} ({self.detail})" if self.detail else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something said that wants no answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A message as it was agreed upon beforehand, by its *name*, and what is filled in, each in one line."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A question with what can be picked. *menu* numbers it within the conversation.

    *hints* say in words how to give what is wanted, *shares* name the means, for a channel that has them.
    From *free_until* on a channel may take the *template* only, not the words.
    """

    text: str
    menu: int
    choices: tuple[Choice, ...] = ()
    wants: tuple[Want, ...] = ()
    hints: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    language: str = "en"
    template: Template | None = None
    free_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Menu number *menu* is answered, by *label* where something was picked: it offers nothing any more."""

    menu: int
    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPin:
    """Where to go."""

    position: Position
    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An appointment to be put in a calendar, or taken out of it; *caption* says so in words.

    *sequence* is the version of the *appointment*, whose times are those of the zone *tz*.
    """

    reference: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    caption: str = ""
    appointment: int = 0
    tz: str = "UTC"
    is_moved: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table (CSV) as a file; *caption* says so in words.

    *report* names the figures, without anybody's name, so that a link can lead to them *until* a moment.
    """

    report: str
    file_name: str
    content: str
    until: datetime
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a day, 0 to 23: how many places are *booked*, and how many there are in all."""

    hour: int
    booked: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A day drawn by hour, booked against empty; nothing is lost where it cannot be shown. *caption* goes with it."""

    hours: tuple[Hour, ...]
    caption: str = ""


Message = Line | Prompt | Settled | MapPin | Visit | Sheet | Picture
