"""What the scripts of staff share: the centre that is meant, and what is said where a right is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.questions import Option, Question
from dialogs.script import End, Goto, Offer, ask, do, fingerprint
from dialogs.text import DayAndTime, Text, say
from domain.centres import CentreId
from domain.staff.commands import FindWorkplaces, Workplace
from domain.staff.rights import Right, Role

NOT_ALLOWED = say("That is not among your rights. An administrator or manager of the centre can help.")
HELP = say(
    "Write, for example: today, next, arrived ABC234, done ABC234, missed ABC234, find Garcia, walk-in, stock, tasks,"
    " close Thursday, team. Each works at any point."
)
ALL = Offer(label=say("All I can do here"), goto=Goto(script="staff"))
ROLES: Mapping[Role, Text] = {
    Role.ADMINISTRATOR: say("administrator"),
    Role.MANAGER: say("manager"),
    Role.CLINICIAN: say("clinician"),
    Role.RECEPTION: say("reception"),
}


async def workplace(args: Mapping[str, str], right: Right) -> Workplace | End:
    """Return the centre that *args* name or the person picks, of those where *right* is theirs."""
    centres = (await do("workplaces", FindWorkplaces(right))).centres
    if not centres:
        return End(text=NOT_ALLOWED)
    known = CentreId(int(args["centre"])) if "centre" in args else None
    if known is None and len(centres) == 1:
        known = centres[0].id
    wanted = await ask(_which(centres), known if any(one.id == known for one in centres) else None)
    return next(one for one in centres if one.id == wanted)


def _which(centres: tuple[Workplace, ...]) -> Question[CentreId]:
    return Question(
        key="workplace",
        text=say("At which centre?"),
        type=CentreId,
        options=tuple(Option(label=one.name, value=one.id) for one in centres),
        given=fingerprint([one.id for one in centres]),
    )


def at_place(moment: datetime, place: Workplace) -> DayAndTime:
    """Return *moment* to be written as the wall clock of a centre shows it."""
    return DayAndTime(moment.astimezone(ZoneInfo(place.tz)))
