"""The criteria of a programme file, read and checked: what is asked, when, and what each answer decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain import programme_fields as fields
from domain.eligibility import ANY_DAY, Answer, Criterion, Decision, Kind, as_day
from domain.programme_fields import ProgrammeError
from domain.words import Words

_CRITERION = {"key", "kind", "text", "why", "when", "keeps", "options", "wait_days", "because"}
_ANSWER = {"key", "label", "decides", "because", "wait_days", "group"}


def read_criteria(body: Mapping[str, Any]) -> tuple[Criterion, ...]:
    """Read the criteria of a programme; each may depend on those before it."""
    criteria = tuple(_criterion(item, f"criteria[{n}]") for n, item in enumerate(fields.items(body, "criteria", "")))
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
        if criterion.kind == Kind.DATE:
            known[criterion.key].add(ANY_DAY)
    return criteria


def _criterion(body: Mapping[str, Any], place: str) -> Criterion:
    fields.only(body, place, _CRITERION)
    kind = _kind(body, place)
    wait, because = _wait(body, place, kind)
    return Criterion(
        key=fields.key(body, place),
        text=fields.words(body, "text", place),
        why=fields.words(body, "why", place, needed=False),
        answers=_answers(body, place, kind),
        when=_when(body.get("when") or {}, place),
        keeps=fields.truth(body, "keeps", place),
        kind=kind,
        wait=wait,
        because=because,
    )


def _kind(body: Mapping[str, Any], place: str) -> Kind:
    try:
        return Kind(body.get("kind", "choice"))
    except ValueError:
        raise ProgrammeError(f"{place}.kind: {body['kind']!r} is not one of {', '.join(Kind)}") from None


def _wait(body: Mapping[str, Any], place: str, kind: Kind) -> tuple[timedelta | None, Words]:
    if kind != Kind.DATE and (found := sorted({"wait_days", "because"} & set(body))):
        raise ProgrammeError(f"{place}.{found[0]}: stands with an option, or with a criterion of kind date")
    days = fields.number(body, "wait_days", place, 0)
    because = fields.words(body, "because", place, needed=days > 0)
    return (timedelta(days=days) if days else None), because


def _answers(body: Mapping[str, Any], place: str, kind: Kind) -> tuple[Answer, ...]:
    options = fields.items(body, "options", place)
    answers = tuple(_answer(item, f"{place}.options[{n}]") for n, item in enumerate(options))
    if (kind == Kind.CHOICE and len(answers) < 2) or len({answer.key for answer in answers}) != len(answers):
        raise ProgrammeError(f"{place}.options: a question needs two or more options with different keys")
    if kind == Kind.DATE and any(one.key == ANY_DAY or as_day(one.key) for one in answers):
        raise ProgrammeError(f"{place}.options: beside a date no option can have a date, or {ANY_DAY!r}, for its key")
    return answers


def _when(body: object, place: str) -> tuple[tuple[str, frozenset[str]], ...]:
    if not isinstance(body, Mapping) or not all(map(_is_wanted, body.values())):
        raise ProgrammeError(f"{place}.when: must map a criterion's key to the answers that make it apply")
    return tuple((str(key), frozenset([wanted] if isinstance(wanted, str) else wanted)) for key, wanted in body.items())


def _is_wanted(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def _answer(body: Mapping[str, Any], place: str) -> Answer:
    fields.only(body, place, _ANSWER)
    try:
        decision = Decision(body.get("decides", "fine"))
    except ValueError:
        choices = ", ".join(Decision)
        raise ProgrammeError(f"{place}.decides: {body['decides']!r} is not one of {choices}") from None
    wait = fields.number(body, "wait_days", place, 0)
    if decision == Decision.NOT_BEFORE and not wait:
        raise ProgrammeError(f"{place}.wait_days: {decision} needs the days to wait")
    group = body.get("group")
    if group is not None and not isinstance(group, str):
        raise ProgrammeError(f"{place}.group: {group!r} must be a text")
    return Answer(
        key=fields.key(body, place),
        label=fields.words(body, "label", place),
        decision=decision,
        because=fields.words(body, "because", place, needed=decision != Decision.FINE),
        wait=timedelta(days=wait) if wait else None,
        group=group or None,
    )
