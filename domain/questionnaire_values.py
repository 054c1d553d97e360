"""How the values of a programme's file stand in FHIR: texts with translations, and extensions of our own.

A value is one extension element, or several of one URL where it is a list. A single one is a `valueString`,
`valueCode`, `valueInteger` or `valueBoolean`; a record nests one element for each of its names; a text in several
languages nests FHIR's own translation extensions. See https://hl7.org/fhir/R4/extensibility.html and
https://hl7.org/fhir/R4/extension-translation.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain import questionnaire_names as names
from domain.programme_fields import ProgrammeError

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"

_HL7 = "http://hl7.org/fhir/"

Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a resource something stands, and the language that its texts are in."""

    path: str
    language: str = "en"

    def at(self, name: str) -> Place:
        """Return the place of what *name* stands for there."""
        return Place(f"{self.path}.{name}" if self.path else name, self.language)

    def number(self, n: int) -> Place:
        """Return the place of one of a list."""
        return Place(f"{self.path}[{n}]", self.language)

    def fault(self, cure: str) -> ProgrammeError:
        """Return the error that says what is wrong here, and the cure."""
        return ProgrammeError(f"{self.path or 'the Questionnaire'}: {cure}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value is: how it is written as elements without their URL, and read from them."""

    write: Callable[[Any], list[Element]]
    read: Callable[[list[Element], Place], Any]


# ---- shapes


def _single(name: str, kind: type) -> Shape:
    def read(elements: list[Element], place: Place) -> Any:
        found = [element.get(name) for element in elements]
        if len(found) != 1 or type(found[0]) is not kind:
            raise place.fault(f"must stand once, with {name}")
        return found[0]

    return Shape(lambda value: [{name: kind(value)}], read)


TEXT = _single("valueString", str)
CODE = _single("valueCode", str)
NUMBER = _single("valueInteger", int)
TRUTH = _single("valueBoolean", bool)


def _write_words(words: Any) -> list[Element]:
    """Nest the languages: FHIR would have them beside `valueString` too, where libraries do not expect them."""
    return TEXT.write(words) if isinstance(words, str) else [{"extension": _translations(words)}]


def _read_words(elements: list[Element], place: Place) -> Any:
    if len(elements) != 1:
        raise place.fault("must stand once, with valueString")
    return _translated(elements[0], place) or words_of(elements[0], "valueString", place)


WORDS = Shape(_write_words, _read_words)


def listed(one: Shape) -> Shape:
    """Return the shape of a list, with an element for each of it."""

    def read(elements: list[Element], place: Place) -> Any:
        return [one.read([element], place.number(n)) for n, element in enumerate(elements)]

    return Shape(lambda values: [element for value in values for element in one.write(value)], read)


def record(shapes: Mapping[str, Shape]) -> Shape:
    """Return the shape of a mapping with known names."""

    def read(elements: list[Element], place: Place) -> Any:
        if len(elements) != 1:
            raise place.fault("must stand once")
        return read_extensions(elements[0], shapes, place)

    return Shape(lambda value: [{"extension": extensions(value, shapes)}], read)


def keyed(name: str, one: Shape) -> Shape:
    """Return the shape of a mapping of keys to values: an element for each, with `key` and the value as *name*."""

    def write(values: Any) -> list[Element]:
        return [
            {"extension": [*_named("key", CODE.write(key)), *_named(name, one.write(value))]}
            for key, value in values.items()
        ]

    def read(elements: list[Element], place: Place) -> Any:
        found: dict[str, Any] = {}
        for n, element in enumerate(elements):
            inner = place.number(n)
            key = CODE.read(_called(element, "key", inner), inner.at("key"))
            if key in found:
                raise inner.fault(f"{key!r} stands twice; give each its own key")
            found[key] = one.read(_called(element, name, inner), inner.at(name))
        return found

    return Shape(write, read)


# ---- extensions


def extensions(values: Mapping[str, Any], shapes: Mapping[str, Shape], base: str = "") -> list[Element]:
    """Return the extensions for those *values* that have a shape; what is empty says nothing and is left out."""
    return [
        element
        for name, shape in shapes.items()
        if values.get(name) not in (None, "", [], {})
        for element in _named(base + _url(name), shape.write(values[name]))
    ]


def read_extensions(body: Mapping[str, Any], shapes: Mapping[str, Shape], place: Place, base: str = "") -> Element:
    """Return the values of the extensions of *body*; those of other bases than ours are nobody's concern here."""
    names = {base + _url(name): name for name in shapes}
    ours = [str(one.get("url")) for one in mappings(body, "extension", place)]
    if unknown := next((url for url in ours if url.startswith(base) and url not in names), None):
        raise place.at("extension").fault(f"{unknown!r} is not known here; known are {', '.join(map(_url, shapes))}")
    return {
        name: shapes[name].read(_called(body, url, place), place.at(name)) for url, name in names.items() if url in ours
    }


def _url(name: str) -> str:
    return name.replace("_", "-")


def _named(url: str, elements: list[Element]) -> list[Element]:
    return [{"url": url, **element} for element in elements]


def _called(body: Mapping[str, Any], url: str, place: Place) -> list[Element]:
    return [one for one in mappings(body, "extension", place) if one.get("url") == url]


def mappings(body: Mapping[str, Any], name: str, place: Place) -> list[Element]:
    """Return the list of mappings called *name*, which may be missing."""
    found = body.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise place.at(name).fault("must be a list of objects")
    return found


def only(body: Mapping[str, Any], known: frozenset[str], place: Place) -> None:
    """Refuse what *body* says beyond *known*: misspelt, it would say nothing; understood, perhaps something else."""
    if body.get("modifierExtension"):
        raise place.at("modifierExtension").fault("changes what the rest means and is not known here; take it out")
    unknown = [name for name in body if name.removeprefix("_") not in known and body[name] not in (None, False, [])]
    if unknown:
        raise place.at(str(unknown[0])).fault("is not known here; correct its spelling, or take it out")


def refuse_hl7(body: Mapping[str, Any], place: Place) -> None:
    """Refuse extensions of HL7's own that may change whether something is asked, or what may be answered.

    Those of others are nobody's concern here; those of HL7's that only change looks are named in `names.HARMLESS`.
    """
    for one in mappings(body, "extension", place):
        url = str(one.get("url"))
        if url.startswith(_HL7) and url.rpartition("/")[2].removeprefix("questionnaire-") not in names.HARMLESS:
            raise place.at("extension").fault(f"{url!r} may change what is asked and is not known here; take it out")


def key_of(name: object) -> str:
    """Return the key for a name from elsewhere; what is a key already stays as it is."""
    return re.sub(r"[^a-z0-9-]", "-", name.lower()).lstrip("-") if isinstance(name, str) else ""


# ---- texts of FHIR's own elements


def put_words(element: Element, name: str, words: Any) -> None:
    """Write *words* as the string *name* of *element*, in English, with its translations beside it."""
    if isinstance(words, str):
        element[name] = words
        return
    element[name] = words["en"]
    translations = _translations(words)
    # English stands among the translations only where it must, to keep an order that does not begin with it.
    element[f"_{name}"] = {"extension": translations[1:] if next(iter(words)) == "en" else translations}


def words_of(element: Mapping[str, Any], name: str, place: Place) -> Any:
    """Return the text *name* of *element*: as it stands, or by language where it has translations."""
    plain, beside = element.get(name), element.get(f"_{name}", {})
    if not isinstance(plain, str) or not plain.strip():
        raise place.at(name).fault("must be a text")
    if not isinstance(beside, dict):
        raise place.at(f"_{name}").fault("must be an object")
    found = _translated(beside, place.at(f"_{name}"))
    if not found:
        return plain
    if not place.language:
        raise place.at(f"_{name}").fault("translates from a language that is not named; add language at the top")
    return found if place.language in found else {place.language: plain, **found}


def _translations(words: Mapping[str, str]) -> list[Element]:
    return [
        {
            "url": TRANSLATION,
            "extension": [{"url": "lang", "valueCode": str(language)}, {"url": "content", "valueString": text}],
        }
        for language, text in words.items()
        if text.strip()
    ]


def _translated(element: Mapping[str, Any], place: Place) -> dict[str, str]:
    return dict(_pairs(element, place))


def _pairs(element: Mapping[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    for one in _called(element, TRANSLATION, place):
        inner = place.at("translation")
        yield (
            CODE.read(_called(one, "lang", inner), inner.at("lang")),
            TEXT.read(_called(one, "content", inner), inner.at("content")),
        )
