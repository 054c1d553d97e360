"""Telephone numbers: as people write them, and in which country somebody is likely at home."""

from __future__ import annotations

import phonenumbers


def country_of(number: str) -> str:
    """Return the country or territory (ISO 3166) of an E.164 *number*; nothing where it is none, or of no country."""
    if not number.startswith("+"):
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
