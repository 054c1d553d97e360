"""What is wrong with a programme that can be read: contradictions, what is never asked or heard, what cannot be shown.

A walk over all answers would be too long; criteria depend on each other by `when` alone, which is what is followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.eligibility import ANY_DAY, Answer, Criterion, Decision, Kind
from domain.priority import Reserve
from domain.privacy import tells_in_any_language
from domain.programmes import TITLE_LIMIT, Programme
from domain.words import LANGUAGES

OLDEST = 120
OPTIONS_LIMIT = 10  # what a WhatsApp list holds
TEXT_LIMIT = 900  # what a message with buttons holds, less what is said before the question
_ENDS = frozenset([Decision.INELIGIBLE, Decision.NOT_BEFORE])
Needs = Mapping[str, frozenset[str]]
_Given = tuple[str, str]  # a criterion and an answer to it


def faults(programme: Programme) -> Iterator[str]:
    """Name each fault of *programme*."""
    for fault in (
        *_of_labels(programme),
        *_of_criteria(programme),
        *_of_effects(programme),
        *_of_groups(programme),
        *_of_reminders(programme),
    ):
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
    if programme.criteria and not _somebody_may(programme.criteria):
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


def _somebody_may(criteria: tuple[Criterion, ...]) -> bool:
    """Say whether some answers are fine for all *criteria*; of each way only what later rules ask is kept."""
    ways = {frozenset[_Given]()}
    for number, criterion in enumerate(criteria, start=1):
        decides = {(key, answer) for one in criteria[number:] for key, wanted in one.when for answer in wanted}
        ways = {frozenset(after & decides) for way in ways for after in _after(criterion, way)}
    return bool(ways)


def _after(criterion: Criterion, way: frozenset[_Given]) -> Iterator[frozenset[_Given]]:
    if not all(any((key, answer) in way for answer in wanted) for key, wanted in criterion.when):
        yield way
        return
    fine = [one.key for one in criterion.answers if one.decision == Decision.FINE]
    any_day = [ANY_DAY] if criterion.kind == Kind.DATE else []
    yield from (way | {(criterion.key, answer)} for answer in (*any_day, *fine))


# ---- what says something that has no effect


def _of_effects(programme: Programme) -> Iterator[str]:
    if programme.doses[0].after or programme.doses[0].before:
        yield f"doses: days of {programme.doses[0].key} have no effect, since no dose comes before it"
    for criterion in programme.criteria:
        for answer in criterion.answers:
            yield from (f"{criterion.key}.{answer.key}: {fault}" for fault in _of_answer(answer))


def _of_answer(answer: Answer) -> Iterator[str]:
    if answer.wait and answer.decision not in _ENDS:
        yield f"wait_days have no effect where it decides {answer.decision}; make that not-before, or leave them out"
    if answer.because.pairs and answer.decision == Decision.FINE:
        yield "because is never told where it decides fine; say what it decides, or leave it out"
    if answer.group and answer.decision in _ENDS:
        yield f"group has no effect where it decides {answer.decision}; leave it out"


# ---- what is kept for whom


def _of_groups(programme: Programme) -> Iterator[str]:
    answers = [answer for one in programme.criteria for answer in one.answers]
    named = {answer.group for answer in answers if answer.group and answer.decision not in _ENDS}
    for key, _ in programme.groups:
        if key not in named:
            yield f"groups: {key} is listed, and no option makes anybody one of it"
    if programme.reserve != Reserve() and not named:
        yield "reserve: places are kept for groups, and no option makes anybody one of a group"


# ---- what others may read


def _of_reminders(programme: Programme) -> Iterator[str]:
    policy = programme.policy
    texts = [("missed.text", policy.missed.text)]
    for rule in policy.reminders:
        texts += [(f"reminders.{rule.key}.text", rule.text)]
        texts += [(f"reminders.{rule.key}.{channel}", words) for channel, words in rule.by_channel]
    for place, words in texts:
        if tells_in_any_language(words, programme.title):
            yield f"{place} tells what the visit is for, and others may see the phone; leave that out"


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
