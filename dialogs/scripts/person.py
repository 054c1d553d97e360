"""Asking for a person: staff are told at once; who cannot be rung here may say how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.handing_over import person_asked, person_here
from dialogs.prompt import Want
from dialogs.questions import Option, Question
from dialogs.script import End, ask, do
from dialogs.scripts.answers import NumberReader
from dialogs.sentences import PERSON_ASKED
from dialogs.text import say
from domain.centres import CentreId
from domain.commands import OpenTask, WhoIsThis
from domain.staff.handover_commands import Called, CallPerson, NobodyInChat, Talking

HERE = "here"
NUMBER: Question[str] = Question(
    key="number",
    text=say("I have asked a colleague. May we ring you? Share your number, or write it with its country code."),
    type=str,
    options=(Option(label=say("Write to me here"), value=HERE),),
    reader=NumberReader(),
    wants=(Want.CONTACT,),
    why=say("A colleague may reach you sooner by telephone."),
    help=(say("Please write the number like this: +33 1 99 00 11 22. Or choose to be written to here."),),
    is_private=True,
    samples=("+33199001122",),
)


async def person(desk: Desk, args: Mapping[str, str]) -> End:
    """Ask a person first, so that nobody waits because a question stays open."""
    centre = CentreId(int(args["centre"])) if "centre" in args else None
    match await do("called", CallPerson(centre=centre, name=args.get("name", ""))):
        case Called() as called:
            return End(text=person_asked(called, desk.now))
        case Talking(name):
            return End(text=person_here(name))
        case NobodyInChat():
            return await _by_telephone()
        case never:
            assert_never(never)


async def _by_telephone() -> End:
    """Where no member of staff can be written to, they may want to ring."""
    caller = await do("caller", WhoIsThis())
    if not caller.has_number and (number := await ask(NUMBER)) != HERE:
        await do("number-kept", OpenTask(kind="person", note=number))
    return End(text=PERSON_ASKED)
