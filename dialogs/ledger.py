"""The ledger: what one script knows, by key, in the order in which it learnt it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Origin = Literal["answer", "result", "told", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing known. *given* is what it was asked under: it counts only while that is the same.

    An answer's *label* is how the person saw it. An "open" entry wants to be asked again even if known elsewhere.
    """

    origin: Origin
    value: Any = None
    given: str = ""
    label: str = ""


@dataclass(slots=True)
class Ledger:
    """Entries by key. A key means one thing for ever."""

    entries: dict[str, Entry] = field(default_factory=dict)
    written: list[str] = field(default_factory=list, compare=False)  # the keys written since it was read, in order
    _loaded: dict[str, tuple[Entry, Any]] = field(default_factory=dict, compare=False)

    def copy(self) -> Ledger:
        """Return another ledger that knows the same and learns by itself."""
        return Ledger(dict(self.entries), _loaded=dict(self._loaded))

    def get(self, key: str, given: str) -> Entry | None:
        """Return what is known of *key* under *given*."""
        entry = self.entries.get(key)
        return entry if entry is not None and entry.origin != "open" and entry.given == given else None

    def knows(self, key: str) -> bool:
        """Say whether anything is known of *key*, under whatever it was."""
        entry = self.entries.get(key)
        return entry is not None and entry.origin != "open"

    def loaded(self, key: str, entry: Entry, load: Callable[[Any], tuple[bool, Any]]) -> tuple[bool, Any]:
        """Return what *load* makes of the value of *entry*, which stands under *key*; it is asked once."""
        before = self._loaded.get(key)
        if before is None or before[0] is not entry:
            before = self._loaded[key] = (entry, load(entry.value))
        found: tuple[bool, Any] = before[1]
        return found

    def is_open(self, key: str) -> bool:
        """Say whether *key* wants to be asked again."""
        entry = self.entries.get(key)
        return entry is not None and entry.origin == "open"

    def put(self, key: str, entry: Entry) -> None:
        """Learn something; it is now the newest."""
        self.entries.pop(key, None)
        self.entries[key] = entry
        self.written.append(key)

    def reopen(self, key: str) -> None:
        """Forget *key* so that it is asked or done again."""
        self.put(key, Entry(origin="open"))

    def forget(self, key: str) -> None:
        """Know nothing of *key* any more, so that what is known elsewhere may serve."""
        self.entries.pop(key, None)
        self.written.append(key)

    def last_answer(self) -> str | None:
        """Return the key of the newest answer."""
        return next((key for key, entry in reversed(self.entries.items()) if entry.origin == "answer"), None)

    def answers(self) -> Iterator[tuple[str, Entry]]:
        """Iterate over the answers, oldest first."""
        return ((key, entry) for key, entry in self.entries.items() if entry.origin == "answer")

    def to_json(self) -> list[list[Any]]:
        """Return the entries as JSON can hold them."""
        return [[key, one.origin, one.value, one.given, one.label] for key, one in self.entries.items()]

    @classmethod
    def from_json(cls, rows: list[list[Any]], renamed: Mapping[str, str]) -> Ledger:
        """Read entries; keys of earlier releases are looked up in *renamed*."""
        entries = {
            renamed.get(key, key): Entry(origin=origin, value=value, given=given, label=label)
            for key, origin, value, given, label in rows
        }
        return cls(entries)
