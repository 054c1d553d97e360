"""What may be asked about e-mail: which address, a code to it, the code typed in, and no e-mail any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.commands import Command


@dataclass(frozen=True, slots=True)
class EmailFound:
    """Copies go to *address*, if there is one."""

    address: str | None


@dataclass(frozen=True, slots=True)
class FindEmail(Command[EmailFound]):
    """Which e-mail address has the person shown to be theirs?"""

    results: ClassVar = (EmailFound,)


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code is on its way."""


@dataclass(frozen=True, slots=True)
class TooManyCodes:
    """As many have been sent as may be in a day."""


@dataclass(frozen=True, slots=True)
class SendCode(Command[CodeSent | TooManyCodes]):
    """Send a code to *address*, and nothing else; one that was sent before does not count any more."""

    address: str
    results: ClassVar = (CodeSent, TooManyCodes)


@dataclass(frozen=True, slots=True)
class EmailConfirmed:
    """The address is the person's: copies go there, those of what is booked already too."""


@dataclass(frozen=True, slots=True)
class WrongCode:
    """It is another one."""


@dataclass(frozen=True, slots=True)
class CodeGone:
    """The code is too old, or was missed too often, or there is none."""


@dataclass(frozen=True, slots=True)
class ConfirmEmail(Command[EmailConfirmed | WrongCode | CodeGone]):
    """Is *code* the one that was sent to *address*?"""

    address: str
    code: str
    results: ClassVar = (EmailConfirmed, WrongCode, CodeGone)


@dataclass(frozen=True, slots=True)
class EmailForgotten:
    """No address is kept, and nothing goes anywhere any more."""


@dataclass(frozen=True, slots=True)
class ForgetEmail(Command[EmailForgotten]):
    """Send no e-mail any more, what is queued included."""

    results: ClassVar = (EmailForgotten,)


EmailCommand = FindEmail | SendCode | ConfirmEmail | ForgetEmail
