"""What is read while a broadcast is written: the days that are meant, and the text as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dialogs.questions import Hearing, Missed, Reading, Took
from dialogs.readers.birth import read_birth
from dialogs.readers.when import read_when
from dialogs.said import Said
from dialogs.text import say

LONGEST = 1000  # letters, so that with what stands below it a message is one on every channel
_UNTIL = re.compile(r"\s+(?:to|until|till|through|au|jusqu'au|al|hasta el|hasta|-|–)\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from *first* to *last*, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Written:
    """A *text*, and the language of who wrote it."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class SpanReader:
    """Reads days to come in any words, and days in the past as whole dates."""

    def read(self, said: Said, hearing: Hearing) -> Reading[Span]:
        past = [
            read_birth(part, language=hearing.language, today=hearing.today) for part in _UNTIL.split(said.text.strip())
        ]
        known = [day for day in past if day is not None]
        if known and len(known) == len(past) <= 2:
            return Took(Span(min(known), max(known)))
        when = read_when(said.text, language=hearing.language, now=hearing.now.replace(tzinfo=None))
        if when is None or not when.days:
            return Missed(say("I could not read which days you mean."))
        return Took(Span(min(first for first, _ in when.days), max(end for _, end in when.days) - timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class TextReader:
    """Takes what is written as it is."""

    def read(self, said: Said, hearing: Hearing) -> Reading[Written]:
        text = said.text.strip()
        if not text:
            return Missed(say("Please write the text."))
        if len(text) > LONGEST:
            return Missed(say("That is too long: {most} letters are the most.", most=LONGEST))
        return Took(Written(text, hearing.language))
