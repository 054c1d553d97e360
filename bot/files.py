"""Links to what phones without files get: tables of reports, for a week, and pictures of a day.

An address is signed, so that nobody can make one up, and names no person. That of a picture holds all that is drawn.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dialogs.prompt import Hour, Picture, Sheet
from domain.centres import CentreId
from domain.staff.reports import Period

_SIGNED = 20
_SHEET = re.compile(r"(weekly|monthly)\.(\d{1,18})\.(\d{4}-\d\d-\d\d)\.(\d{1,11})")
_PICTURE = re.compile(r"\d{1,2}\.\d{1,6}\.\d{1,6}(?:_\d{1,2}\.\d{1,6}\.\d{1,6}){0,23}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLink:
    """Which report a link leads to, by its first day, and until when."""

    period: Period
    centre: CentreId
    first: date
    until: datetime


def path_of(secret: bytes, message: Sheet | Picture) -> str:
    """Return the path of a table or picture."""
    if isinstance(message, Sheet):
        return f"/report/{_signed(secret, 'report', f'{message.report}.{int(message.until.timestamp())}')}.csv"
    name = "_".join(f"{one.hour}.{one.booked}.{one.places}" for one in message.hours)
    return f"/chart/{_signed(secret, 'chart', name)}.png"


def sheet_in(secret: bytes, token: str, now: datetime) -> SheetLink | None:
    """Return what the token of a table was signed for; None when it was not signed here, or is too old."""
    found = _SHEET.fullmatch(_name_in(secret, "report", token) or "")
    if found is None:
        return None
    until = datetime.fromtimestamp(int(found[4]), UTC)
    if now >= until:
        return None
    first = date.fromisoformat(found[3])
    return SheetLink(period=Period(found[1]), centre=CentreId(int(found[2])), first=first, until=until)


def hours_in(secret: bytes, token: str) -> tuple[Hour, ...] | None:
    """Return what the token of a picture draws; None when it was not signed here."""
    name = _name_in(secret, "chart", token)
    if name is None or not _PICTURE.fullmatch(name):
        return None
    return tuple(Hour(*map(int, one.split("."))) for one in name.split("_"))


def _signed(secret: bytes, kind: str, name: str) -> str:
    digest = hmac.new(secret, f"{kind}\0{name}".encode(), hashlib.sha256).hexdigest()
    return f"{name}~{digest[:_SIGNED]}"


def _name_in(secret: bytes, kind: str, token: str) -> str | None:
    name = token.partition("~")[0]
    return name if hmac.compare_digest(_signed(secret, kind, name).encode(), token.encode()) else None
