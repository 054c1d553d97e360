"""Patients, their household and the contacts they write from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

from domain.centres import CentreId

PatientId = NewType("PatientId", int)
ContactId = NewType("ContactId", int)
NAME_LIMIT = 80
_FIRST_LETTER = re.compile(r"(?<![^ .,'’(-])\w")
_BESIDE_LETTERS = frozenset(" .,'’ʼ()-\u200c\u200d")  # the last two join and part letters of Indic and Arabic names


class Channel(StrEnum):
    """A way to write to a person; the value stands in the database and in reports."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"


#: The ways by which people write to us too.
CHATS = (Channel.TELEGRAM, Channel.WHATSAPP, Channel.SMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A person who is cared for; *facts* are answers that stay true, such as the job, by criterion key."""

    id: PatientId
    name: str
    birth: date
    facts: dict[str, str] = field(default_factory=dict)
    guardian: PatientId | None = None
    last_centre: CentreId | None = None


def tidy_name(text: str) -> str | None:
    """Return *text* as a person's name, composed and with single spaces, or None when it cannot be one."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    letters = sum(letter.isalpha() for letter in name)
    if not 2 <= len(name) <= NAME_LIMIT or letters < 2 or not name[0].isalpha():
        return None
    if not all(_is_of_letters(character) or character in _BESIDE_LETTERS for character in name):
        return None
    return name if name != name.lower() else _FIRST_LETTER.sub(lambda first: first[0].upper(), name)


def _is_of_letters(character: str) -> bool:
    """Tell letters and the vowel signs and accents that stand with them."""
    return unicodedata.category(character)[0] in "LM"


def years_old(birth: date, today: date) -> int:
    """Return the age in whole years on *today*."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def short_name(name: str) -> str:
    """Return a name as others may read it: the first, and the first letter of the last."""
    parts = name.split()
    return f"{parts[0]} {parts[-1][0]}." if len(parts) > 1 else name
