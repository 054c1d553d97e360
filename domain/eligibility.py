"""Eligibility: criteria, what their answers decide, and the verdict over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from domain.patients import years_old
from domain.words import Words


class Decision(StrEnum):
    """What one answer means for the person."""

    FINE = "fine"
    INELIGIBLE = "ineligible"
    NOT_BEFORE = "not-before"
    REFER = "refer"


class Kind(StrEnum):
    """What a criterion is answered with: one of its options, or a day in the past (or one of its options)."""

    CHOICE = "choice"
    DATE = "date"


#: What `Criterion.when` of another criterion says for "any day", beside the keys of options.
ANY_DAY = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer a criterion offers: its label, and what it decides.

    *wait* makes an ineligible person eligible again after so long; *group* makes them one of a priority group.
    """

    key: str
    label: Words
    decision: Decision = Decision.FINE
    because: Words = field(default_factory=lambda: Words(()))
    wait: timedelta | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One screening question; asked when each key of *when* was answered with one of its values.

    *keeps* says that the answer is a lasting fact about the person and need not be asked next time. An answer is the
    key of an option, or for a date the day as ISO has it: then the person may from *wait* after that day on, and is
    told *because* before.
    """

    key: str
    text: Words
    answers: tuple[Answer, ...]
    why: Words = field(default_factory=lambda: Words(()))
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    keeps: bool = False
    kind: Kind = Kind.CHOICE
    wait: timedelta | None = None
    because: Words = field(default_factory=lambda: Words(()))

    def applies(self, answers: Mapping[str, str]) -> bool:
        """Say whether the question is to be asked, given the *answers* so far."""
        return all(_is_among(answers.get(key), wanted) for key, wanted in self.when)

    def takes(self, answer: str) -> bool:
        """Say whether *answer* is one that this criterion can have."""
        return self.day_of(answer) is not None or any(offered.key == answer for offered in self.answers)

    def day_of(self, answer: str) -> date | None:
        """Return the day that *answer* is; None where it is an option, or this criterion asks for no day."""
        return as_day(answer) if self.kind == Kind.DATE else None

    def offers(self, key: str | None) -> bool:
        """Say whether *key* is one of its answers."""
        return any(offered.key == key for offered in self.answers)

    def answer(self, key: str) -> Answer:
        """Return the answer called *key*; KeyError when this criterion does not offer it."""
        for offered in self.answers:
            if offered.key == key:
                return offered
        raise KeyError(key)


def as_day(answer: str) -> date | None:
    """Read a day as answers keep it, with four, two and two digits; None for anything else."""
    try:
        return date.fromisoformat(answer) if _DAY.fullmatch(answer) else None
    except ValueError:
        return None


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_among(answer: str | None, wanted: frozenset[str]) -> bool:
    return answer is not None and (answer in wanted or (ANY_DAY in wanted and as_day(answer) is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRule:
    """The ages, in whole years, that a programme is for: from *least* to *most*, both included."""

    least: int = 0
    most: int = 200
    because: Words = field(default_factory=lambda: Words(()))


@dataclass(frozen=True, slots=True)
class Eligible:
    """The person may have it; *groups* are the priority groups they belong to."""

    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ineligible:
    """The person may not have it, by *rule*; where time cures that, *until* is the first day they may."""

    rule: str
    because: Words
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refer:
    """A person has to decide, by *rule*."""

    rule: str
    because: Words


Verdict = Eligible | Ineligible | Refer


def age_verdict(rule: AgeRule, birth: date, today: date) -> Verdict:
    """Judge *birth* by *rule*; somebody too young learns the day from which they may."""
    age = years_old(birth, today)
    if age < rule.least:
        return Ineligible(rule="age", because=rule.because, until=_birthday(birth, rule.least))
    if age > rule.most:
        return Ineligible(rule="age", because=rule.because)
    return Eligible()


def _birthday(birth: date, age: int) -> date:
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:  # born on 29 February
        return date(birth.year + age, 3, 1)


def answer_verdict(criterion: Criterion, key: str, today: date) -> Verdict:
    """Judge one answer of *criterion*."""
    if (day := criterion.day_of(key)) is not None:
        return _day_verdict(criterion, day, today)
    answer = criterion.answer(key)
    match answer.decision:
        case Decision.INELIGIBLE | Decision.NOT_BEFORE:
            until = today + answer.wait if answer.wait else None
            return Ineligible(rule=criterion.key, because=answer.because, until=until)
        case Decision.REFER:
            return Refer(rule=criterion.key, because=answer.because)
        case Decision.FINE:
            return Eligible(groups=(answer.group,) if answer.group else ())


def groups_of(criteria: tuple[Criterion, ...], answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the priority groups that *answers* put a person into."""
    found = (one.answer(answers[one.key]).group for one in criteria if one.offers(answers.get(one.key)))
    return tuple(group for group in found if group)


def _day_verdict(criterion: Criterion, day: date, today: date) -> Verdict:
    until = day + criterion.wait if criterion.wait else day
    return Ineligible(rule=criterion.key, because=criterion.because, until=until) if today < until else Eligible()


def verdict(
    rule: AgeRule, criteria: tuple[Criterion, ...], *, birth: date, answers: Mapping[str, str], today: date
) -> Verdict:
    """Judge a person by all that applies: the first ineligible, else the first referral, else eligible."""
    verdicts = list(_each(rule, criteria, birth=birth, answers=answers, today=today))
    for found in verdicts:
        if isinstance(found, Ineligible):
            return found
    for found in verdicts:
        if isinstance(found, Refer):
            return found
    return Eligible(tuple(g for found in verdicts if isinstance(found, Eligible) for g in found.groups))


def _each(
    rule: AgeRule, criteria: tuple[Criterion, ...], *, birth: date, answers: Mapping[str, str], today: date
) -> Iterator[Verdict]:
    yield age_verdict(rule, birth, today)
    for criterion in criteria:
        if criterion.applies(answers) and criterion.key in answers:
            yield answer_verdict(criterion, answers[criterion.key], today)
