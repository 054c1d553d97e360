"""The engine: requests that a script awaits, and the replay that feeds it from a ledger.

A script awaits `ask`, `do`, `tell` and `within`, and nothing else. It must be deterministic in what it was given:
the same ledger leads to the same place. A result is remembered for the very command it answered, an answer for the
very circumstances (`Question.given`) in which it was asked: when those change it counts as unknown.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from dialogs.ledger import Entry, Ledger
from dialogs.prompt import MapPin, Picture, Sheet, Visit
from dialogs.questions import Narrow, Question
from dialogs.text import Writable
from domain.commands import Command

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Again:
    """Ask or do *keys* once more, *because*; *narrow* says what to offer."""

    keys: tuple[str, ...]
    because: Writable | None = None
    narrow: Narrow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goto:
    """Go on with another script, begun with *args*."""

    script: str
    args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that can be begun under a notice, as long as it stands there."""

    label: Writable
    goto: Goto
    detail: Writable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The script is over: what to say, what to hand over, and what comes next.

    With *offers* what is said is a notice: it asks nothing, and each thing that stands under it can be begun later
    too, several of them one after another. With *changes_hands* whose conversation it is has changed: whoever runs it
    decides how it goes on.
    """

    text: Writable | None = None
    offers: tuple[Offer, ...] = ()
    extras: tuple[MapPin | Visit | Sheet | Picture, ...] = ()
    then: Goto | None = None
    language: str | None = None
    changes_hands: bool = False


Outcome = Again | End
Script = Callable[[], Coroutine[Any, Any, Outcome]]


# ---- what a script awaits


@dataclass(frozen=True, slots=True)
class Ask(Generic[T]):
    """A request for an answer."""

    question: Question[T]
    known: T | None

    def __await__(self) -> Generator[Any, Any, T]:
        return cast(T, (yield self))


@dataclass(frozen=True, slots=True)
class Do(Generic[R]):
    """A request for a command's result."""

    key: str
    command: Command[R]

    def __await__(self) -> Generator[Any, Any, R]:
        return cast(R, (yield self))


@dataclass(frozen=True, slots=True)
class Tell:
    """A request to say something once."""

    key: str
    text: Writable

    def __await__(self) -> Generator[Any, Any, None]:
        yield self


@dataclass(frozen=True, slots=True)
class _Enter:
    prefix: str

    def __await__(self) -> Generator[Any, Any, None]:
        yield self


@dataclass(frozen=True, slots=True)
class _Leave:
    def __await__(self) -> Generator[Any, Any, None]:
        yield self


def ask(question: Question[T], known: T | None = None) -> Ask[T]:
    """Return the answer to *question*; *known* serves while nobody asked to change it."""
    return Ask(question, known)


def do(key: str, command: Command[R]) -> Do[R]:
    """Return the result of *command*, carried out once for *key* and those very values."""
    return Do(key, command)


def tell(key: str, text: Writable) -> Tell:
    """Say *text* once for *key* and that very text."""
    return Tell(key, text)


async def within(prefix: str, part: Coroutine[Any, Any, T]) -> T:
    """Run *part* with its keys under *prefix*, so that it can be used more than once in a script."""
    await _Enter(prefix)
    result = await part
    await _Leave()
    return result


# ---- what a replay comes to


@dataclass(frozen=True, slots=True)
class Asks:
    """The script wants this answered next."""

    key: str
    question: Question[Any]


@dataclass(frozen=True, slots=True)
class Does:
    """The script wants this carried out next."""

    key: str
    given: str
    command: Command[Any]


@dataclass(frozen=True, slots=True)
class Tells:
    """The script wants this said next."""

    key: str
    given: str
    text: Writable


@dataclass(frozen=True, slots=True)
class Ends:
    """The script came to its end."""

    outcome: Outcome


@dataclass(slots=True)
class Replay:
    """How far a script came: the step it stopped at, the keys it passed, and those of them asked of the person."""

    step: Asks | Does | Tells | Ends
    passed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


Answerer = Callable[[str, "Ask[Any] | Do[Any] | Tell"], tuple[bool, Any]]


