"""Programmes: what can be booked, for whom, in how many doses; read from YAML and checked as they are read.

A programme file has the manner of a FHIR Questionnaire: criteria with a key, a text in each language, options,
when they apply, and what each option decides. `from_mapping` refuses what it does not know, with the place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.eligibility import AgeRule, Answer, Criterion, Decision
from domain.services import Service, ServiceError, service_of
from domain.words import Words

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
TITLE_LIMIT = 24  # what a WhatsApp list row shows
_DAY = timedelta(days=1)
_LATEST = timedelta(days=28)  # after the earliest day, where a programme does not say
_MOST = 100_000  # days or minutes: beyond any programme, and within the calendar


class ProgrammeError(ValueError):
    """The programme cannot be used; the message names the place and the cure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One visit of a course; all but the first come *after* the one before, at the latest *before*."""

    key: str
    after: timedelta = timedelta(0)
    before: timedelta = timedelta(0)

    @property
    def latest(self) -> timedelta:
        """By when it must be, counted from the dose before."""
        return self.before or self.after + _LATEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Something that can be booked (FHIR HealthcareService)."""

    key: str
    title: Words
    bring: Words
    doses: tuple[Dose, ...]
    age: AgeRule = field(default_factory=AgeRule)
    criteria: tuple[Criterion, ...] = ()
    lead: timedelta = timedelta(minutes=30)
    service: Service = field(default_factory=lambda: Service(codes=()))

    def window(self, dose: str, others: Mapping[str, date]) -> tuple[date | None, date | None]:
        """Return the days [first, last) on which *dose* may be, when *others* of the course are on these days."""
        number = next((n for n, one in enumerate(self.doses) if one.key == dose), 0)
        first: list[date] = []
        last: list[date] = []
        if number > 0 and (before := others.get(self.doses[number - 1].key)) is not None:
            first.append(before + self.doses[number].after)
            last.append(before + self.doses[number].latest)
        if number + 1 < len(self.doses) and (following := others.get(self.doses[number + 1].key)) is not None:
            first.append(following - self.doses[number + 1].latest + _DAY)
            last.append(following - self.doses[number + 1].after + _DAY)
        return max(first, default=None), min(last, default=None)


def from_mapping(body: Mapping[str, Any]) -> Programme:
    """Read a programme from the mapping of its YAML file; ProgrammeError says what is wrong and where."""
    _only(body, "", {"key", "title", "bring", "doses", "age", "criteria", "lead_minutes", "service", "product"})
    key = _key(body, "")
    criteria = tuple(_criterion(item, f"criteria[{n}]") for n, item in enumerate(_list(body, "criteria", "")))
    _check_keys(criteria)
    return Programme(
        key=key,
        title=_words(body, "title", ""),
        bring=_words(body, "bring", "", needed=False),
        doses=_doses(body),
        age=_age(body.get("age") or {}),
        criteria=criteria,
        lead=timedelta(minutes=_number(body, "lead_minutes", "", 30)),
        service=_service(body),
    )


def _service(body: Mapping[str, Any]) -> Service:
    try:
        return service_of(body)
    except ServiceError as fault:
        raise ProgrammeError(str(fault)) from None


def _check_keys(criteria: tuple[Criterion, ...]) -> None:
    known: dict[str, set[str]] = {}
    for criterion in criteria:
        place = f"criterion {criterion.key!r}"
        if criterion.key in known:
            raise ProgrammeError(f"{place}: the key stands twice; give each criterion its own")
        for other, wanted in criterion.when:
            unknown = wanted - known.get(other, set())
            if unknown:
                raise ProgrammeError(
                    f"{place}: when.{other} names {sorted(unknown)}, which no earlier criterion offers"
                )
        known[criterion.key] = {answer.key for answer in criterion.answers}


def _doses(body: Mapping[str, Any]) -> tuple[Dose, ...]:
    doses = tuple(_dose(item, f"doses[{n}]") for n, item in enumerate(_list(body, "doses", "")))
    if len({dose.key for dose in doses}) != len(doses):
        raise ProgrammeError("doses: two doses have the same key; give each its own")
    return doses or (Dose(key="1"),)


def _dose(body: Mapping[str, Any], place: str) -> Dose:
    _only(body, place, {"key", "after_days", "before_days"})
    after, before = (_number(body, name, place, 0) for name in ("after_days", "before_days"))
    if before and before <= after:
        raise ProgrammeError(f"{place}: before_days must be more than after_days")
    return Dose(key=_key(body, place), after=timedelta(days=after), before=timedelta(days=before))


