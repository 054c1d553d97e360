"""How a person finds a button by what stands on it."""

from collections.abc import Sequence


class NoSuchButtonError(LookupError):
    """There is nothing on the screen to press by that name."""


class AnsweredTooLateError(TimeoutError):
    """The webhook took longer than the provider waits."""


def place_of(wanted: str | int, labels: Sequence[str]) -> int:
    """Find *wanted* among *labels*: by number, by the whole label, or by a part that only one has."""
    if isinstance(wanted, int):
        if not -len(labels) <= wanted < len(labels):
            raise NoSuchButtonError(f"no button number {wanted} among {list(labels)}")
        return wanted % len(labels)
    for same in (_equal, _contains):
        places = [place for place, label in enumerate(labels) if same(wanted, label)]
        if len(places) == 1 or (places and same is _equal):
            return places[0]
    raise NoSuchButtonError(f"no single button {wanted!r} among {list(labels)}")


def _equal(wanted: str, label: str) -> bool:
    return wanted == label


def _contains(wanted: str, label: str) -> bool:
    return wanted.casefold() in label.casefold()
