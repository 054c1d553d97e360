"""A world for dialogs without a database: commands come to what the test says, else to the likeliest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.shipped import shipped_programmes
from dialogs.conversation import Turn
from dialogs.desk import Desk
from dialogs.outcomes import CENTRE, SLOT, results_of
from dialogs.prompt import Line, Message, Prompt
from dialogs.said import Kind, Said
from dialogs.scripts import SCRIPTS
from dialogs.stage import Stage
from dialogs.state import State
from domain import programmes
from domain.centres import Centre
from domain.commands import Command, SlotFound
from domain.queries import CentreOffer, CentresNear, FreeSlots

MORNING = datetime(2027, 3, 1, 9, tzinfo=UTC)
#: The vaccinations of the sample clinic, among which the conversations that earlier releases saved have chosen.
PROGRAMMES = tuple(
    programmes.from_mapping(body) for body in shipped_programmes().values() if not body.get("practitioners")
)
CENTRES = tuple(replace(CENTRE, id=CENTRE.id.__class__(number), name=f"Centre {number}") for number in range(1, 8))
Result = object | Callable[[Any], object]


@dataclass(slots=True)
class FakeWorld:
    """Keeps what was done and looked for; *results* overrule the examples, by the command's name.

    *fitting* says which centres have what is wanted, *mails* whether copies can be e-mailed.
    """

    now: datetime = MORNING
    results: dict[str, Result] = field(default_factory=dict)
    done: list[Command[Any]] = field(default_factory=list)
    fitting: Callable[[CentresNear], Sequence[Centre]] = lambda source: CENTRES
    looked_for: list[CentresNear] = field(default_factory=list)
    mails: bool = False

    async def do(self, key: str, command: Command[Any]) -> object:
        self.done.append(command)
        result = self.results.get(type(command).__name__, results_of(command, PROGRAMMES[0].key)[0])
        return result(command) if callable(result) else result

    async def centres(self, source: CentresNear, until: datetime, limit: int, offset: int) -> list[CentreOffer]:
        self.looked_for.append(source)
        found = enumerate(self.fitting(source), start=1)
        offers = [CentreOffer(centre=one, distance_m=1000.0 * number) for number, one in found]
        return offers[offset : offset + limit]

    async def slots(self, source: FreeSlots, start: datetime, until: datetime, limit: int) -> list[SlotFound]:
        first = datetime(2027, 3, 2, 9, tzinfo=UTC)
        hours = (first + timedelta(days=day, hours=hour) for day in range(60) for hour in range(8))
        slots = [
            replace(SLOT, slot=SLOT.slot.__class__(number), starts_at=hour, ends_at=hour + timedelta(minutes=30))
            for number, hour in enumerate(hours, start=1)
        ]
        return [slot for slot in slots if start <= slot.starts_at < until][:limit]


@dataclass(slots=True)
class Person:
    """Somebody who talks to the desk; the state goes through JSON after every turn, as it does in the database."""

    world: FakeWorld = field(default_factory=FakeWorld)
    state: State = field(default_factory=State)
    heard_at: datetime = MORNING
    heard: list[Message] = field(default_factory=list)

    async def _turn(self, said: Said) -> list[Message]:
        state = State.from_json(self.state.to_json(), frozenset(SCRIPTS))
        now, mails = self.world.now, self.world.mails
        desk = Desk(now=now, today=now.date(), name="Riverside", programmes=PROGRAMMES, mails=mails)
        turn = Turn(Stage(state, desk, self.world, SCRIPTS))
        messages = await turn.hear(said, heard_at=self.heard_at)
        if turn.stage.has_changed_hands:
            state.give_back()
            messages += await Turn(Stage(state, desk, self.world, SCRIPTS, notes=turn.stage.notes)).go_on()
        self.state, self.heard_at, self.heard = state, self.world.now, messages
        return messages

    async def says(self, text: str) -> list[Message]:
        """Write *text*."""
        return await self._turn(Said(text=text))

    async def does(self, kind: Kind, **more: Any) -> list[Message]:
        """Do something else than writing."""
        return await self._turn(Said(kind=kind, **more))

    async def taps(self, option: int, menu: int | None = None) -> list[Message]:
        """Tap an option of the newest menu, or of an old one."""
        number = self.state.menus if menu is None else menu
        return await self._turn(Said(kind=Kind.TAP, menu=number, option=option))

    @property
    def asked(self) -> str | None:
        """The key of the open question."""
        return self.state.menu.key if self.state.menu else None


def text_of(messages: list[Message]) -> str:
    """Return all words of *messages*."""
    return "\n".join(message.text for message in messages if isinstance(message, Line | Prompt))
