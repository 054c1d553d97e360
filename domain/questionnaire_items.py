"""The criteria of a programme as items of a FHIR Questionnaire, and back.

A choice is an item of type `choice`, a day of type `date`, and a day that options stand beside of type `open-choice`.
`when` becomes `enableWhen`: any of several answers to one question, or one answer each to several questions. Where it
is several answers of several questions the item stands within groups, one for each question but the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.eligibility import ANY_DAY, Decision, Kind
from domain.questionnaire_values import (
    CODE,
    NUMBER,
    TEXT,
    TRUTH,
    WORDS,
    Element,
    Place,
    extensions,
    mappings,
    put_words,
    read_extensions,
    words_of,
)

BASE = "https://frontdesk.example/fhir/StructureDefinition/"

#: What items and options say beyond what FHIR has a field for, by the name it has in a programme's file.
CHOICE = {"why": WORDS, "keeps": TRUTH}
DAY = CHOICE | {"kind": CODE, "wait_days": NUMBER, "because": WORDS}
OPTION = {"decides": CODE, "because": WORDS, "wait_days": NUMBER, "group": TEXT}

_FIRST_DAY = "0001-01-01"  # any day is this one or later


# ---- to items


def items_of(criteria: list[Mapping[str, Any]]) -> Iterator[Element]:
    """Yield an item for each criterion of a programme's file that `programmes.from_mapping` accepts."""
    days: set[str] = set()
    for criterion in criteria:
        wanted = _wanted(criterion.get("when") or {})
        yield _enabled(_item(criterion), wanted, days)
        if criterion.get("kind") == Kind.DATE:
            days.add(str(criterion["key"]))


def _wanted(when: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    return [(str(key), [one] if isinstance(one, str) else list(dict.fromkeys(one))) for key, one in when.items()]


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


def _enabled(item: Element, wanted: list[tuple[str, list[str]]], days: set[str]) -> Element:
    """Return *item* with when it is asked, within groups where that takes more than one rule."""
    if len(wanted) > 1 and any(len(answers) > 1 for _, answers in wanted):
        inner = _enabled(item, wanted[1:], days)
        group: Element = {"linkId": f"{item['linkId']}.{len(wanted)}", "type": "group", "item": [inner]}
        return _enabled(group, wanted[:1], days)
    rules = [_rule(key, answer, days) for key, answers in wanted for answer in answers]
    if rules:
        item["enableWhen"] = rules
    if len(rules) > 1:
        item["enableBehavior"] = "all" if len(wanted) > 1 else "any"
    return item


def _rule(key: str, answer: str, days: set[str]) -> Element:
    if answer == ANY_DAY and key in days:
        return {"question": key, "operator": ">=", "answerDate": _FIRST_DAY}
    return {"question": key, "operator": "=", "answerCoding": {"code": answer}}


# ---- from items


def criteria_of(body: Mapping[str, Any], place: Place, above: Mapping[str, list[str]] | None = None) -> list[Element]:
    """Return the criteria that the items of *body* are, those within groups too.

    *above* is when the group applies. ProgrammeError names the place and the cure of what is not known here.
    """
    found: list[Element] = []
    for n, item in enumerate(mappings(body, "item", place)):
        inner = place.at("item").number(n)
        _refuse_modified(item, inner)
        when = _both(above or {}, _when(item, inner), inner)
        if item.get("type") == "group":
            found += criteria_of(item, inner, when)
        else:
            found.append(_criterion(item, when, inner))
    return found


def _refuse_modified(body: Mapping[str, Any], place: Place) -> None:
    if body.get("modifierExtension"):
        raise place.at("modifierExtension").fault("changes what the rest means and is not known here; take it out")


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
    _refuse_modified(option, place)
    if not isinstance(coding, dict):
        raise place.at("valueCoding").fault("must stand here, with code and display")
    said = read_extensions(option, OPTION, place, BASE)
    if "decides" not in said:
        choices = ", ".join(Decision)
        raise place.fault(f"does not say what this answer decides; add {BASE}decides with valueCode: {choices}")
    if said["decides"] == Decision.FINE:
        del said["decides"]
    return {"key": key_of(coding.get("code")), **said, "label": words_of(coding, "display", place.at("valueCoding"))}


def key_of(name: object) -> str:
    """Return the key for a name from elsewhere; what is a key already stays as it is."""
    return re.sub(r"[^a-z0-9-]", "-", name.lower()).lstrip("-") if isinstance(name, str) else ""


def _when(item: Element, place: Place) -> dict[str, list[str]]:
    rules = mappings(item, "enableWhen", place)
    place = place.at("enableWhen")
    when: dict[str, list[str]] = {}
    for n, rule in enumerate(rules):
        question = key_of(rule.get("question"))
        if not question:
            raise place.number(n).at("question").fault("must be the linkId of an earlier item")
        when.setdefault(question, []).append(_answer(rule, place.number(n)))
    behaviour = item.get("enableBehavior", "any" if len(when) == 1 else "all")
    if len(rules) > 1 and (behaviour == "any") != (len(when) == 1):
        raise place.fault("can be any of several answers to one question, or all of one answer each to several")
    return when


def _answer(rule: Element, place: Place) -> str:
    coding = rule.get("answerCoding")
    if rule.get("operator") == ">=" and rule.get("answerDate") == _FIRST_DAY:
        return ANY_DAY
    if rule.get("operator") != "=" or not isinstance(coding, dict) or not key_of(coding.get("code")):
        raise place.fault('must be operator "=" with answerCoding and its code')
    return key_of(coding["code"])


def _both(above: Mapping[str, list[str]], own: Mapping[str, list[str]], place: Place) -> dict[str, list[str]]:
    if twice := sorted(above.keys() & own.keys()):
        raise place.at("enableWhen").fault(f"the group around it asks about {twice[0]!r} already; say it in one place")
    return {**above, **own}