def _age(body: Mapping[str, Any]) -> AgeRule:
    _only(body, "age", {"from", "to", "because"})
    least, most = _number(body, "from", "age", 0), _number(body, "to", "age", 200)
    if least > most:
        raise ProgrammeError("age: from is more than to, so that nobody could book")
    return AgeRule(least=least, most=most, because=_words(body, "because", "age", needed=bool(body)))


def _criterion(body: Mapping[str, Any], place: str) -> Criterion:
    _only(body, place, {"key", "text", "why", "when", "keeps", "options"})
    answers = tuple(_answer(item, f"{place}.options[{n}]") for n, item in enumerate(_list(body, "options", place)))
    if len(answers) < 2 or len({answer.key for answer in answers}) != len(answers):
        raise ProgrammeError(f"{place}.options: a question needs two or more options with different keys")
    return Criterion(
        key=_key(body, place),
        text=_words(body, "text", place),
        why=_words(body, "why", place, needed=False),
        answers=answers,
        when=_when(body.get("when") or {}, place),
        keeps=_truth(body, "keeps", place),
    )


def _when(body: object, place: str) -> tuple[tuple[str, frozenset[str]], ...]:
    if not isinstance(body, Mapping) or not all(map(_is_wanted, body.values())):
        raise ProgrammeError(f"{place}.when: must map a criterion's key to the answers that make it apply")
    return tuple((str(key), frozenset([wanted] if isinstance(wanted, str) else wanted)) for key, wanted in body.items())


def _is_wanted(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def _answer(body: Mapping[str, Any], place: str) -> Answer:
    _only(body, place, {"key", "label", "decides", "because", "wait_days", "group"})
    try:
        decision = Decision(body.get("decides", "fine"))
    except ValueError:
        choices = ", ".join(Decision)
        raise ProgrammeError(f"{place}.decides: {body['decides']!r} is not one of {choices}") from None
    wait = _number(body, "wait_days", place, 0)
    group = body.get("group")
    if group is not None and not isinstance(group, str):
        raise ProgrammeError(f"{place}.group: {group!r} must be a text")
    return Answer(
        key=_key(body, place),
        label=_words(body, "label", place),
        decision=decision,
        because=_words(body, "because", place, needed=decision != Decision.FINE),
        wait=timedelta(days=wait) if wait else None,
        group=group,
    )


def _only(body: object, place: str, allowed: set[str]) -> None:
    if not isinstance(body, Mapping):
        raise ProgrammeError(f"{place or 'the file'}: must be a mapping of names to values")
    unknown = sorted(set(map(str, body)) - allowed)
    if unknown:
        raise ProgrammeError(
            f"{place or 'the file'}: {unknown[0]!r} is not known here; known are {', '.join(sorted(allowed))}"
        )


def _key(body: Mapping[str, Any], place: str) -> str:
    key = str(body.get("key", ""))
    if not _KEY.fullmatch(key):
        raise ProgrammeError(
            f"{_at(place, 'key')}: {key!r} must be up to 40 of a-z, 0-9 and -, and begin with a letter or digit"
        )
    return key


def _words(body: Mapping[str, Any], name: str, place: str, *, needed: bool = True) -> Words:
    value = body.get(name)
    if value is None and not needed:
        return Words(())
    if isinstance(value, str) and value.strip():
        return Words.of(value)
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise ProgrammeError(f"{_at(place, name)}: must be a text, or a text for each of en, fr and es")
    words = Words.of(value)
    if missing := next(words.missing(), None):
        raise ProgrammeError(f"{_at(place, name)}: has no text in language {missing!r}")
    return words


def _number(body: Mapping[str, Any], name: str, place: str, default: int) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise ProgrammeError(f"{_at(place, name)}: {value!r} must be a whole number from 0 to {_MOST}")
    return value


def _truth(body: Mapping[str, Any], name: str, place: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise ProgrammeError(f"{_at(place, name)}: {value!r} must be true or false")
    return value


def _list(body: Mapping[str, Any], name: str, place: str) -> list[Any]:
    value = body.get(name) or []
    if not isinstance(value, list):
        raise ProgrammeError(f"{_at(place, name)}: must be a list")
    return value


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
