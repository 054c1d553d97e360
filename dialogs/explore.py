"""Every path of every script, walked on examples of all answers and results: the graph, and the dead ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dialogs.ledger import Entry, Ledger
from dialogs.outcomes import offers_of, results_of
from dialogs.questions import Question
from dialogs.script import Again, Asks, Does, End, Ends, Performance, Replay, Script, Tells, dump_result
from dialogs.staff_examples import args_for_staff

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
    begins: set[str] = field(default_factory=set)  # the scripts that follow, or stand under a notice
    beside: set[tuple[str, str, str]] = field(default_factory=set)  # what is answered beside a question, followed once


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to be followed from *start*. What it *learnt* last stands under that key; none if it goes back.

    *performance* is the script as it stands before what was learnt; without it, the script begins anew.
    """

    ledger: Ledger
    start: str
    by: str
    length: int
    learnt: str = ""
    performance: Performance | None = None


_Passed = tuple[Entry | None, ...]


@dataclass(slots=True)
class _Seen:
    """The places known, and where they are: a key, after what was known of all that was passed before it.

    The entries of one way are the same objects as those of the way it goes on from, and are kept alive here, so that
    their identities will do.
    """

    places: set[str] = field(default_factory=set)
    after: dict[tuple[int | str, ...], _Passed] = field(default_factory=dict)

    def note(self, key: str, passed: _Passed) -> None:
        """Remember that *key* was come to after *passed*."""
        self.after[(key, *map(id, passed))] = passed

    def leads_back(self, way: _Way, passed: Sequence[str]) -> bool:
        """Say whether *way* reopens one of the keys *passed* and so comes to where some way was before."""
        turn = next((number for number, key in enumerate(passed) if way.ledger.is_open(key)), None)
        if turn is None or way.learnt:
            return False
        return (passed[turn], *map(id, _entries(passed[:turn], way.ledger))) in self.after


def walk(script: Script, programme: str = "example") -> Walk:
    """Walk *script* along all its paths; one that comes to a place known before is not followed twice.

    *programme* is what the bookings in the examples are for.
    """
    found, seen = Walk(), _Seen()
    ways = [_Way(Ledger(), "start", "", 0)]
    while ways:
        ways += _follow(script, programme, ways.pop(), found, seen)
    return found


def _follow(script: Script, programme: str, way: _Way, found: Walk, seen: _Seen) -> list[_Way]:
    performance = way.performance or Performance(script)
    came = performance.further(way.ledger)
    place = repr((list(_known(came.passed, way.ledger, found)), came.step))
    if place in seen.places:
        performance.close()
        return []
    seen.places.add(place)
    passed = list(came.passed)
    if not isinstance(came.step, Ends):
        seen.note(came.step.key, _entries(passed, way.ledger))
        passed.append(came.step.key)
    return _handed_on(
        performance, [one for one in _onwards(came, programme, way, found) if not seen.leads_back(one, passed)]
    )


def _handed_on(performance: Performance, ways: list[_Way]) -> list[_Way]:
    """Have the last of *ways* that only adds to what is known go on with *performance*; the others begin anew."""
    for number in reversed(range(len(ways))):
        if ways[number].learnt and not performance.has_passed(ways[number].learnt):
            ways[number] = replace(ways[number], performance=performance)
            return ways
    performance.close()
    return ways


def _entries(keys: Sequence[str], ledger: Ledger) -> _Passed:
    return tuple(ledger.entries.get(key) for key in keys)


def _onwards(came: Replay, programme: str, way: _Way, found: Walk) -> Iterator[_Way]:
    """Yield the ways on from where *way* came to."""
    if way.length > _LONGEST:
        found.dead_ends.append(f"a path goes round after {way.start}")
        return
    match came.step:
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
        case Ends(End() as end):
            found.edges.add(Edge(way.start, way.by, "end"))
            found.begins |= {goto.script for goto in (end.then, *(one.goto for one in end.offers)) if goto is not None}
            found.ends += 1
            found.paths += 1
        case Ends(Again(keys)):
            yield _back(way, keys, way.start, _also(way.by, "again"))


def _known(passed: list[str], ledger: Ledger, found: Walk) -> Iterator[tuple[str, str, Any]]:
    """Yield what is known on the way, but for what is answered beside: that stands in the questions it changes."""
    beside = {key for _, key, _ in found.beside}
    for key in passed:
        if key in ledger.entries and key not in beside:
            entry = ledger.entries[key]
            yield key, entry.origin, entry.value


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
            yield _back(way, option.reopens, key, "reopens " + ", ".join(option.reopens))


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
    ledger = way.ledger.copy()
    ledger.put(key, entry)
    return _Way(ledger, start, by, way.length + 1, learnt=key)


def _back(way: _Way, keys: tuple[str, ...], start: str, by: str) -> _Way:
    ledger = way.ledger.copy()
    for key in keys:
        ledger.reopen(key)
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
            return (
                {},
                {"centre": "1"},
                {"programme": "example", "whom": "me", "centre": "1", "practitioner": "any"},
                {"programme": "example", "whom": "me", "centre": "1", "seen-for": "heart"},
            )
        case "manage":
            by_visit = ({"visit": "1", "wish": "cancel"}, {"visit": "1", "wish": "move"})
            return ({}, {"wish": "move"}, {"wish": "cancel"}, *by_visit)
        case "reminder":
            return ({"visits": "1"}, {"visits": "1,2", "wish": "come"}, {"visits": "1", "wish": "again"}, {})
        case "displaced":
            return ({"visit": "1"}, {"visit": "1", "answer": "1"}, {"visit": "1", "answer": "none"})
        case "email":
            return ({}, {"wish": "none"})
        case "here":
            return ({}, {"centre": "1"}, {"reference": "ABC234"}, {"reference": "NONE22"})
        case "home":
            return ({}, {"under": "yes"})
        case "instead":
            return ({"visit": "1", "slot": "2"},)
        case "here":
            return ({}, {"visit": "1"})
        case "link":
            return ({}, {"code": "123456"})
        case "person":
            return ({}, {"centre": "1", "name": "Ana Silva"})
        case _:
            return args_for_staff(script)
