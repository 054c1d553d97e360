"""Two conversations of one person made one: what is under way in the one that goes on, or else in the other."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.ledger import Entry, Ledger
from dialogs.state import Frame, State
from domain.commands import Caller, ConsentKept

_PASSING = frozenset(("home", "language", "link"))


def joined(kept: State, left: State) -> State:
    """Return the state of both: that of the conversation that is *kept*, with what it has under way.

    Where it has nothing, what the person was at in the other one goes on. Menus are numbered on from both, so that
    what was shown in either chat before cannot be taken for what is shown next.
    """
    for one in (kept, left):
        one.give_back()
    frames = _under_way(kept.frames) or [_answers_of(frame) for frame in _under_way(left.frames)]
    return State(language=kept.language, frames=frames, menus=max(kept.menus, left.menus), notices=kept.notices)


def _under_way(frames: Iterable[Frame]) -> list[Frame]:
    return [frame for frame in frames if frame.script not in _PASSING]


def _answers_of(frame: Frame) -> Frame:
    """Keep what the person said; what came of it is looked at anew, since people may be known by other records now."""
    entries = {key: one for key, one in frame.ledger.entries.items() if one.origin != "result" or _names_nobody(one)}
    return Frame(frame.script, frame.args, Ledger(entries))


def _names_nobody(result: Entry) -> bool:
    """Say whether a result is of somebody who was not on record, so that it holds in whatever record."""
    if result.value["is"] == ConsentKept.__name__:
        return True
    of = result.value["of"]
    return bool(result.value["is"] == Caller.__name__ and not of["me"] and not of["household"])