class Performance:
    """A script under way, which goes further once its wish is known: what a replay from the top would come to."""

    def __init__(self, script: Script) -> None:
        self._coroutine = script()
        self._asked: list[str] = []
        self._scopes: list[str] = []
        self._kinds: dict[str, type] = {}
        self._wish: tuple[str, Ask[Any] | Do[Any] | Tell] | None = None

    def close(self) -> None:
        """Let the script go."""
        self._coroutine.close()

    def has_passed(self, key: str) -> bool:
        """Say whether *key* was looked up already, so that another value for it would lead elsewhere."""
        return key in self._kinds and (self._wish is None or key != self._wish[0])

    def further(self, ledger: Ledger, beyond: Answerer | None = None) -> Replay:
        """Go on what *ledger* knows to the next wish or the end.

        *beyond* may supply what the ledger does not know: it returns whether it does, and the value.
        """
        reply: Any = None
        if self._wish is not None:
            found, reply = self._lookup(*self._wish, ledger, beyond)
            if not found:
                return self._stopped(_wish(*self._wish))
        try:
            while True:
                request = self._coroutine.send(reply)
                reply = None
                match request:
                    case _Enter(prefix):
                        self._scopes.append(prefix)
                    case _Leave():
                        self._scopes.pop()
                    case Ask() | Do() | Tell():
                        self._wish = (self._name(request), request)
                        found, reply = self._first_lookup(*self._wish, ledger, beyond)
                        if not found:
                            return self._stopped(_wish(*self._wish))
                    case _:
                        raise TypeError(f"a script awaits ask, do, tell and within only, not {request!r}")
        except StopIteration as stop:
            self._wish = None
            return Replay(Ends(stop.value), list(self._kinds), self._asked)

    def _name(self, request: Ask[Any] | Do[Any] | Tell) -> str:
        own = request.question.key if isinstance(request, Ask) else request.key
        key = ".".join((*self._scopes, own)) if self._scopes else own
        if self._kinds.setdefault(key, type(request)) is not type(request):
            raise TypeError(f"key {key!r} means two things in one script")
        return key

    def _first_lookup(
        self, key: str, request: Ask[Any] | Do[Any] | Tell, ledger: Ledger, beyond: Answerer | None
    ) -> tuple[bool, Any]:
        found, reply = _known(key, request, ledger)
        if isinstance(request, Ask) and (not found or ledger.get(key, request.question.given)):
            self._asked += [] if request.question.is_aside else [key]
        return (True, reply) if found else self._supplied(key, request, beyond)

    def _lookup(
        self, key: str, request: Ask[Any] | Do[Any] | Tell, ledger: Ledger, beyond: Answerer | None
    ) -> tuple[bool, Any]:
        found, reply = _known(key, request, ledger)
        return (True, reply) if found else self._supplied(key, request, beyond)

    def _supplied(self, key: str, request: Ask[Any] | Do[Any] | Tell, beyond: Answerer | None) -> tuple[bool, Any]:
        return beyond(key, request) if beyond is not None else (False, None)

    def _stopped(self, step: Asks | Does | Tells) -> Replay:
        return Replay(step, list(self._kinds)[:-1], list(self._asked))


def replay(script: Script, ledger: Ledger, beyond: Answerer | None = None) -> Replay:
    """Run *script* from the top on what *ledger* knows, and on what *beyond* supplies, to its next wish or its end."""
    performance = Performance(script)
    try:
        return performance.further(ledger, beyond)
    finally:
        performance.close()


def _known(key: str, request: Ask[Any] | Do[Any] | Tell, ledger: Ledger) -> tuple[bool, Any]:
    match request:
        case Ask(question, known):
            entry = ledger.get(key, question.given)
            if entry is not None:
                return ledger.loaded(key, entry, question.load)
            return (known is not None and not ledger.is_open(key)), known
        case _ if not ledger.knows(key):  # most of what lies ahead: its fingerprint need not be taken
            return False, None
        case Do(_, command):
            entry = ledger.get(key, fingerprint(command))
            if entry is None:
                return False, None
            return ledger.loaded(key, entry, functools.partial(load_result, command))
        case Tell(_, text):
            return ledger.get(key, fingerprint(text)) is not None, None


def _wish(key: str, request: Ask[Any] | Do[Any] | Tell) -> Asks | Does | Tells:
    match request:
        case Ask(question, _):
            return Asks(key, question)
        case Do(_, command):
            return Does(key, fingerprint(command), command)
        case Tell(_, text):
            return Tells(key, fingerprint(text), text)


def fingerprint(value: object) -> str:
    """Return something short that differs when *value* does."""
    return hashlib.blake2s(repr(value).encode(), digest_size=6).hexdigest()


# ---- results as the ledger keeps them

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def adapter(of: type) -> TypeAdapter[Any]:
    """Return what turns values of a type into JSON and back."""
    if of not in _ADAPTERS:
        _ADAPTERS[of] = TypeAdapter(of)
    return _ADAPTERS[of]


def dump_result(result: object) -> dict[str, Any]:
    """Return a command's result as the ledger keeps it."""
    return {"is": type(result).__name__, "of": adapter(type(result)).dump_python(result, mode="json")}


def following(command: Command[Any], before: Entry | None) -> Command[Any]:
    """Return *command* as it is to be carried out after the same step came to what *before* holds, if it did."""
    if before is None or before.origin != "result":
        return command
    found, result = load_result(command, before.value)
    return command.after(result) if found else command


def load_result(command: Command[Any], value: Any) -> tuple[bool, Any]:
    """Return whether *value* is a result that *command* can have today, and the result."""
    for kind in command.results:
        if isinstance(value, dict) and value.get("is") == kind.__name__:
            try:
                return True, adapter(kind).validate_python(value.get("of"))
            except ValidationError:
                return False, None
    return False, None
