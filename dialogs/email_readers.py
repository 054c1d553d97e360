"""How an e-mail address and the code that was sent to it are read."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.questions import Hearing, Missed, Reading, Took
from dialogs.said import Said
from domain.mail import CODE_DIGITS, tidy_email


@dataclass(frozen=True, slots=True)
class AddressReader:
    """Reads an e-mail address, among other words too."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        words = [word.strip("<>()[],;:\"'.!?").removeprefix("mailto:") for word in said.text.split()]
        found = {address for address in map(tidy_email, words) if address is not None}
        return Took(found.pop()) if len(found) == 1 else Missed()


@dataclass(frozen=True, slots=True)
class CodeReader:
    """Reads six digits, however they are written."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        digits = "".join(str(int(one)) for one in said.text if one.isdecimal())
        return Took(digits) if len(digits) == CODE_DIGITS else Missed()
