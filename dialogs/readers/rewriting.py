"""Rules that rewrite tokens: a pattern over the letters of their kinds, and what a match becomes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from dialogs.readers.tokens import Token, kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What phrases are relative to: the day, the language, and how digits are ordered."""

    today: date
    language: str
    month_first: bool


Build = Callable[[list[Token], Frame], list[Token] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """What matches *pattern* becomes what *build* makes of it; nothing built leaves the tokens as they are."""

    pattern: re.Pattern[str]
    build: Build


def rule(pattern: str, build: Build) -> Rule:
    """Return the rule with its pattern compiled."""
    return Rule(re.compile(pattern), build)


def rewrite(tokens: list[Token], rules: Iterable[Rule], frame: Frame) -> list[Token]:
    """Apply each of *rules* in turn, wherever it matches, from left to right."""
    for each in rules:
        tokens = _apply(each, tokens, frame)
    return tokens


def _apply(each: Rule, tokens: list[Token], frame: Frame) -> list[Token]:
    letters = kinds(tokens)
    match = each.pattern.search(letters)
    while match is not None:
        built = each.build(tokens[match.start() : match.end()], frame)
        resume = match.start() + 1
        if built is not None:
            tokens = [*tokens[: match.start()], *built, *tokens[match.end() :]]
            letters = kinds(tokens)
            resume = match.start() + len(built)
        match = each.pattern.search(letters, resume)
    return tokens
