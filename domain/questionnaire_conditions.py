"""When an item of a FHIR Questionnaire is asked: `when` of a programme's file as `enableWhen`, and back.

It is any of several answers to one question, or one answer each to several questions. Where it is several answers of
several questions the item stands within groups, one for each question but the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.eligibility import ANY_DAY
from domain.questionnaire_values import Element, Place, key_of, mappings

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


def both(above: Mapping[str, list[str]], own: Mapping[str, list[str]], place: Place) -> dict[str, list[str]]:
    if twice := sorted(above.keys() & own.keys()):
        raise place.at("enableWhen").fault(f"the group around it asks about {twice[0]!r} already; say it in one place")
    return {**above, **own}
