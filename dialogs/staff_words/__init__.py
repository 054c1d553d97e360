"""What members of staff may write at any point, in each language: "next", "arrived ABC234", "find Garcia".

Each subject has a file with its `PHRASES`, the whole of what was said, folded, by the script that it begins, and its
`READERS`, which take what was said, folded and as it was written, and return what it begins.
"""

from __future__ import annotations

import functools

from dialogs.readers.fold import fold
from dialogs.script import Goto
from dialogs.staff_words import closing, joining, visits
from dialogs.staff_words.joining import join_code_in

__all__ = ["join_code_in", "wish_in"]

_SUBJECTS = (joining, closing, visits)
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
    readers = (read for subject in _SUBJECTS for read in subject.READERS)
    return next((goto for read in readers if (goto := read(folded, stripped)) is not None), None)


@functools.cache
def _by_phrase() -> dict[str, str]:
    return {
        phrase: script
        for subject in _SUBJECTS
        for script, phrases in subject.PHRASES.items()
        for phrase in phrases.split("|")
    }
