"""The criteria of a programme as items of a FHIR Questionnaire, and back.

A choice is an item of type `choice`, a day of type `date`, and a day that options stand beside of type `open-choice`.
When they are asked is the affair of `questionnaire_conditions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from domain import questionnaire_names as names
from domain.eligibility import Decision, Kind
from domain.questionnaire_conditions import both, enabled, wanted_of, when_of
from domain.questionnaire_values import (
    CODE,
    NUMBER,
    TEXT,
    TRUTH,
    WORDS,
    Element,
    Place,
    extensions,
    key_of,
    mappings,
    only,
    put_words,
    read_extensions,
    refuse_hl7,
    words_of,
)

BASE = "https://frontdesk.example/fhir/StructureDefinition/"

#: What items and options say beyond what FHIR has a field for, by the name it has in a programme's file.
CHOICE = {"why": WORDS, "keeps": TRUTH}
DAY = CHOICE | {"kind": CODE, "wait_days": NUMBER, "because": WORDS}
OPTION = {"decides": CODE, "because": WORDS, "wait_days": NUMBER, "group": TEXT}


# ---- to items


def items_of(criteria: list[Mapping[str, Any]]) -> Iterator[Element]:
    """Yield an item for each criterion of a programme's file that `programmes.from_mapping` accepts."""
    days: set[str] = set()
    for criterion in criteria:
        wanted = wanted_of(criterion.get("when") or {})
        yield enabled(_item(criterion), wanted, days)
        if criterion.get("kind") == Kind.DATE:
            days.add(str(criterion["key"]))


def _item(criterion: Mapping[str, Any]) -> Element:
    is_day = criterion.get("kind", Kind.CHOICE) == Kind.DATE
    options = criterion.get("options") or []
    item: Element = {"linkId": str(criterion["key"])}
    put_words(item, "text", criterion["text"])
    item["type"] = "choice" if not is_day else "open-choice" if options else "date"
    item["required"] = True
    said = extensions({"wait_days": 0, **criterion}, DAY, BASE) if is_day else extensions(criterion, CHOICE, BASE)
    if said:
        item["extension"] = said
    if options:
        item["answerOption"] = [_answer_option(option) for option in options]
    return item


def _answer_option(option: Mapping[str, Any]) -> Element:
    coding: Element = {"code": str(option["key"])}
    put_words(coding, "display", option["label"])
    said = {"decides": Decision.FINE.value, **option}
    return {"extension": extensions(said, OPTION, BASE), "valueCoding": coding}


# ---- from items


def criteria_of(
    body: Mapping[str, Any], place: Place, above: Mapping[str, list[str]] | None = None
) -> list[tuple[Place, Element]]:
    """Return the criteria that the items of *body* are, those within groups too, each with its place.

    *above* is when the group applies. ProgrammeError names the place and the cure of what is not known here.
    """
    found: list[tuple[Place, Element]] = []
    for n, item in enumerate(mappings(body, "item", place)):
        inner = place.at("item").number(n)
        only(item, names.ITEM, inner)
        refuse_hl7(item, inner)
        if not key_of(item.get("linkId")):
            raise inner.at("linkId").fault("must be a text that no other item has")
        when = both(above or {}, when_of(item, inner), inner)
        if item.get("type") == "group":
            found += _within(item, when, inner)
        else:
            found.append((inner, _criterion(item, when, inner)))
    return found


def _within(group: Element, when: Mapping[str, list[str]], place: Place) -> list[tuple[Place, Element]]:
    if wrong := next((name for name in ("repeats", "answerOption") if group.get(name)), None):
        raise place.at(wrong).fault("a group only holds items; take this out")
    if not group.get("item"):
        raise place.at("item").fault("is missing; a group holds items, or take the group out")
    return criteria_of(group, place, when)


def _criterion(item: Element, when: Mapping[str, list[str]], place: Place) -> Element:
    _refuse_unasked(item, place)
    criterion = {"key": key_of(item.get("linkId")), "text": words_of(item, "text", place)}
    criterion |= read_extensions(item, CHOICE, place, BASE) if item["type"] == "choice" else _day(item, place)
    if when:
        criterion["when"] = {key: answers[0] if len(answers) == 1 else answers for key, answers in when.items()}
    options = mappings(item, "answerOption", place)
    if options:
        criterion["options"] = [_option(one, place.at("answerOption").number(n)) for n, one in enumerate(options)]
    return criterion


def _refuse_unasked(item: Element, place: Place) -> None:
    if (called := item.get("type")) not in ("choice", "open-choice", "date"):
        raise place.at("type").fault(f"{called!r} cannot be asked; make it choice with answerOption, or date")
    if wrong := next((name for name in ("repeats", "item") if item.get(name)), None):
        raise place.at(wrong).fault("a question has one answer and no items within; take this out")
    if called == "date" and item.get("answerOption"):
        raise place.at("type").fault(f"a date has no options; make it open-choice, with {BASE}kind date")
    if called != "date" and not item.get("answerOption"):
        raise place.at("answerOption").fault("is missing; list every answer with its valueCoding")


def _day(item: Element, place: Place) -> Element:
    said = read_extensions(item, DAY, place, BASE)
    if item["type"] == "open-choice" and said.get("kind") != Kind.DATE:
        raise place.at("type").fault("free text cannot be asked; make it choice, with an option for any other answer")
    if "wait_days" not in said:
        raise place.fault(f"does not say what the day decides; add {BASE}wait-days, 0 where it decides nothing")
    if not said["wait_days"]:
        del said["wait_days"]
    return said | {"kind": Kind.DATE.value}


def _option(option: Element, place: Place) -> Element:
    coding = option.get("valueCoding")
    if not isinstance(coding, dict):
        raise place.at("valueCoding").fault("must stand here, with code and display")
    only(option, names.OPTION, place)
    only(coding, names.CODING, place.at("valueCoding"))
    refuse_hl7(option, place)
    said = read_extensions(option, OPTION, place, BASE)
    if "decides" not in said:
        choices = ", ".join(Decision)
        raise place.fault(f"does not say what this answer decides; add {BASE}decides with valueCode: {choices}")
    if said["decides"] == Decision.FINE:
        del said["decides"]
    return {"key": key_of(coding.get("code")), **said, "label": words_of(coding, "display", place.at("valueCoding"))}
