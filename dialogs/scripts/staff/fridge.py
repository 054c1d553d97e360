"""Doses lost at once, as when the fridge broke: which lots, then whoever was promised one is offered another place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, Goto, Offer, ask, do, fingerprint
from dialogs.scripts.staff.common import NOT_ALLOWED, workplace
from dialogs.text import Day, joined, many, say
from domain.staff.commands import NotAllowed, Workplace
from domain.staff.losing_commands import FindLots, LoseLots, Lost, LotOnHand, Lots
from domain.staff.rights import Right

ALL, NOTHING = -1, 0


async def fridge(_desk: Desk, args: Mapping[str, str]) -> End:
    """Record what is lost."""
    place = await workplace(args, Right.STOCK)
    if isinstance(place, End):
        return place
    match await do("lots", FindLots(place.id)):
        case NotAllowed():
            return End(text=NOT_ALLOWED)
        case Lots(()):
            return End(text=say("{centre} has no doses on record.", centre=place.name))
        case Lots(lots):
            lost = await ask(_which(place, lots))
            if lost == NOTHING:
                return End(text=say("Good. Nothing is changed."))
            gone = [one for one in lots if lost in (ALL, one.id)]
            if not await ask(_sure(place, gone)):
                return End(text=say("Good. Nothing is changed."))
            return _told(place, await do("lost", LoseLots(place.id, tuple(one.id for one in gone))))
        case never:
            assert_never(never)


def _which(place: Workplace, lots: tuple[LotOnHand, ...]) -> Question[int]:
    return Question(
        key="which-lots",
        text=say("What is lost at {centre}?", centre=place.name),
        type=int,
        options=(
            Option(label=say("All of it"), value=ALL),
            *(
                Option(
                    label=joined(one.product, one.number, between=" "),
                    value=one.id,
                    detail=say("{count} doses, until {day}", count=one.doses, day=Day(one.expires_on)),
                )
                for one in lots[:_MOST]
            ),
            Option(label=say("Nothing"), value=NOTHING),
        ),
        given=fingerprint([(one.id, one.doses) for one in lots]),
    )


_MOST = 8


def _sure(place: Workplace, gone: list[LotOnHand]) -> Question[bool]:
    doses = sum(one.doses for one in gone)
    return Question(
        key="sure",
        text=joined(
            many("{count} dose at {centre} is lost.", "{count} doses at {centre} are lost.", doses, centre=place.name),
            say("I record that, and offer other places to everybody whose dose is gone. Is that right?"),
            between=" ",
        ),
        type=bool,
        options=(Option(label=say("Yes, record it"), value=True), Option(label=say("No, leave it"), value=False)),
        given=fingerprint([one.id for one in gone]),
    )


def _told(place: Workplace, done: Lost | NotAllowed) -> End:
    if isinstance(done, NotAllowed):
        return End(text=NOT_ALLOWED)
    lost = many("Recorded: {count} dose is lost.", "Recorded: {count} doses are lost.", done.doses)
    if done.displacement is None:
        return End(text=joined(lost, say("Nobody's dose is gone with them."), between=" "))
    people = many(
        "{count} person is being asked now. I tell you when it is settled.",
        "{count} people are being asked now. I tell you when all are settled.",
        done.visits,
    )
    args = (("centre", str(place.id)), ("closure", str(done.displacement)))
    shown = Offer(label=say("Who is affected"), goto=Goto(script="closures", args=args))
    return End(text=joined(lost, people, between=" "), offers=(shown,))
