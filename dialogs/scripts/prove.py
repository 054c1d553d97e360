"""Whose a number is, that may have changed hands: nothing is shown before a year of birth is right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from dialogs.desk import Desk
from dialogs.proof_readers import YearReader
from dialogs.questions import Option, Question
from dialogs.script import Again, End, ask, do
from dialogs.scripts.link import wrong_year
from dialogs.sentences import LINK_HINT, PERSON_ASKED
from dialogs.text import joined, say
from domain.commands import OpenTask
from domain.identity import Locked, Proven, ProveYear, StartAfresh, WhoIsOnRecord, WrongYear

ELSE, PERSON = "else", "person"
_ASKED = ("year", "locked", "sure-else")
_WAYS: tuple[Option[str], ...] = (
    Option(label=say("I am somebody else"), value=ELSE),
    Option(label=say("Talk to a person"), value=PERSON),
)


async def prove(desk: Desk, _args: Mapping[str, str]) -> Again | End:
    """Ask for a year of birth, or whether it is somebody else."""
    found = await do("on-record", WhoIsOnRecord())
    if not found.can_change_hands:
        text = say("Only you can write from this chat. If something here is not yours, write: talk to a person.")
        return End(text=text, changes_hands=True)
    if not found.anybody:
        nobody = say("Thank you for telling me. Nobody is on record with this number.")
        return End(text=joined(nobody, LINK_HINT, between=" "), changes_hands=True)
    is_locked = found.locked_until is not None and found.locked_until > desk.now
    answer = await ask(_locked(found.locked_until) if is_locked else YEAR)
    match answer:
        case "else":
            return await _afresh()
        case "person":
            await do("told-staff", OpenTask(kind="person"))
            return Again(_ASKED, PERSON_ASKED)
        case year:
            return await _checked(int(year))


async def _checked(year: int) -> Again | End:
    match await do("year-checked", ProveYear(year)):
        case Proven():
            return End(text=say("Thank you, that is right."), changes_hands=True)
        case WrongYear(left):
            return Again(("year", "year-checked"), wrong_year(left))
        case Locked():
            return Again(("on-record", "year", "year-checked"))
        case never:
            assert_never(never)


async def _afresh() -> Again | End:
    if not await ask(SURE):
        return Again(_ASKED)
    await do("afresh", StartAfresh())
    told = say("Thank you for telling me. Nothing of anybody else is shown here or sent here any more.")
    return End(text=told, changes_hands=True)


YEAR: Question[str] = Question(
    key="year",
    text=say(
        "Somebody is on record with this number, and numbers change hands. Before I show anything:"
        " in which year were you born, or one of those you book for?"
    ),
    type=str,
    options=_WAYS,
    reader=YearReader(),
    why=say("So that nobody who has got this number since sees what is yours."),
    help=(say("Please write the year in four digits, or choose one of these."),),
    is_private=True,
    samples=("1950",),
)

SURE: Question[bool] = Question(
    key="sure-else",
    text=say(
        "Then I begin anew with you, and who had this number before is not reached by it any more. Is that right?"
    ),
    type=bool,
    options=(
        Option(label=say("Yes, begin anew"), value=True),
        Option(label=say("No, go back"), value=False),
    ),
    is_private=True,
)


def _locked(until: datetime | None) -> Question[str]:
    return Question(
        key="locked",
        text=say(
            "That was not right three times, so I ask no more for a day, to protect who is on record."
            " You can try again tomorrow. Until then, choose one of these."
        ),
        type=str,
        options=_WAYS,
        help=(say("Choose one of these. Tomorrow at this time I can ask for the year again."),),
        given=until.isoformat() if until else "",
        is_private=True,
    )
