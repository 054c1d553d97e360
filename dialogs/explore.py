"""Every path of every script, walked on examples of all answers and results: the graph, and the dead ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogs.ledger import Entry, Ledger
from dialogs.outcomes import offers_of, results_of
from dialogs.questions import Question
from dialogs.script import Again, Asks, Does, End, Ends, Script, Tells, dump_result, replay

_LONGEST = 60  # steps of one path; a longer one goes round


@dataclass(frozen=True, slots=True)
class Edge:
    """From one question to what follows, by an answer or a result."""

    start: str
    by: str
    end: str


@dataclass(slots=True)
class Walk:
    """What was found on all paths."""

    questions: dict[str, Question[Any]] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    ends: int = 0
    paths: int = 0
    dead_ends: list[str] = field(default_factory=list)
    beside: set[tuple[str, str, str]] = field(default_factory=set)  # what is answered beside a question, followed once


@dataclass(frozen=True, slots=True)
class _Way:
    ledger: Ledger
    start: str
    by: str
    length: int


def walk(script: Script, programme: str = "example") -> Walk:
    """Walk *script* along all its paths; one that comes to a place known before is not followed twice.

    *programme* is what the bookings in the examples are for.
    """
    found = Walk()
    seen: set[str] = set()
    ways = [_Way(Ledger(), "start", "", 0)]
    while ways:
        ways += _follow(script, programme, ways.pop(), found, seen)
    return found


def _follow(script: Script, programme: str, way: _Way, found: Walk, seen: set[str]) -> Iterator[_Way]:
    came = replay(script, way.ledger)
    step = came.step
    place = repr((list(_known(came.passed, way.ledger, found)), step))
    if place in seen:
        return
    seen.add(place)
    if way.length > _LONGEST:
        found.dead_ends.append(f"a path goes round after {way.start}")
        return
    match step:
        case Asks(key, question):
            found.questions[key] = question
            found.edges.add(Edge(way.start, way.by, key))
            yield from _answered(key, question, way, found)
        case Does(key, given, command):
            for result in results_of(command, programme):
                entry = Entry(origin="result", value=dump_result(result), given=given)
                yield _next(way, key, entry, way.start, _also(way.by, type(result).__name__))
        case Tells(key, given, _):
            yield _next(way, key, Entry(origin="told", given=given), way.start, way.by)
        case Ends(End()):
            found.edges.add(Edge(way.start, way.by, "end"))
            found.ends += 1
            found.paths += 1
        case Ends(Again(keys)):
            yield from _again(way, keys)


def _known(passed: list[str], ledger: Ledger, found: Walk) -> Iterator[tuple[str, str, Any]]:
    """Yield what is known on the way, but for what is answered beside: that stands in the questions it changes."""
    beside = {key for _, key, _ in found.beside}
    for key in passed:
        if key in ledger.entries and key not in beside:
            entry = ledger.entries[key]
            yield key, entry.origin, entry.value


def _again(way: _Way, keys: tuple[str, ...]) -> Iterator[_Way]:
    ledger = Ledger(dict(way.ledger.entries))
    for key in keys:
        ledger.reopen(key)
    yield _Way(ledger, way.start, _also(way.by, "again"), way.length + 1)


def _answered(key: str, question: Question[Any], way: _Way, found: Walk) -> Iterator[_Way]:
    answers = list(answers_to(question))
    if not answers:
        found.dead_ends.append(f"nothing can be answered to {key}")
    for label, value in answers:
        entry = Entry(origin="answer", value=question.dump(value), given=question.given)
        yield _next(way, key, entry, key, label)
    for option in (*question.options, *question.extras):
        for beside, value in option.answers:
            if (key, beside, repr(value)) not in found.beside:
                found.beside.add((key, beside, repr(value)))
                yield _next(way, beside, Entry(origin="answer", value=value), key, f"answers {beside}")
        if option.reopens:
            ledger = Ledger(dict(way.ledger.entries))
            for reopened in option.reopens:
                ledger.reopen(reopened)
            yield _Way(ledger, key, "reopens " + ", ".join(option.reopens), way.length + 1)


def answers_to(question: Question[Any]) -> Iterator[tuple[str, Any]]:
    """Yield (label, answer) for examples of all that can be answered to *question*."""
    for option in question.options:
        if not option.reopens and not option.answers:
            yield str(option.value), option.value
    if question.source is not None and question.present is not None:
        for offer in offers_of(question.source):
            yield "an offer", question.present(offer).value
    for sample in question.samples:
        yield "in words", sample


def _next(way: _Way, key: str, entry: Entry, start: str, by: str) -> _Way:
    ledger = Ledger(dict(way.ledger.entries))
    ledger.put(key, entry)
    return _Way(ledger, start, by, way.length + 1)


def _also(by: str, more: str) -> str:
    return f"{by}, {more}" if by else more


def as_dot(name: str, walked: Walk) -> str:
    """Draw a walk as a graph for Graphviz; edges between the same two nodes are one."""
    lines = [f'digraph "{name}" {{', "  rankdir=TB; node [shape=box, style=rounded];"]
    ways: dict[tuple[str, str], set[str]] = {}
    for edge in walked.edges:
        ways.setdefault((edge.start, edge.end), set()).add(edge.by)
    for (start, end), labels in sorted(ways.items()):
        label = "\\n".join(sorted(labels)[:4])
        lines.append(f'  "{start}" -> "{end}" [label="{label}"];')
    return "\n".join([*lines, "}"])


def example_args(script: str) -> tuple[Mapping[str, str], ...]:
    """Return the arguments with which *script* may be begun."""
    match script:
        case "book":
            return ({}, {"centre": "1"}, {"programme": "example", "whom": "me", "centre": "1"})
        case "manage":
            return ({}, {"wish": "move"}, {"wish": "cancel"}, {"visit": "1", "wish": "cancel"})
        case "reminder":
            return ({"visits": "1"}, {"visits": "1,2", "wish": "come"}, {"visits": "1", "wish": "again"}, {})
        case "email":
            return ({}, {"wish": "none"})
        case "home":
            return ({}, {"under": "yes"})
        case _:
            return ({},)
