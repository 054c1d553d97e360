"""What a patient may ask on arrival: that the team knows that they are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.centres import CentreId
from domain.commands import Claim, Command


@dataclass(frozen=True, slots=True)
class Arrived:
    """The team knows that the people of these visits are here; *again*: it knew before."""

    claims: tuple[Claim, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotYet:
    """The next visit is later, or elsewhere."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class NoVisitNow:
    """The caller's people have no visit to come."""


@dataclass(frozen=True, slots=True)
class SayArrived(Command[Arrived | NotYet | NoVisitNow]):
    """Let the team know that the caller's people are here, at *centre* where a poster names it."""

    centre: CentreId | None = None
    results: ClassVar = (Arrived, NotYet, NoVisitNow)
