"""E-mail addresses, and the codes by which people show that one is theirs."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.commands import Claim

EMAIL_LIMIT, _LOCAL_LIMIT = 254, 64
CODE_DIGITS = 6
#: How long a code is good, how often it may be missed, and how many may be sent to a person in a day.
CODE_LASTS = timedelta(minutes=30)
TRIES = 5
CODES_A_DAY, A_DAY = 5, timedelta(days=1)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*\.[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLetter:
    """A code to be sent to an *address* of which nobody knows yet whose it is; it is good *until* then."""

    address: str
    code: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLetter:
    """A booking to be sent to an address that is known to be the person's."""

    address: str
    claim: Claim


Letter = CodeLetter | CopyLetter


def tidy_email(text: str) -> str | None:
    """Return *text* as an e-mail address, or None when it cannot be one that mail servers take."""
    found = _ADDRESS.fullmatch(text.strip()) if len(text) <= EMAIL_LIMIT + 2 else None
    if found is None or len(found[0]) > EMAIL_LIMIT or len(found[1]) > _LOCAL_LIMIT:
        return None
    return f"{found[1]}@{found[2].lower()}"


def new_code() -> str:
    """Return six digits that do not begin with 0, so that nobody leaves one out."""
    lowest = 10 ** (CODE_DIGITS - 1)
    return str(lowest + secrets.randbelow(9 * lowest))


def digest_of(code: str, address: str) -> str:
    """Return what a code for *address* is known by."""
    return hashlib.sha256(f"{address}\0{code}".encode()).hexdigest()
