"""The first thing somebody meets: a greeting, and what can be done here."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, Goto, ask, do
from dialogs.scripts.whom_to_see import ANYBODY
from dialogs.text import Joined, Writable, joined, say
from domain.appointments import course_of
from domain.commands import Caller, CentreFound, FindCentre, WhoIsThis
from domain.programmes import Programme


async def home(desk: Desk, args: Mapping[str, str]) -> End:
    """Greet, offer the likeliest thing first, and go where the person wants."""
    caller = await do("caller", WhoIsThis())
    if not caller.consented and "under" not in args:
        return End(then=Goto(script="book"))
    match await ask(await _menu(desk, caller, args)):
        case "on":
            return End(text=None)
        case wish if wish.startswith("as-last:"):
            programme = wish.removeprefix("as-last:")
            return End(then=Goto(script="book", args=_as_last(caller, programme)))
        case wish:
            return End(then=Goto(script=wish))


async def _menu(desk: Desk, caller: Caller, args: Mapping[str, str]) -> Question[str]:
    options: list[Option[str]] = []
    link: tuple[Option[str], ...] = ()
    if "under" in args:
        options.append(Option(label=say("Go on where we were"), value="on"))
    elif (shortcut := await _shortcut(desk, caller)) is not None:
        options.append(shortcut)
    else:
        link = (Option(label=say("Link another chat"), value="link"),)
    options += [
        Option(label=say("Book an appointment"), value="book"),
        Option(label=say("My bookings"), value="manage"),
        *link,
        Option(label=say("Another language"), value="language"),
        Option(label=say("Talk to a person"), value="person"),
    ]
    return Question(
        key="wish",
        text=_greeting(desk, caller),
        type=str,
        options=tuple(options),
        help=(say("Choose one of these, or write for example: my bookings."),),
    )


def _greeting(desk: Desk, caller: Caller) -> Writable:
    if caller.me is None:
        return say("This is the front desk of {clinic}. What can I do for you?", clinic=desk.name)
    first_name = caller.me.name.split()[0]
    return say("Hello {name}. This is {clinic}. What can I do for you?", name=first_name, clinic=desk.name)


async def _shortcut(desk: Desk, caller: Caller) -> Option[str] | None:
    """Offer what the person has not booked yet, for themselves, where they went last time."""
    wanted = _not_booked(desk, caller)
    if caller.me is None or caller.me.last_centre is None or wanted is None:
        return None
    match await do("last-centre", FindCentre(caller.me.last_centre)):
        case CentreFound(centre):
            return Option(
                label=_joined_label(wanted, centre.name),
                value=f"as-last:{wanted.key}",
                detail=say("for you, as last time"),
            )
        case _:
            return None


def _joined_label(programme: Programme, centre: str) -> Joined:
    return joined(programme.title, centre, between=", ")


def _not_booked(desk: Desk, caller: Caller) -> Programme | None:
    def is_free(programme: Programme) -> bool:
        return not any(course_of(programme.key, dose.key) in caller.courses for dose in programme.doses)

    return next(filter(is_free, desk.programmes), None)


def _as_last(caller: Caller, programme: str) -> tuple[tuple[str, str], ...]:
    centre = caller.me.last_centre if caller.me else None
    return (("programme", programme), ("whom", "me"), ("centre", str(centre)), ("practitioner", ANYBODY))
