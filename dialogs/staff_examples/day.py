"""Examples about a centre's day and its digests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.staff_examples.common import HERE, NOW, VISIT
from domain.staff import commands, day_commands, digest_commands
from domain.staff.digest_plan import EVERY_DAY, WORKING_DAYS

TODAY = NOW.date()
LOT = day_commands.LotLeft(product="flu", number="AB12", expires_on=TODAY, doses=3)
HOUR = day_commands.Hour(starts_at=NOW, booked=4, confirmed=1, silent=1, unreachable=1, empty=2)
DOSES = day_commands.Doses(product="flu", good=3, promised=4)
DAY = day_commands.DaySummary(
    centre=HERE,
    day=TODAY,
    hours=(HOUR, replace(HOUR, starts_at=NOW + timedelta(hours=1), arrived=1)),
    doses=(DOSES,),
    lots=(LOT, replace(LOT, expires_on=TODAY - timedelta(days=1)), LOT),
    tasks=2,
    oldest_task=NOW,
)
CALL = day_commands.Call(visit=VISIT, number="+15550001", reminded=True)


def _calls() -> Iterator[object]:
    yield day_commands.Calls((CALL, replace(CALL, number=None, reminded=False)), has_more=True)
    yield day_commands.Calls((CALL,))
    yield day_commands.Calls(())
    yield commands.NotAllowed()


def _confirmed() -> Iterator[object]:
    yield commands.Marked(VISIT)
    yield commands.Marked(VISIT, again=True)
    yield from (commands.CannotMark(VISIT), commands.NoVisit(), commands.NotAllowed())


def _doses() -> Iterator[object]:
    yield day_commands.DosesFound((DOSES,), (LOT,), ("ABC234", "ABC235"))
    yield day_commands.DosesFound((DOSES,), ())
    yield day_commands.DosesFound((), ())
    yield commands.NotAllowed()


def _planned() -> Iterator[object]:
    plan = digest_commands.DigestPlanned(at="07:00", weekdays=EVERY_DAY, is_wanted=True, may_plan=True)
    yield plan
    yield replace(plan, weekdays=WORKING_DAYS, is_wanted=False, may_plan=False)
    yield replace(plan, weekdays=(0, 5))
    yield replace(plan, weekdays=())


RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    day_commands.ShowDay: lambda _: (DAY, commands.NotAllowed()),
    day_commands.ShowCalls: lambda _: tuple(_calls()),
    day_commands.ConfirmVisit: lambda _: tuple(_confirmed()),
    day_commands.ShowDoses: lambda _: tuple(_doses()),
    digest_commands.ShowDigest: lambda _: (*_planned(), commands.NotAllowed()),
    digest_commands.PlanDigest: lambda _: (*_planned(), digest_commands.NoPlan(), commands.NotAllowed()),
    digest_commands.WantDigest: lambda _: (
        digest_commands.DigestWanted(True),
        digest_commands.DigestWanted(False),
        commands.NotAllowed(),
    ),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "day": ({}, {"day": "tomorrow"}, {"centre": "1", "day": "no day at all"}),
    "day-calls": ({}, {"centre": "1", "day": "2027-03-01", "page": "1"}),
    "confirm": ({"visit": "1"},),
    "digest": ({}, {"wish": "on"}, {"wish": "off"}, {"at": "07:30"}, {"days": "01234"}),
}
