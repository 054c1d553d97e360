"""What each kind of task asks of staff, in one line: what to do, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialogs.scripts.staff.common import at_place
from dialogs.text import Text, Writable, joined, say
from domain.staff.task_commands import StaffTask

SOMEBODY = say("somebody without a name here")


def name_in(task: StaffTask) -> Writable:
    """Return what the person of a task is called."""
    return task.patient_name or SOMEBODY


def _not_reminded(task: StaffTask) -> Text:
    if task.starts_at is None or task.centre is None:
        return say("Telephone {name}: no reminder reaches them", name=name_in(task))
    time = at_place(task.starts_at, task.centre)
    return say("Telephone {name} about {time}: no reminder reaches them", name=name_in(task), time=time)


def _shortfall(task: StaffTask) -> Text:
    return say("Too few doses of {product}: move somebody, or get more", product=task.product)


_LINES: Mapping[str, Callable[[StaffTask], Text]] = {
    "person": lambda task: say("Answer {name}, who wants a person", name=name_in(task)),
    "stuck": lambda task: say("Help {name}, whom I do not understand", name=name_in(task)),
    "refer": lambda task: say("Advise {name}, whose answers need a person", name=name_in(task)),
    "stop-or-cancel": lambda task: say("Ask {name}, who wrote the carrier's word for cancel", name=name_in(task)),
    "unreachable": lambda task: say("Find another way to {name}, who gets no messages", name=name_in(task)),
    "undeliverable": lambda task: say("Tell {name} what a message did not", name=name_in(task)),
    "cannot-tell": lambda task: say("Tell {name} that they may book now", name=name_in(task)),
    "turn-failed": lambda task: say("Answer {name}, whose message failed here", name=name_in(task)),
    "not-reminded": _not_reminded,
    "number-changed": lambda task: say("Find the new number of {name}", name=name_in(task)),
    "stock-shortfall": _shortfall,
}


def line_of(task: StaffTask) -> Writable:
    """Return what there is to do; of a kind that has no words here, its note."""
    line = _LINES.get(task.kind)
    if line is not None:
        return line(task)
    about = joined(task.kind, task.patient_name, between=": ")
    return joined(about, task.note, between=". ")
