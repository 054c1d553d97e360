"""Telephone numbers: in which country somebody is likely at home."""

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
