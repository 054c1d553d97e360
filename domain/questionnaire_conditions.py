"""When an item of a FHIR Questionnaire is asked: `when` of a programme's file as `enableWhen`, and back.

It is any of several answers to one question, or one answer each to several questions. Where it is several answers of
several questions the item stands within groups, one for each question but the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import questionnaire_names as names
from domain.eligibility import ANY_DAY
from domain.questionnaire_values import Element, Place, key_of, mappings, only

_FIRST_DAY = "0001-01-01"  # any day is this one or later


# ---- to rules


def wanted_of(when: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the questions that *when* names, with the answers that it wants."""
    return [(str(key), [one] if isinstance(one, str) else list(dict.fromkeys(one))) for key, one in when.items()]


def enabled(item: Element, wanted: list[tuple[str, list[str]]], days: set[str]) -> Element:
    """Return *item* with when it is asked, within groups where that takes more than one rule."""
    if len(wanted) > 1 and any(len(answers) > 1 for _, answers in wanted):
        inner = enabled(item, wanted[1:], days)
        group: Element = {"linkId": f"{item['linkId']}.{len(wanted)}", "type": "group", "item": [inner]}
        return enabled(group, wanted[:1], days)
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


# ---- from rules


def when_of(item: Element, place: Place) -> dict[str, list[str]]:
    """Return by question the answers of which one must have been given; ProgrammeError for what is no such rule.

    A rule that would be read otherwise than FHIR means it is refused, since it decides who is asked what.
    """
    rules = mappings(item, "enableWhen", place)
    behaviour = _behaviour(item, len(rules), place)
    place = place.at("enableWhen")
    asked = [(_question(rule, place.number(n)), _answer(rule, place.number(n))) for n, rule in enumerate(rules)]
    when: dict[str, list[str]] = {}
    for question, answer in asked:
        when.setdefault(question, []).append(answer)
    if len(rules) > 1 and len(when) != (1 if behaviour == "any" else len(rules)):
        raise place.fault("can be any of several answers to one question, or all of one answer each to several")
    return when


def _behaviour(item: Element, rules: int, place: Place) -> object:
    behaviour = item.get("enableBehavior")
    if behaviour not in ("any", "all") and (rules > 1 or behaviour is not None):
        raise place.at("enableBehavior").fault("must be any or all, since there may be several rules in enableWhen")
    return behaviour


def _question(rule: Element, place: Place) -> str:
    only(rule, names.RULE, place)
    question = key_of(rule.get("question"))
    if not question:
        raise place.at("question").fault("must be the linkId of an earlier item")
    return question


def _answer(rule: Element, place: Place) -> str:
    coding = rule.get("answerCoding")
    if rule.get("operator") == ">=" and rule.get("answerDate") == _FIRST_DAY and coding is None:
        return ANY_DAY
    if rule.get("operator") != "=" or not isinstance(coding, dict) or "answerDate" in rule:
        raise place.fault('must be operator "=" with answerCoding and its code')
    if not (code := key_of(coding.get("code"))):
        raise place.at("answerCoding").at("code").fault("must be the code of an option of that item")
    return code


def both(above: Mapping[str, list[str]], own: Mapping[str, list[str]], place: Place) -> dict[str, list[str]]:
    """Return when an item is asked that stands in a group; ProgrammeError where both ask about the same."""
    if twice := sorted(above.keys() & own.keys()):
        raise place.at("enableWhen").fault(f"the group around it asks about {twice[0]!r} already; say it in one place")
    return {**above, **own}
