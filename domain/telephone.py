"""Telephone numbers as people write them, and what stands in their place: in which country somebody is at home."""

from __future__ import annotations

import re

import phonenumbers

#: What somebody is known by who shows no number: it begins with the country.
_SCOPED_ID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")


def is_number(address: str) -> bool:
    """Say whether a contact's *address* is a telephone number, by which they can be rung and sent text messages."""
    return address.startswith("+")


def is_scoped_id(address: str) -> bool:
    """Say whether *address* is an id that somebody has with one business alone, who shows no number."""
    return _SCOPED_ID.fullmatch(address) is not None


def country_of(number: str) -> str:
    """Return the country or territory (ISO 3166) of an E.164 *number*, or of the id of somebody who shows none.

    Nothing where it is neither, or of no country.
    """
    if is_scoped_id(number):
        return number[:2]
    if not is_number(number):
        return ""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ""
    found = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    return found if found.isalpha() and found != phonenumbers.UNKNOWN_REGION else ""


def read_number(text: str, country: str = "") -> str | None:
    """Return as E.164 the number that somebody wrote who is at home in *country*; None where it can be none."""
    written = text.strip()[:40]
    for home in (None, country or None):
        try:
            number = phonenumbers.parse(written, home)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return read_number(f"+{written[2:]}") if written.startswith("00") else None
