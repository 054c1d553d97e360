"""States and their like, as addresses and manifests name them; told by the postcode, since that is what is known."""

from __future__ import annotations

import bisect
import re

#: The first three digits of US ZIP codes from which on they belong to a state.
_ZIPS: tuple[tuple[int, str], ...] = (
    (5, "NY"), (6, "PR"), (8, "VI"), (9, "PR"), (10, "MA"), (28, "RI"), (30, "NH"), (39, "ME"), (50, "VT"),
    (55, "MA"), (56, "VT"), (60, "CT"), (63, "NY"), (64, "CT"), (70, "NJ"), (90, "AE"), (100, "NY"), (150, "PA"),
    (197, "DE"), (200, "DC"), (201, "VA"), (202, "DC"), (206, "MD"), (220, "VA"), (247, "WV"), (270, "NC"),
    (290, "SC"), (300, "GA"), (320, "FL"), (340, "AA"), (341, "FL"), (350, "AL"), (370, "TN"), (386, "MS"),
    (398, "GA"), (400, "KY"), (430, "OH"), (460, "IN"), (480, "MI"), (500, "IA"), (530, "WI"), (550, "MN"),
    (569, "DC"), (570, "SD"), (580, "ND"), (590, "MT"), (600, "IL"), (630, "MO"), (660, "KS"), (680, "NE"),
    (700, "LA"), (716, "AR"), (730, "OK"), (733, "TX"), (734, "OK"), (750, "TX"), (800, "CO"), (820, "WY"),
    (832, "ID"), (834, "ID"), (840, "UT"), (850, "AZ"), (870, "NM"), (885, "TX"), (889, "NV"), (900, "CA"),
    (962, "AP"), (967, "HI"), (969, "GU"), (970, "OR"), (980, "WA"), (995, "AK"),
)  # fmt: skip
_US_ZIP = re.compile(r"(\d{3})\d{2}(?:-?\d{4})?")
_FR_POSTCODE = re.compile(r"(?:97|98)\d{3}|\d{5}")
_CORSICA = {"200": "2A", "201": "2A"}


def state_of(country: str, postcode: str) -> str:
    """Return the state's abbreviation, in France the number of the department; else the country's code."""
    match country:
        case "US" if found := _US_ZIP.fullmatch(postcode):
            place = bisect.bisect(_ZIPS, (int(found[1]), "~")) - 1
            return _ZIPS[place][1] if place >= 0 else country
        case "FR" if _FR_POSTCODE.fullmatch(postcode):
            return _department(postcode)
        case _:
            return country


def _department(postcode: str) -> str:
    if postcode.startswith("20"):
        return _CORSICA.get(postcode[:3], "2B")
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]
