"""The United States as far as lists of centres need them: a state's one clock, and its postcodes (ZIP codes)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.feed_rows import Tally

#: States whose every place keeps one clock, and those where nothing but the place can tell.
CLOCKS = {
    "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AR IA IL LA MN MO MS OK WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA WA",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR",
    "America/St_Thomas": "VI",
    "Pacific/Guam": "GU",
    "Pacific/Saipan": "MP",
    "Pacific/Pago_Pago": "AS",
}
SEVERAL = "AK AL AZ FL ID IN KS KY MI ND NE NV OR SD TN TX"
ZONES = {state: zone for zone, states in CLOCKS.items() for state in states.split()}
STATES = frozenset(ZONES) | frozenset(SEVERAL.split())
#: What the postcodes begin with that begin with 0, and lose it where they were once taken for numbers.
LEADING_ZEROS = {
    "CT": ("06",),
    "MA": ("01", "02", "055"),
    "ME": ("039", "04"),
    "NH": ("03",),
    "NJ": ("07", "08"),
    "PR": ("006", "007", "009"),
    "RI": ("028", "029"),
    "VI": ("008",),
    "VT": ("05",),
}
POSTCODE = re.compile(r"(?P<five>\d{3,5})(?:-(?P<four>\d{1,4}))?")


def read_postcode(typed: str, state: str, tally: Tally, line: int) -> str:
    """Return a postcode, mended where there is one way to; what was wrong with it goes to *tally*."""
    found = POSTCODE.fullmatch(typed)
    five = _five(found["five"], state) if found else None
    if found is None or five is None:
        if typed:
            tally.note("postcode", "had not five digits and stayed so", f"line {line}: {typed}")
        return typed[:16]
    mended = five
    if found["four"] and len(found["four"]) == 4:
        mended += "-" + found["four"]
    for what in _mends(found, five):
        tally.note("postcode", what, f"line {line}: {typed} became {mended}")
    return mended


def _five(digits: str, state: str) -> str | None:
    """Return five digits, with the zeros that a number loses where *state* has such postcodes; None when short."""
    if len(digits) == 5:
        return digits
    filled = digits.zfill(5)
    return filled if filled.startswith(LEADING_ZEROS.get(state, ("none",))) else None


def _mends(found: re.Match[str], five: str) -> Iterator[str]:
    if five != found["five"]:
        yield "had lost the leading zero and got it back"
    if found["four"] and len(found["four"]) < 4:
        yield "had too short a second part, which was left out"
