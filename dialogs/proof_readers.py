"""How codes, numbers and years of birth are read that show whose a contact is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogs.questions import Hearing, Missed, Reading, Took
from dialogs.readers.birth import read_birth, read_year
from dialogs.readers.fold import plain
from dialogs.said import Kind, Said
from dialogs.text import say

_DIGITS = 6
_NUMBER = re.compile(r"[+\d(][\d ()./\-\u00a0]{5,30}")
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class CodeReader:
    """Reads a code of six digits, however it is spaced."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        digits = "".join(one for one in plain(said.text[:60]) if one.isdecimal())
        return Took(digits) if len(digits) == _DIGITS else Missed(say("A code has six digits."))


@dataclass(frozen=True, slots=True)
class OwnNumberReader:
    """Reads one's own telephone number as it is written, with its country code or without, or shared."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        if said.kind == Kind.CONTACT:
            shared = said.text if said.text.startswith("+") else f"+{said.text}"
            return Took(shared) if said.text else Missed(say("That is somebody else's number. Please share your own."))
        written = plain(said.text[:60]).strip()
        return Took(written) if _NUMBER.fullmatch(written) else Missed()


@dataclass(frozen=True, slots=True)
class YearReader:
    """Reads a year of birth, alone, in a sentence, or in a whole date."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        written = plain(said.text[:60])
        years = {found for found in _YEAR.findall(written) if read_year(found, today=hearing.today)}
        if len(years) == 1:
            return Took(years.pop())
        birth = read_birth(said.text, language=hearing.language, today=hearing.today)
        return Took(str(birth.year)) if birth is not None else Missed(say("I need a year in four digits."))
