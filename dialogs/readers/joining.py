"""Rules for what is left of a phrase, days and times, and how they make one constraint."""

from collections.abc import Iterable
from datetime import time, timedelta
from functools import reduce

from dialogs.readers import calendar_days
from dialogs.readers.constraint import Days, When, both, either, tidy
from dialogs.readers.date_rules import on_days
from dialogs.readers.rewriting import Frame, rule
from dialogs.readers.tokens import UNREADABLE, Token, kinds

SMALL_WORDS = frozenset("lefF@I")  # of no more use once dates and times are made
_NO_MORE_USE = frozenset(",-y")
_PIECES = frozenset("DRSX")
_NOON = time(12)


def _all_days(tokens: list[Token]) -> list[Days]:
    return [token.when.days for token in tokens if token.kind == "D" and token.when]


def _from_day_to_day(tokens: list[Token], _frame: Frame) -> list[Token]:
    """Read "from tomorrow to friday": the first such days that are in order."""
    starts, ends = _all_days(tokens)
    start = starts[0][0]
    end = next((end for _, end in ends if end > start), None)
    return on_days(((start, end),)) if end else [UNREADABLE]


def _any_of_days(tokens: list[Token], _frame: Frame) -> list[Token]:
    return on_days(tidy(tuple(span for days in _all_days(tokens) for span in days)))


def _up_to_a_time(tokens: list[Token], _frame: Frame) -> list[Token] | None:
    """Refuse "before friday noon", which is no time of each day."""
    is_bound = len(tokens) == 3 or (tokens[-1].when is not None and tokens[-1].when.at is not None)
    return [UNREADABLE] if is_bound else None


def _beside_days(tokens: list[Token], frame: Frame) -> list[Token]:
    """Read "after tuesday", "before 3 december", "friday or later": open ends go to the end of the window."""
    (days,) = _all_days(tokens)
    word = next(token for token in tokens if token.kind in "<>sUBA")
    limit = frame.today + calendar_days.FARTHEST + timedelta(days=1)
    match word.kind, word.number > 0:
        case (">", _):
            bounds = days[0][1], limit
        case ("s", _) | ("B" | "A", True):
            bounds = days[0][0], limit
        case ("<", _):
            bounds = frame.today, days[-1][0]
        case _:
            bounds = frame.today, days[-1][1]
    soonest = word.kind == "A"
    return [Token("S", when=When(days=(bounds,), soonest=soonest))] if bounds[0] < bounds[1] else [UNREADABLE]


def _at_the_earliest(tokens: list[Token], frame: Frame) -> list[Token] | None:
    return _beside_days(tokens, frame) if tokens[-1].number else None


def _at_the_latest(tokens: list[Token], frame: Frame) -> list[Token] | None:
    return _beside_days(tokens, frame) if tokens[-1].number else None


def _early(tokens: list[Token], _frame: Frame) -> list[Token] | None:
    """Read "early" by itself, which "beginning of" cannot be."""
    return None if tokens[0].number else [Token("Q")]


DAY_RANGES = (
    rule(r"j", _early),
    rule(r"[<>sU]DS|D[_aU-]DS", _up_to_a_time),
    rule(r"(?:bD[&_aU-]|s?D[_aU-])D", _from_day_to_day),
    rule(r"[<>sU]D|s?DB", _beside_days),
    rule(r"DA$", _at_the_earliest),
    rule(r"DU$", _at_the_latest),
    rule(r"D(?:[O&,]+D)+", _any_of_days),
)


def joined(tokens: list[Token]) -> When | None:
    """Return the one constraint that *tokens* say; anything that is left over says nothing that counts."""
    if not _exclusions_are_last(kinds(tokens)):
        return None
    alternatives: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind in "O&":
            alternatives.append([])
        elif token.kind not in _NO_MORE_USE:
            alternatives[-1].append(token)
    if not alternatives[0]:  # "either monday or ...": the word stands before the first too
        del alternatives[0]
    return _any_of([_all_of(pieces) for pieces in alternatives])


def _any_of(alternatives: list[When | None]) -> When | None:
    if not alternatives or None in alternatives:
        return None
    return reduce(lambda one, other: either(one, other) if one and other else None, alternatives)


def _exclusions_are_last(letters: str) -> bool:
    """Refuse "not monday, tuesday", which may mean either thing."""
    said = letters.strip(",")
    return "X" not in said or (said.index("X") == len(said) - 1 and not set(said) & set("O&"))


def _all_of(pieces: list[Token]) -> When | None:
    """Join what must hold together; wishes ("any time", "early", "soonest") count when the rest is read."""
    wishes = [token.kind for token in pieces if token.kind in "YAQ"]
    others = [token.when for token in pieces if token.kind in _PIECES and token.when]
    if not pieces or len(wishes) + len(others) < len(pieces):
        return None
    said: list[When | None] = [*others, *_wished(wishes, others)]
    return reduce(lambda one, other: both(one, other) if one and other else None, said)


def _wished(wishes: list[str], others: list[When]) -> Iterable[When]:
    says_time = any(when.from_time or when.until_time or when.at for when in others)
    if "Q" in wishes:
        yield When(soonest=True, until_time=None if says_time else _NOON)
    elif "A" in wishes or not others:
        yield When(soonest=True)
