"""Questions: what is asked under which key, what can be picked, and how free words are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from dialogs.prompt import Want
from dialogs.readers.when import When
from dialogs.said import Said
from dialogs.text import Writable
from domain.queries import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """What the person said to make the offer smaller: when it should be, or near which moment."""

    when: When | None = None
    near: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Return this as JSON can hold it."""
        return {
            "when": self.when.to_json() if self.when else None,
            "near": self.near.isoformat() if self.near else None,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Narrow:
        """Read what `to_json` wrote."""
        return cls(
            when=When.from_json(body["when"]) if body.get("when") else None,
            near=datetime.fromisoformat(body["near"]) if body.get("near") else None,
        )


# ---- what a reply can be read as


@dataclass(frozen=True, slots=True)
class Took(Generic[T]):
    """The reply answers the question; it may answer *others* as well, by key. *note* says back what was guessed."""

    value: T
    others: tuple[tuple[str, Any], ...] = ()
    note: Writable | None = None


@dataclass(frozen=True, slots=True)
class Instead:
    """The reply answers another question, by key; *note* says so."""

    answers: tuple[tuple[str, Any], ...]
    note: Writable | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """The reply cannot be read; *hint* says what would be."""

    hint: Writable | None = None


Reading = Took[T] | Instead | Narrow | Missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What a reader may know of the person and the moment."""

    language: str
    now: datetime
    today: date
    shown: tuple[Any, ...] = ()  # the answers that are offered, as the ledger keeps them


class Reader(Protocol[T]):
    """Reads free words, places and dates; what can be picked is read before it."""

    def read(self, said: Said, hearing: Hearing) -> Reading[T]:
        """Return what *said* means as an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Generic[T]):
    """Something that can be picked.

    With *reopens* it asks those questions again instead of answering this one, with *answers* it answers those, by key.
    """

    label: Writable
    value: T | None = None
    detail: Writable | None = None
    reopens: tuple[str, ...] = ()
    answers: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """One thing asked.

    *type* is the answer's type, which the ledger keeps as JSON. *given* fingerprints the circumstances of which the
    answer depends. *source* names offers to be looked up; *present* makes an option of one. *none* is said when
    nothing is offered. *help* is given, one step further each time, when a reply cannot be read.
    What a *source* offers may be limited, by itself or to start with by *narrow*: *limited* is then said in place of
    *text*, and *unlimited* where nothing is left so, and all that there is is offered instead.
    """

    key: str
    text: Writable
    type: Any
    options: tuple[Option[T], ...] = ()
    source: Source | None = None
    present: Callable[[Any], Option[T]] | None = None
    extras: tuple[Option[T], ...] = ()
    none: Writable | None = None
    narrow: Narrow | None = None
    limited: Writable | None = None
    unlimited: Writable | None = None
    reader: Reader[T] | None = None
    wants: tuple[Want, ...] = ()
    why: Writable | None = None
    help: tuple[Writable, ...] = ()
    given: str = ""
    takes_anything: bool = False  # the reader takes whatever is written, so that what is shown is tried first
    is_dictated: bool = False  # what is written is the answer to the letter, whatever else it may mean
    is_private: bool = False  # its answer is not said back in a recap
    is_aside: bool = False  # it is answered beside others and never asked: no step on the way, and undone by "back"
    samples: tuple[T, ...] = ()  # answers as people may give them in words, the likeliest first

    def dump(self, value: T) -> Any:
        """Return an answer as the ledger keeps it."""
        return _adapter(self.type).dump_python(value, mode="json")

    def load(self, value: Any) -> tuple[bool, T | None]:
        """Return whether a stored answer can be read today, and the answer."""
        try:
            return True, _adapter(self.type).validate_python(value)
        except ValidationError:
            return False, None


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
