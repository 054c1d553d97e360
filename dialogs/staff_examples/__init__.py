"""Examples of all that commands of staff can come to, and of the arguments of their scripts, by subject.

Each subject has a file with `RESULTS`, by command what makes the examples of its results, the likeliest first, and
`ARGS`, by script the arguments with which it may be begun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dialogs.staff_examples import (
    acting,
    broadcast,
    closing,
    day,
    handovers,
    joining,
    report,
    requests,
    shifts,
    stock,
    tasks,
    visits,
)
from domain.commands import Command

_SUBJECTS = (joining, visits, day, acting, stock, tasks, handovers, broadcast, report, requests, shifts, closing)


_RESULTS: Mapping[type, Callable[[Any], tuple[object, ...]]] = {
    kind: results for subject in _SUBJECTS for kind, results in subject.RESULTS.items()
}
_ARGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    script: args for subject in _SUBJECTS for script, args in subject.ARGS.items()
}


def results_for_staff(command: Command[Any]) -> tuple[object, ...]:
    """Return examples of all that *command* can come to; TypeError where there are none."""
    if type(command) not in _RESULTS:
        raise TypeError(f"no examples for {type(command).__name__}")
    return _RESULTS[type(command)](command)


def args_for_staff(script: str) -> tuple[Mapping[str, str], ...]:
    """Return the arguments with which *script* may be begun."""
    return _ARGS.get(script, ({},))
