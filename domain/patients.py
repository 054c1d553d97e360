"""Patients, their household and the contacts they write from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

from domain.centres import CentreId

PatientId = NewType("PatientId", int)
ContactId = NewType("ContactId", int)
NAME_LIMIT = 80
_NAME = re.compile(r"[^\W\d_][\w .,'’()-]*", re.UNICODE)


class Channel(StrEnum):
    """A way to write to a person; the value stands in the database and in reports."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    SMS = "sms"


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
    """Return *text* as a person's name with single spaces, or None when it cannot be one."""
    name = " ".join(text.split())
    letters = sum(letter.isalpha() for letter in name)
    if not 2 <= len(name) <= NAME_LIMIT or letters < 2 or not _NAME.fullmatch(name):
        return None
    return name if name != name.lower() else name.title()


def years_old(birth: date, today: date) -> int:
    """Return the age in whole years on *today*."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
