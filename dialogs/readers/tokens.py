"""
Tokens: what the words of a phrase about time are for the rules, one letter a kind.

Read from the text:
    n number       N 3 or 4 digits    o ordinal         i a, one           / date in digits     d 9.30
    m month        w weekday          W weekdays (set)  r days from today  E weekend            Z unknown
    u day          k week             K month           x next             t this               j early, mid, late
    I in           V within           z a week later    q part of the day
    c 9:30         h o'clock          p am, pm          H half past        J y media            v past
    l the          e le, el           L les, los        f of               F du, del            @ at
    a à            _ to               - dash            b between          s from               U until, by
    < before       > after            ~ around          B or later         O or                 & and
    ! not          y only, any        Y any time        A soonest          Q first thing        , comma

Made by the rules:
    D days         G weekdays         g weekday range   R any such weekday X excluded weekdays  T time
    S times and other constraints
"""

from dataclasses import dataclass

from dialogs.readers.constraint import When


@dataclass(frozen=True, slots=True)
class Token:
    """
    One word or phrase, or what a rule made of several.

    *number* is a weekday, month, day, count, set of weekdays (a bit each), minutes of the day, or a part of the day
    (hours from and until, two digits each). *sure* is false for an hour that may be of the morning or the afternoon.
    """

    kind: str
    number: int = 0
    sure: bool = True
    text: str = ""
    when: When | None = None


UNREADABLE = Token("Z")


def kinds(tokens: list[Token]) -> str:
    """Return the letters of *tokens*, for the rules to match."""
    return "".join(token.kind for token in tokens)


def numbers(tokens: list[Token], wanted: str) -> list[int]:
    """Return the numbers of the tokens of the *wanted* kinds, in order."""
    return [token.number for token in tokens if token.kind in wanted]
