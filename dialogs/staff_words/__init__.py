"""What members of staff may write at any point, in each language: "next", "arrived ABC234", "find Garcia".

Each subject has a file with its `PHRASES`, the whole of what was said, folded, by the script that it begins, and its
`READERS`, which take what was said, folded and as it was written, and return what it begins.
"""

from __future__ import annotations

import functools

from dialogs.readers.fold import fold
from dialogs.script import Goto
from dialogs.staff_words import (
    acting,
    broadcast,
    closing,
    day,
    digest,
    handovers,
    joining,
    report,
    requests,
    shifts,
    stock,
    tasks,
    visits,
)
from dialogs.staff_words.joining import join_code_in
from dialogs.staff_words.visits import arrival_in, is_reference

__all__ = ["arrival_in", "exact_wish_in", "is_reference", "join_code_in", "wish_in"]

SUBJECTS = (joining, visits, digest, day, acting, stock, tasks, handovers, broadcast, report, requests, shifts, closing)
_LONGEST = 160


def wish_in(text: str) -> Goto | None:
    """Return what a member of staff wants by *text*, if it is one of their wishes."""
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST or "\n" in stripped:
        return None
    command, _, rest = stripped.partition(" ")
    if command.startswith("/"):  # as Telegram writes commands, in groups with the bot's name
        stripped = f"{command.removeprefix('/').partition('@')[0].replace('_', ' ')} {rest}".strip()
    folded = fold(stripped)
    script = _by_phrase().get(folded)
    if script is not None:
        return Goto(script=script)
    readers = (read for subject in SUBJECTS for read in subject.READERS)
    return next((goto for read in readers if (goto := read(folded, stripped)) is not None), None)


def exact_wish_in(text: str) -> bool:
    """Say whether *text* is a command with a slash, or in its very words the whole of a wish.

    While a member of staff talks with a patient all else is for the patient, whatever it may look like.
    """
    return (text.startswith("/") and wish_in(text) is not None) or fold(text.strip()) in _by_phrase()


@functools.cache
def _by_phrase() -> dict[str, str]:
    return {
        phrase: script
        for subject in SUBJECTS
        for script, phrases in subject.PHRASES.items()
        for phrase in phrases.split("|")
    }
