"""Examples about messages to many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dialogs.staff_examples.common import HERE, NOW
from domain.patients import Channel
from domain.staff import broadcast_commands as commands
from domain.staff.broadcast_commands import BroadcastId, LeftOut, Way, Why
from domain.staff.commands import NotAllowed

_WAYS = (
    Way(channel=Channel.SMS, language="en", people=1),
    Way(channel=Channel.SMS, language=None, people=1),
    Way(channel=Channel.TELEGRAM, language="fr", people=2),
)
_PROGRESS = commands.Progress(id=BroadcastId(1), centre=HERE.name, sent=2, waiting=1)
_OVER = commands.Progress(id=BroadcastId(1), centre=HERE.name, sent=2, failed=1, left_out=1, not_sent=1, is_over=True)


def _previews(command: commands.PreviewBroadcast) -> Iterator[object]:
    yield commands.Preview(ways=_WAYS, left_out=(LeftOut(why=Why.STOPPED, people=1),), segments=2, cost="0.02 USD")
    if not command.texts:
        yield commands.Preview(ways=(), left_out=())
    yield NotAllowed()


RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    commands.PreviewBroadcast: lambda command: tuple(_previews(command)),
    commands.BeginBroadcast: lambda _: (
        commands.Begun(id=BroadcastId(1), people=4),
        commands.Begun(id=BroadcastId(1), people=4, from_when=NOW),
        commands.NobodyToTell(),
        NotAllowed(),
    ),
    commands.StopBroadcast: lambda _: (
        commands.Stopped(_OVER),
        commands.Stopped(_OVER, before=True),
        commands.NoBroadcast(),
        NotAllowed(),
    ),
    commands.ShowBroadcast: lambda _: (_PROGRESS, _OVER, commands.NoBroadcast(), NotAllowed()),
}
ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "broadcasts": ({}, {"broadcast": "1"}),
    "stop-broadcast": ({}, {"broadcast": "1"}),
}
