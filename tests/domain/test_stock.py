"""Doses that can be promised: found by spans as they would be by giving each promise a dose of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.appointments import Promise
from domain.priority import Reserve, Terms
from domain.stock import Claimed, NoDose, Span, Supply, Wish, choose, open_until, to_be_moved

MONDAY = date(2027, 3, 1)
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
Lots = Sequence[tuple[date, int]]
ANY = Terms(products=("a",))

days = st.integers(0, 9).map(lambda number: MONDAY + number * DAY)
lots = st.lists(st.tuples(days, st.integers(1, 3)), max_size=4)


def spans_of(lots: Lots, promised: Iterable[date]) -> tuple[Span, ...]:
    """Return the spans as the database writes them."""
    ends = sorted({day for day, _ in lots})
    promised = list(promised)
    return tuple(
        Span(
            after=after,
            until=until,
            spare=sum(doses for day, doses in lots if day > after) - sum(day > after for day in promised),
        )
        for after, until in zip([date.min, *ends], ends, strict=False)
    )


def can_keep(lots: Lots, promised: Iterable[date]) -> bool:
    """Give every promise a dose: the late ones first, each from the lot that lasts longest."""
    doses = sorted((day for day, count in lots for _ in range(count)), reverse=True)
    wanted = sorted(promised, reverse=True)
    return len(wanted) <= len(doses) and all(day <= good for day, good in zip(wanted, doses, strict=False))


def kept(lots: Lots, wanted: Iterable[date]) -> list[date]:
    """Return those of *wanted* that can be promised, one after another."""
    promised: list[date] = []
    for day in wanted:
        if can_keep(lots, [*promised, day]):
            promised.append(day)
    return promised


@given(lots, st.lists(days, max_size=6), days, st.integers(1, 3))
def test_spans_bear_what_can_be_kept_and_no_more(lots: Lots, before: list[date], day: date, doses: int) -> None:
    promised = kept(lots, before)
    supply = Supply(product="a", spans=spans_of(lots, promised))
    assert can_keep(lots, [*promised, *[day] * doses]) == supply.can_promise(day, doses)


@given(lots, st.lists(days, max_size=6), days)
def test_a_promise_and_its_return_are_seen_at_once(lots: Lots, before: list[date], day: date) -> None:
    promised = kept(lots, before)
    supply = Supply(product="a", spans=spans_of(lots, promised))
    assert supply == supply.without(day).with_back(day)
    if can_keep(lots, [*promised, day]):
        after = Supply(product="a", spans=spans_of(lots, [*promised, day]))
        for other in (MONDAY + number * DAY for number in range(11)):
            assert after.last_day(1) == supply.without(day).last_day(1), other


@given(st.dictionaries(st.sampled_from("ab"), lots), st.lists(days, min_size=1, max_size=3), st.booleans())
def test_what_is_chosen_can_be_kept_and_is_all_or_nothing(
    by_product: dict[str, Lots], wanted: list[date], same: bool
) -> None:
    supplies = {(1, name): Supply(product=name, spans=spans_of(lots, [])) for name, lots in by_product.items()}
    terms = Terms(products=("a", "b"), same_product=same, doses=len(wanted))
    chosen = choose([Wish(place=1, day=day) for day in wanted], terms, supplies)
    if isinstance(chosen, NoDose):
        assert not can_keep(by_product.get("a", ()), wanted), "all of one product would do"
        assert 0 <= chosen.number < len(wanted)
        return
    assert wanted == [promise.day for promise in chosen]
    for product in ("a", "b"):
        assert can_keep(by_product.get(product, ()), [one.day for one in chosen if one.product == product])
    assert not same or 1 == len({promise.product for promise in chosen})


def supply(doses: int, *, low: int | None = None, until: date = MONDAY + 9 * DAY, **kept: int) -> Supply:
    return Supply(
        product="a",
        spans=(Span(after=date.min, until=until, spare=doses),),
        low=low,
        kept=tuple(kept.items()),
    )


def promised(supply: Supply, *groups: str, released: bool = False, low_stock: int = 0) -> Promise | None:
    terms = replace(ANY, groups=groups, reserve=Reserve(low_stock=low_stock))
    chosen = choose([Wish(place=1, day=MONDAY, is_released=released)], terms, {(1, "a"): supply})
    return None if isinstance(chosen, NoDose) else chosen[0]


def test_low_stock_is_for_priority_groups_until_it_is_released() -> None:
    assert promised(supply(4), low_stock=3)
    assert promised(supply(3), low_stock=3) is None
    assert promised(supply(3), "health", low_stock=3)
    assert promised(supply(3), low_stock=3, released=True)
    assert promised(supply(3, low=2), low_stock=3), "the centre calls fewer doses low than the programme"
    assert promised(supply(4, low=9), low_stock=3) is None


def test_what_is_allocated_to_a_group_is_had_by_that_group_alone() -> None:
    five = supply(5, health=3, schools=1)
    assert promised(five) == Promise("a", MONDAY, None)
    assert promised(five, "health") == Promise("a", MONDAY, "health")
    left = supply(4, health=3, schools=1)
    assert promised(left) is None
    assert promised(left, "pregnancy") is None
    assert promised(left, "schools") == Promise("a", MONDAY, "schools")
    assert promised(supply(1, health=0, schools=1), "health") is None
    assert promised(supply(2, health=0), "health", "pregnancy") == Promise("a", MONDAY, "health")


def test_who_is_of_a_group_without_an_allocation_is_known_as_one_of_it() -> None:
    assert promised(supply(5), "pregnancy") == Promise("a", MONDAY, "pregnancy")


def test_stock_that_is_said_to_be_there_is_not_counted() -> None:
    assert promised(Supply(product="a", reported=True))
    assert promised(Supply(product="a", reported=False)) is None
    assert promised(Supply(product="a")) is None


LONDON = ZoneInfo("Europe/London")


def test_a_centre_is_open_as_long_as_its_doses_are_good_and_no_longer_than_others_leave_them() -> None:
    def until(*supplies: Supply, low_stock: int = 0, doses: int = 1) -> datetime | None:
        terms = replace(ANY, doses=doses, reserve=Reserve(low_stock=low_stock, release=timedelta(hours=48)))
        return open_until(supplies, terms, LONDON, NOON)

    end = datetime(2027, 3, 11, tzinfo=LONDON)
    assert until() is None
    assert until(supply(0)) is None
    assert end == until(supply(1))
    assert end == until(supply(1, until=MONDAY), supply(1))
    assert until(supply(1), doses=2) is None
    assert NOON + timedelta(hours=48, microseconds=1) == until(supply(1), low_stock=1)
    assert datetime(2027, 3, 2, tzinfo=LONDON) == until(supply(1, until=MONDAY), low_stock=1)
    assert end == until(supply(2), low_stock=1)
    assert until(Supply(product="a", reported=True)) == datetime(9999, 1, 1, tzinfo=UTC)


@given(lots, st.lists(st.tuples(days, st.booleans()), max_size=8))
def test_the_fewest_are_moved_and_then_all_others_are_kept(lots: Lots, claims: list[tuple[date, bool]]) -> None:
    claimed = [
        Claimed(str(number), day, has_priority, NOON + number * DAY)
        for number, (day, has_priority) in enumerate(claims)
    ]
    moved = to_be_moved(lots, claimed, MONDAY)
    left = [one.day for one in claimed if one not in moved]
    assert can_keep(lots, left)
    ends = (sum(day > after for day, _ in claims) - sum(n for day, n in lots if day > after) for after in
            (date.min, *(day for day, _ in lots)))  # fmt: skip
    assert len(moved) == max(0, *ends)


def test_those_who_booked_last_are_moved_first_and_people_of_a_group_last() -> None:
    claimed = [
        Claimed(reference, MONDAY + DAY, reference == "NURSE", NOON + number * DAY)
        for number, reference in enumerate(("FIRST", "SECOND", "THIRD", "NURSE"))
    ]
    names = [one.reference for one in to_be_moved([(MONDAY + DAY, 1)], claimed, MONDAY)]
    assert ["THIRD", "SECOND", "FIRST"] == names
    assert [] == to_be_moved([(MONDAY + DAY, 1)], claimed, MONDAY + 2 * DAY), "their day is over"
