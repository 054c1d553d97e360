"""Digests: wanted or not by who writes, and when those of a centre come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.script import End, Goto, Offer, do
from dialogs.scripts.staff.common import NOT_ALLOWED, workplace
from dialogs.text import Text, Weekdays, Writable, joined, say
from domain.staff.commands import NotAllowed, Workplace
from domain.staff.digest_commands import (
    DigestPlanned,
    DigestWanted,
    NoPlan,
    PlanDigest,
    ShowDigest,
    WantDigest,
)
from domain.staff.digest_plan import EVERY_DAY, WORKING_DAYS
from domain.staff.rights import Right

_PRIVATELY = say("Please do that in our own chat: it is about what comes to you there.")
_HOW = say("To change when it comes, write, for example: digest at 7:30, digest on weekdays, digest every day.")
_ON = Offer(label=say("Digest on"), goto=Goto(script="digest", args=(("wish", "on"),)))
_OFF = Offer(label=say("Digest off"), goto=Goto(script="digest", args=(("wish", "off"),)))


async def digest(desk: Desk, args: Mapping[str, str]) -> End:
    """Show when digests come; with a wish, or a time or days in *args*, change it."""
    if "wish" in args:
        return await _wanted(desk, is_wanted=args["wish"] == "on")
    changes = "at" in args or "days" in args
    place = await workplace(args, Right.DIGEST if changes else Right.SEE_DAY)
    if isinstance(place, End):
        return place
    if changes:
        days = tuple(map(int, args["days"])) if "days" in args else None
        return _told(desk, place, await do("planned", PlanDigest(centre=place.id, at=args.get("at"), weekdays=days)))
    return _told(desk, place, await do("plan", ShowDigest(place.id)))


async def _wanted(desk: Desk, *, is_wanted: bool) -> End:
    if desk.staff is not None and desk.staff.is_in_group:
        return End(text=_PRIVATELY)
    match await do("wanted", WantDigest(is_wanted)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case DigestWanted(True):
            return End(text=say("All right, the digest comes to you."), offers=(_OFF,))
        case DigestWanted():
            return End(text=say("All right, no digest comes to you any more."), offers=(_ON,))
        case never:
            assert_never(never)


def _told(desk: Desk, place: Workplace, found: DigestPlanned | NoPlan | NotAllowed) -> End:
    match found:
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case NoPlan():
            return End(text=joined(say("I cannot tell when that is."), _HOW, between=" "))
        case DigestPlanned():
            in_group = desk.staff is not None and desk.staff.is_in_group
            mine = say("It comes to you.") if found.is_wanted else say("It does not come to you.")
            return End(
                text=joined(
                    _when(place, found), None if in_group else mine, _HOW if found.may_plan else None, between=" "
                ),
                offers=() if in_group else ((_OFF,) if found.is_wanted else (_ON,)),
            )
        case never:
            assert_never(never)


def _when(place: Workplace, found: DigestPlanned) -> Text:
    if not found.weekdays:
        return say("{centre}: no digest is sent.", centre=place.name)
    return say(
        "{centre}: the digest comes at {time}, {days}.", centre=place.name, time=found.at, days=_days(found.weekdays)
    )


def _days(weekdays: tuple[int, ...]) -> Writable:
    if weekdays == EVERY_DAY:
        return say("every day")
    if weekdays == WORKING_DAYS:
        return say("from Monday to Friday")
    return joined(*(Weekdays((number,)) for number in weekdays), between=", ")
