"""Programmes as FHIR R4 Questionnaires, written and read: https://hl7.org/fhir/R4/questionnaire.html.

What FHIR has a field for stands there; what it has none for stands in extensions below `questionnaire_items.BASE`,
each called as in a programme's file, with dashes. `from_questionnaire(to_questionnaire(body, 1))` says the same as
*body*. A Questionnaire from elsewhere is read as far as it says what we need; what an answer decides about a person is
never guessed, and what would be read otherwise than FHIR means it is refused.

No library reads or writes at run time: `fhir.resources` takes a second to load, lets unknown rules pass that matter
here, and says what is wrong in a page. In the tests it validates all that is written (as R4B, whose Questionnaire is
that of R4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from domain import programmes
from domain import questionnaire_names as names
from domain.programmes import ProgrammeError
from domain.questionnaire_items import BASE, criteria_of, items_of
from domain.questionnaire_values import (
    CODE,
    NUMBER,
    TEXT,
    TRUTH,
    WORDS,
    Element,
    Place,
    Shape,
    extensions,
    key_of,
    keyed,
    listed,
    only,
    put_words,
    read_extensions,
    record,
    words_of,
)

URL = "https://frontdesk.example/fhir/Questionnaire/"

#: The fields of a programme's file that FHIR has none for. A new one is a line here.
FIELDS: dict[str, Shape] = {
    "bring": WORDS,
    "lead_minutes": NUMBER,
    "service": CODE,
    "product": record({"cvx": TEXT, "display": TEXT}),
    "products": listed(CODE),
    "product_codes": keyed("code", listed(TEXT)),
    "same_product": TRUTH,
    "doses": listed(record({"key": CODE, "after_days": NUMBER, "before_days": NUMBER})),
    "age": record({"from": NUMBER, "to": NUMBER, "because": WORDS}),
    "groups": keyed("title", WORDS),
    "reserve": record({"share": NUMBER, "low_stock": NUMBER, "release_hours": NUMBER}),
    "reminders": keyed(
        "reminder",
        record(
            {
                "days": NUMBER,
                "hours": NUMBER,
                "at": TEXT,
                "off": TRUTH,
                "text": WORDS,
                "telegram": WORDS,
                "whatsapp": WORDS,
                "sms": WORDS,
            }
        ),
    ),
    "quiet": record({"from": TEXT, "until": TEXT}),
    "changes": record({"move_hours": NUMBER, "cancel_hours": NUMBER, "moves": NUMBER}),
    "missed": record({"after_hours": NUMBER, "text": WORDS}),
    "practitioners": TRUTH,
    "confirm": record({"hours": NUMBER}),
    "video": TRUTH,
}

_PLACE = re.compile(r"(?P<criterion>criteria\[\d+\]|criterion '[^']*')(?P<option>\.options\[\d+\])?(?P<name>\.\w+)?")
_ITEM_NAMES = {".key": ".linkId", ".options": ".answerOption"}
_OPTION_NAMES = {".key": ".valueCoding.code", ".label": ".valueCoding.display"}


def is_questionnaire(body: Mapping[str, Any]) -> bool:
    """Say whether *body* is a FHIR resource, and not a programme's file."""
    return "resourceType" in body


def to_questionnaire(body: Mapping[str, Any], version: int) -> Element:
    """Return the Questionnaire for a programme's *body* that `programmes.from_mapping` accepts."""
    key = str(body["key"])
    resource: Element = {
        "resourceType": "Questionnaire",
        "id": key,
        "language": "en",
        "extension": extensions(body, FIELDS, BASE),
        "url": URL + key,
        "version": str(version),
        "name": "Programme_" + key.replace("-", "_"),
        "status": "active",
        "subjectType": ["Patient"],
        "item": list(items_of(body.get("criteria") or [])),
    }
    put_words(resource, "title", body["title"])
    return {name: value for name, value in resource.items() if value != []}


def from_questionnaire(resource: Mapping[str, Any]) -> Element:
    """Return the body of the programme that *resource* is, which `programmes.from_mapping` accepts.

    ProgrammeError names the place in *resource* and the cure of what is missing, wrong or not known here.
    """
    place = Place("", str(resource.get("language") or "").partition("-")[0].lower())
    _refuse_others(resource, place)
    body = {"key": _key(resource, place), "title": words_of(resource, "title", place)}
    body |= read_extensions(resource, FIELDS, place, BASE)
    criteria = criteria_of(resource, place)
    if criteria:
        body["criteria"] = [criterion for _, criterion in criteria]
    try:
        programmes.from_mapping(body)
    except ProgrammeError as problem:
        raise ProgrammeError(_in_resource(str(problem), criteria)) from None
    return body


def _refuse_others(resource: Mapping[str, Any], place: Place) -> None:
    if resource.get("resourceType") != "Questionnaire":
        raise place.at("resourceType").fault(f"{resource.get('resourceType')!r} is no Questionnaire; export that")
    if resource.get("implicitRules"):
        raise place.at("implicitRules").fault("changes what the rest means and is not known here; take it out")
    only(resource, names.RESOURCE, place)
    if (status := resource.get("status")) not in ("active", "draft"):
        raise place.at("status").fault(f"{status!r} is not in use; make it active, or draft")


def _in_resource(problem: str, criteria: list[tuple[Place, Element]]) -> str:
    """Return what is said of a body as said of the resource that it was read from."""
    places = {f"criteria[{n}]": place.path for n, (place, _) in enumerate(criteria)}
    places |= {f"criterion {criterion['key']!r}": place.path for place, criterion in criteria}
    said = _PLACE.match(problem)
    if said is None or said["criterion"] not in places:
        return problem
    option, name = said["option"] or "", said["name"] or ""
    path = places[said["criterion"]] + option.replace(".options", ".answerOption")
    return path + (_OPTION_NAMES if option else _ITEM_NAMES).get(name, name) + problem[said.end() :]


def _key(resource: Mapping[str, Any], place: Place) -> str:
    """Return the last part of its URL, which stays where a server gives another id; else its id, else its name."""
    url = resource.get("url")
    last = url.partition("|")[0].rstrip("/").rpartition("/")[2] if isinstance(url, str) else ""
    key = key_of(last) or key_of(resource.get("id")) or key_of(resource.get("name"))
    if not key:
        raise place.at("id").fault("the programme needs a key; give the Questionnaire an id or a url")
    return key
