"""What is wrong with a programme that can be read: contradictions, what is never asked, what no channel can show.

A walk over all answers would be too long; criteria depend on each other by `when` alone, which is what is followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.eligibility import ANY_DAY, Criterion, Decision, Kind
from domain.priority import Reserve
from domain.programmes import TITLE_LIMIT, Programme
from domain.words import LANGUAGES

OLDEST = 120
OPTIONS_LIMIT = 10  # what a WhatsApp list holds
TEXT_LIMIT = 900  # what a message with buttons holds, less what is said before the question
_ENDS = frozenset([Decision.INELIGIBLE, Decision.NOT_BEFORE])
Needs = Mapping[str, frozenset[str]]


def faults(programme: Programme) -> Iterator[str]:
    """Name each fault of *programme*."""
    for fault in (*_of_labels(programme), *_of_criteria(programme), *_of_groups(programme)):
        yield f"programme {programme.key}: {fault}"


# ---- who can have it


def _of_criteria(programme: Programme) -> Iterator[str]:
    if programme.age.least > OLDEST:
        yield f"age: nobody is {programme.age.least} years old, so that nobody could book"
    needs: dict[str, Needs] = {}
    for criterion in programme.criteria:
        needs[criterion.key] = _needs(criterion, programme, needs)
        if not all(needs[criterion.key].values()):
            yield f"criterion {criterion.key}: is never asked; its when needs answers that end the screening"
        elif not _going_on(criterion):
            yield f"criterion {criterion.key}: every answer rules out whoever is asked"
    if programme.criteria and not _somebody_may(programme.criteria, {}):
        yield "criteria: no answers make anybody eligible"


def _needs(criterion: Criterion, programme: Programme, known: Mapping[str, Needs]) -> Needs:
    """Return which answers must have been given before *criterion* is asked; none to choose from: it never is."""
    needs: dict[str, frozenset[str]] = {}
    for key, wanted in criterion.when:
        other = next(one for one in programme.criteria if one.key == key)
        for name, answers in {**known[key], key: wanted & _going_on(other)}.items():
            needs[name] = needs.get(name, answers) & answers
    return needs


def _going_on(criterion: Criterion) -> frozenset[str]:
    """Return the answers to *criterion* that do not end the screening."""
    any_day = {ANY_DAY} if criterion.kind == Kind.DATE else set()
    return frozenset({one.key for one in criterion.answers if one.decision not in _ENDS} | any_day)


def _somebody_may(criteria: tuple[Criterion, ...], answers: dict[str, str]) -> bool:
    """Say whether some answers to *criteria*, after *answers*, are fine for all of them."""
    if not criteria:
        return True
    first, rest = criteria[0], criteria[1:]
    if not first.applies(answers):
        return _somebody_may(rest, answers)
    fine = [one.key for one in first.answers if one.decision == Decision.FINE]
    long_ago = ["0001-01-01"] if first.kind == Kind.DATE else []
    return any(_somebody_may(rest, {**answers, first.key: key}) for key in (*long_ago, *fine))


# ---- what is kept for whom


def _of_groups(programme: Programme) -> Iterator[str]:
    named = {answer.group for one in programme.criteria for answer in one.answers if answer.group}
    for key, _ in programme.groups:
        if key not in named:
            yield f"groups: {key} is listed, and no option makes anybody one of it"
    if programme.reserve != Reserve() and not named:
        yield "reserve: places are kept for groups, and no option makes anybody one of a group"


# ---- what can be shown


def _of_labels(programme: Programme) -> Iterator[str]:
    labels = [("title", programme.title)]
    labels += [(f"{one.key}.{answer.key}", answer.label) for one in programme.criteria for answer in one.answers]
    for place, words in labels:
        for language, text in words.pairs:
            if len(text) > TITLE_LIMIT:
                yield f"{place} is {len(text)} characters long in {language}; a list shows {TITLE_LIMIT}"
    for criterion in programme.criteria:
        yield from (f"criterion {criterion.key}: {fault}" for fault in _of_showing(criterion))


def _of_showing(criterion: Criterion) -> Iterator[str]:
    if len(criterion.answers) > OPTIONS_LIMIT:
        yield f"has {len(criterion.answers)} options; a list shows {OPTIONS_LIMIT}"
    for language in LANGUAGES:
        if (length := len(criterion.text.in_language(language))) > TEXT_LIMIT:
            yield f"is {length} characters long in {language}; a message with choices holds {TEXT_LIMIT}"
        labels = [answer.label.in_language(language).casefold() for answer in criterion.answers]
        if len(set(labels)) < len(labels):
            yield f"two options have the same label in {language}"
