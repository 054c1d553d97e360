"""FHIR resources as JSON from elsewhere: what is asked for where it is and as it should be, nothing where not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.centre_rows import tidy, tidy_label


def at(value: object, *path: str) -> object:
    """Return what stands at *path* of names below *value*; None when nothing does."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text(value: object, *path: str) -> str:
    """Return the text at *path*, tidied; nothing when there is none."""
    found = at(value, *path)
    return tidy(found) if isinstance(found, str) else ""


def items(value: object) -> list[object]:
    """Return a list's entries; none when *value* is no list."""
    return value if isinstance(value, list) else []


def texts(value: object, *path: str) -> list[str]:
    """Return the labels in the list at *path*, tidied."""
    labels = (tidy_label(entry) for entry in items(at(value, *path)) if isinstance(entry, str))
    return [label for label in labels if label]


def codes(concept: object) -> Iterator[str]:
    """Yield the codes of a CodeableConcept."""
    for coding in items(at(concept, "coding")):
        if code := text(coding, "code"):
            yield code


def reference(value: object, kind: str) -> str:
    """Return the id in a reference to a *kind*, be it relative or absolute; nothing when it is none."""
    *_, named, key = ["", "", *text(value, "reference").split("/")]
    return key if named == kind else ""


def extensions(resource: Mapping[str, object], name: str) -> Iterator[object]:
    """Yield the values of the extensions whose address ends in *name*."""
    for extension in items(resource.get("extension")):
        if text(extension, "url").rpartition("/")[2] == name and isinstance(extension, Mapping):
            yield from (value for key, value in extension.items() if str(key).startswith("value"))
