"""How a number of doses, the number of a lot and the day until which it is good are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dialogs.questions import Hearing, Missed, Reading, Took
from dialogs.readers.expiry import read_expiry
from dialogs.said import Said
from dialogs.text import say

_MOST = 99_999
_DIGITS = re.compile(r"\d+")
_LOT_NUMBER = re.compile(r"[^\W_][\w./-]{0,19}")


@dataclass(frozen=True, slots=True)
class CountReader:
    """Reads a number of doses."""

    def read(self, said: Said, hearing: Hearing) -> Reading[int]:
        found = _DIGITS.findall(said.text)
        if len(found) != 1 or not 0 < int(found[0][:6]) <= _MOST:
            return Missed()
        return Took(int(found[0]))


@dataclass(frozen=True, slots=True)
class LotReader:
    """Reads the number of a lot, with or without the word for it; of known *lots* only where it must be one."""

    lots: tuple[str, ...]
    is_new: bool

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        words = [word for word in said.text.split() if word.casefold() not in ("lot", "lote", "batch")]
        if len(words) != 1 or _LOT_NUMBER.fullmatch(words[0]) is None:
            return Missed()
        known = next((lot for lot in self.lots if lot.casefold() == words[0].casefold()), None)
        if known is not None:
            return Took(known)
        return Took(words[0].upper()) if self.is_new else Missed()


@dataclass(frozen=True, slots=True)
class ExpiryReader:
    """Reads the last good day of a lot that comes."""

    def read(self, said: Said, hearing: Hearing) -> Reading[date]:
        found = read_expiry(said.text, today=hearing.today)
        if found is None:
            return Missed(say("I could not read that as a date."))
        return Took(found) if found >= hearing.today else Missed(say("That day is over."))
