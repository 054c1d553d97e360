"""The shape of a language's words about time and choices."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """
    The words of one language; phrases are separated by bars and written as `fold` leaves them.

    *phrases* gives for a kind of token (or several in a row) and a number what people write. *after_number* are
    words that mean something else behind a number ("3 mar", "3 sept"). *choosing* are words by which one takes
    something ("I take the first"), *common* are words that many labels have and that alone tell none of them.
    """

    phrases: Mapping[str, Mapping[int, str]]
    after_number: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    fillers: str
    yes: str
    no: str
    ordinals: str
    last: str
    counting: str
    one: str
    negating: str
    small: str
    polite: str
    choosing: str
    common: str
    born: str


def counted(words: str, *, start: int = 1) -> dict[int, str]:
    """Number *words*, which are separated by spaces and joined by underscores."""
    return {number: word.replace("_", " ") for number, word in enumerate(words.split(), start)}
