"""Rows of lists and feeds that are no centres: stock, schedules, slots, and the faults that the rows have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from domain.centre_rows import CentreRow, RefusedRow

EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRow:
    """What a centre, by its key, reported of one product on the day *as_of*.

    *supply_level* rises from 0 (none) to 4; None where nothing was reported. *min_age_months* is None where any age is
    not told.
    """

    centre: str
    ndc: str
    name: str
    in_stock: bool
    supply_level: int | None
    as_of: date
    min_age_months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How many *doses* of a *lot* of *product* a centre, by key or name, has on hand, told on a *line* of a list."""

    line: int
    centre: str
    product: str
    lot: str
    expires_on: date
    doses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A schedule of a feed (FHIR Schedule): at which centre, by its key, and for which services and products, by code.

    *centre* is None where the feed has not told of it before.
    """

    key: str
    centre: str | None
    services: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """A span that a feed offers or shows as taken (FHIR Slot), in UTC.

    *centre* is the key of one of the feed's centres; None where the feed has not told of it before, and then the span
    is as written, its offset unchecked.
    """

    schedule: str
    centre: str | None
    starts_at: datetime
    ends_at: datetime
    is_free: bool
    capacity: int
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What was wrong with *count* things of a file, and what became of them; the first *examples* of it."""

    count: int
    noun: str
    what: str
    examples: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say it."""
        return f"{self.count:,} {self.noun}{'' if self.count == 1 else 's'} {self.what}."


Row: TypeAlias = CentreRow | StockRow | CountRow | ScheduleRow | SlotRow | RefusedRow | Fault


@dataclass(slots=True)
class Tally:
    """Faults as they are met, counted by what they are."""

    _examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def note(self, noun: str, what: str, example: str) -> None:
        """Count one more *noun* that *what* (a verb in the past and what was done) is true of."""
        fault = noun, what
        self._counts[fault] = self._counts.get(fault, 0) + 1
        examples = self._examples.setdefault(fault, [])
        if len(examples) < EXAMPLES:
            examples.append(example)

    def faults(self) -> Iterator[Fault]:
        """Yield what was counted, in the order in which each was first met."""
        for (noun, what), count in self._counts.items():
            yield Fault(count=count, noun=noun, what=what, examples=tuple(self._examples[noun, what]))
