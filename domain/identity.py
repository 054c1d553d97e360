"""What may be asked about whose a contact is: codes that link two contacts, and proof that a number is still theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.commands import Command

# ---- results that several commands have


@dataclass(frozen=True, slots=True)
class Locked:
    """Too much was guessed from this contact; nothing more is looked at until *until*."""

    until: datetime


@dataclass(frozen=True, slots=True)
class WrongYear:
    """Nobody on record was born in that year; *left* more can be tried."""

    left: int


@dataclass(frozen=True, slots=True)
class CodeOver:
    """There is no such code any more: it was used, is too old, or was guessed at too often."""


@dataclass(frozen=True, slots=True)
class OwnContact:
    """That is the very contact that is written from."""


@dataclass(frozen=True, slots=True)
class AlreadyOne:
    """The two contacts are one person's already."""


# ---- linking


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """To which channels this contact can be linked; on those of *same_number* it may have the number it has here.

    Those that *write_first* cannot be written to before they did.
    """

    others: tuple[str, ...]
    write_first: tuple[str, ...] = ()
    same_number: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaysToLink(Command[Ways]):
    """To which other channels can this contact be linked?"""

    results: ClassVar = (Ways,)


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code is on its way to *number*, unless that wants no messages or was sent too many: nobody here is told."""

    number: str


@dataclass(frozen=True, slots=True)
class NoNumber:
    """That is no telephone number."""


@dataclass(frozen=True, slots=True)
class TooManyCodes:
    """This contact has had as many codes today as there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCode(Command[CodeSent | NoNumber | OwnContact | AlreadyOne | TooManyCodes]):
    """Send a code to *number*, as somebody wrote it, on the channel *to*; without one, to the number written from."""

    to: str
    number: str
    results: ClassVar = (CodeSent, NoNumber, OwnContact, AlreadyOne, TooManyCodes)


@dataclass(frozen=True, slots=True)
class CodeShown:
    """A code is shown here, to be typed in another chat."""


@dataclass(frozen=True, slots=True)
class ShowCode(Command[CodeShown | TooManyCodes]):
    """Show a code that links the contact from which it is typed."""

    results: ClassVar = (CodeShown, TooManyCodes)


@dataclass(frozen=True, slots=True)
class CodeRight:
    """The code is right. *needs_year*: somebody is on record with the other contact.

    *shown_to* is how the other number ends, where people on record here would be seen from there.
    """

    needs_year: bool
    shown_to: str = ""


@dataclass(frozen=True, slots=True)
class CodeWrong:
    """That is not the code."""


@dataclass(frozen=True, slots=True)
class CheckCode(Command[CodeRight | CodeWrong | CodeOver | OwnContact | AlreadyOne | Locked]):
    """Is this the code? A wrong one counts."""

    code: str
    results: ClassVar = (CodeRight, CodeWrong, CodeOver, OwnContact, AlreadyOne, Locked)


@dataclass(frozen=True, slots=True)
class Linked:
    """The two contacts are one person's: they lead to one conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkContacts(Command[Linked | WrongYear | CodeOver | Locked]):
    """Link this contact and the one that *code* is of; *year* is when one of those on record there was born."""

    code: str
    year: int | None
    results: ClassVar = (Linked, WrongYear, CodeOver, Locked)


# ---- whose the number is


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Whether somebody is on record with this contact, and until when nothing more is looked at, if so.

    *can_change_hands*: it is a number, which others may have after a while.
    """

    anybody: bool
    locked_until: datetime | None = None
    can_change_hands: bool = True


@dataclass(frozen=True, slots=True)
class WhoIsOnRecord(Command[OnRecord]):
    """Is somebody on record with this contact?"""

    results: ClassVar = (OnRecord,)


@dataclass(frozen=True, slots=True)
class Proven:
    """The contact is still theirs."""


@dataclass(frozen=True, slots=True)
class ProveYear(Command[Proven | WrongYear | Locked]):
    """Was one of those on record with this contact born in *year*? A wrong one counts."""

    year: int
    results: ClassVar = (Proven, WrongYear, Locked)


@dataclass(frozen=True, slots=True)
class StartedAfresh:
    """Nobody is on record with this contact any more; who was cannot be reached by it."""


@dataclass(frozen=True, slots=True)
class StartAfresh(Command[StartedAfresh]):
    """Somebody else has this contact now."""

    results: ClassVar = (StartedAfresh,)
