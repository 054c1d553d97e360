"""Days in the past as answers: how they are asked for, read and kept."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.questions import Hearing, Missed, Reading, Took
from dialogs.readers.birth import read_birth
from dialogs.said import Said
from dialogs.text import say

EXAMPLE = say("You can write the date, for example: 3 April 2026.")
DAY_HELP = (
    say("Please write day, month and year, for example: 3 April 2026. Or choose one of the answers."),
    say("Numbers will do: 03 04 2026 means 3 April 2026."),
)


@dataclass(frozen=True, slots=True)
class PastDayReader:
    """Reads a whole date that is not to come, and keeps it as ISO has it."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        found = read_birth(said.text, language=hearing.language, today=hearing.today)
        if found is None:
            return Missed(say("I could not read that as a day in the past."))
        return Took(found.isoformat())
