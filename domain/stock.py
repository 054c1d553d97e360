"""Stock: doses of a product that a centre can still promise, and for whom.

A promise is for a day. It can be kept when, for that day and every day before it, all doses promised from then on can
come from lots that are still good then: an early promise takes the lot that expires first. So what is spare falls only
where a lot expires, and `Span`s tell it all. The database keeps them and refuses what they do not bear (I5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.appointments import Promise
from domain.priority import Terms

_FOR_EVER = date(9999, 1, 1)
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days after *after*, up to *until*, when the next lot expires; *spare* doses are left on the first of them.

    That is: what is in lots that are good after *after*, less all that is promised for days after it.
    """

    after: date
    until: date
    spare: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What a centre has of *product*: its *spans* by day, what is kept for each group, what it calls *low* stock.

    *reported* stands where the centre does not count doses but is told to have some, or none.
    """

    product: str
    spans: tuple[Span, ...] = ()
    kept: tuple[tuple[str, int], ...] = ()
    low: int | None = None
    reported: bool | None = None

    def last_day(self, doses: int) -> date | None:
        """Return the last day for which so many *doses* could be promised; None where there is no such day."""
        if self.reported is not None:
            return date.max if self.reported else None
        last = None
        for span in self.spans:
            if span.spare < doses:
                break
            last = span.until
        return last

    def can_promise(self, day: date, doses: int) -> bool:
        """Say whether so many *doses* could be promised for *day*."""
        last = self.last_day(doses)
        return last is not None and day <= last

    def kept_from(self, terms: Terms, *, is_released: bool) -> int:
        """Return how many doses somebody on *terms* must leave to others: other groups' own, and where stock is low."""
        own = max((doses for group, doses in self.kept if group in terms.groups), default=0)
        allocated = sum(doses for _, doses in self.kept) - own
        is_open = terms.has_priority or is_released
        return allocated + (0 if is_open else self.low if self.low is not None else terms.reserve.low_stock)

    def group_for(self, terms: Terms) -> str | None:
        """Return on which group's account somebody on *terms* is promised a dose."""
        most = max(((doses, group) for group, doses in self.kept if group in terms.groups), default=(0, None))
        return most[1] or next(iter(terms.groups), None)

    def without(self, day: date, group: str | None = None) -> Supply:
        """Return what is left once a dose is promised for *day*."""
        return self._after(day, group, -1)

    def with_back(self, day: date, group: str | None = None) -> Supply:
        """Return what there is once a dose that was promised for *day* is given back."""
        return self._after(day, group, 1)

    def _after(self, day: date, group: str | None, doses: int) -> Supply:
        spans = (replace(span, spare=span.spare + doses) if span.after < day else span for span in self.spans)
        kept = ((name, max(0, left + doses) if name == group else left) for name, left in self.kept)
        return replace(self, spans=tuple(spans), kept=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A dose wanted at *place* on *day*; *is_released*: what is kept there for groups is open to all by now."""

    place: int
    day: date
    is_released: bool = False


@dataclass(frozen=True, slots=True)
class NoDose:
    """Of the wishes, the one with this *number* cannot be had."""

    number: int


def choose(
    wishes: Sequence[Wish], terms: Terms, supplies: Mapping[tuple[int, str], Supply]
) -> tuple[Promise, ...] | NoDose:
    """Choose the product of each dose, the first that the programme names where it can be had; all or none.

    *supplies* are by place and product. All are of one product where *terms* say so.
    """
    if not terms.same_product:
        return _choose(wishes, terms, supplies, terms.products)
    furthest = -1
    for product in terms.products:
        match _choose(wishes, terms, supplies, (product,)):
            case NoDose(number):
                furthest = max(furthest, number)
            case promises:
                return promises
    return NoDose(max(furthest, 0))


def _choose(
    wishes: Sequence[Wish], terms: Terms, supplies: Mapping[tuple[int, str], Supply], products: Sequence[str]
) -> tuple[Promise, ...] | NoDose:
    left = dict(supplies)
    promises: list[Promise] = []
    for number, wish in enumerate(wishes):
        for product in products:
            supply = left.get((wish.place, product))
            if supply is None:
                continue
            if supply.can_promise(wish.day, 1 + supply.kept_from(terms, is_released=wish.is_released)):
                group = supply.group_for(terms)
                promises.append(Promise(product, wish.day, group))
                left[wish.place, product] = supply.without(wish.day, group)
                break
        else:
            return NoDose(number)
    return tuple(promises)


def open_until(supplies: Iterable[Supply], terms: Terms, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return until when a centre with *supplies* has doses for slots of somebody on *terms*; None where it has none.

    Whatever is kept for groups is open to all once *now* is as near to a slot as the programme releases it.
    """
    ends: list[datetime] = []
    for supply in supplies:
        kept = supply.last_day(terms.doses + supply.kept_from(terms, is_released=False))
        released = supply.last_day(terms.doses + supply.kept_from(terms, is_released=True))
        if kept is not None:
            ends.append(_end_of(kept, zone))
        if released is not None:
            ends.append(min(_end_of(released, zone), now + terms.reserve.release + timedelta.resolution))
    return max(ends, default=None)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    if day >= _FOR_EVER:
        return END_OF_TIME
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A promise as an appointment has it: its *reference*, for which *day*, to whom, and when it was made."""

    reference: str
    day: date
    has_priority: bool
    made_at: datetime


def to_be_moved(lots: Iterable[tuple[date, int]], claims: Sequence[Claimed], today: date) -> list[Claimed]:
    """Return the fewest of *claims* that must go so that *lots* (last good day, doses) suffice for the others.

    Those who booked last come first, and people of a priority group after all others; nobody is moved whose day is
    over.
    """
    lots = list(lots)
    last_in = sorted(claims, key=lambda one: one.made_at, reverse=True)
    willing = sorted(last_in, key=lambda one: one.has_priority)
    moved: list[Claimed] = []
    for after in sorted({date.min, *(day for day, _ in lots)}, reverse=True):
        doses = sum(count for day, count in lots if day > after)
        gone = {one.reference for one in moved}
        kept = [one for one in willing if one.day > after and one.reference not in gone]
        moved += [one for one in kept if one.day >= today][: max(0, len(kept) - doses)]
    return moved
