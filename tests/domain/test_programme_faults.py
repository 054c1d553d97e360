"""A programme that can be read may still contradict itself: each fault is named, and a sound programme has none."""

from __future__ import annotations

from typing import Any

import pytest

from bot.shipped import all_shipped
from domain.programme_faults import faults
from domain.programmes import from_mapping

YES = {"key": "yes", "label": "Yes"}
NO = {"key": "no", "label": "No"}
OUT = {"key": "out", "label": "Out", "decides": "ineligible", "because": "Sorry."}
WAIT = {"key": "wait", "label": "Wait", "decides": "not-before", "wait_days": 3, "because": "Sorry."}
ASK = {"key": "ask", "label": "Ask", "decides": "refer", "because": "Somebody will."}


def criterion(key: str, *options: object, **more: object) -> dict[str, Any]:
    return {"key": key, "text": "?", "options": list(options), **more}


def day(key: str, **more: object) -> dict[str, Any]:
    return {"key": key, "text": "?", "kind": "date", **more}


SOUND: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    ("nothing asked", []),
    ("an answer that rules out", [criterion("a", YES, OUT)]),
    ("asked of some", [criterion("a", YES, NO, OUT), criterion("b", YES, OUT, when={"a": "yes"})]),
    ("asked after any day", [day("a"), criterion("b", YES, OUT, when={"a": "date"})]),
    ("asked of whoever is referred", [criterion("a", YES, ASK), criterion("b", YES, OUT, when={"a": "ask"})]),
)

# what is wrong -> what is said of it
FAULTY: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("ends before", {"criteria": [criterion("a", YES, OUT), criterion("b", YES, NO, when={"a": "out"})]}, "criterion b: is never"),  # noqa: E501
    ("waits before", {"criteria": [criterion("a", YES, WAIT), criterion("b", YES, NO, when={"a": "wait"})]}, "criterion b: is never"),  # noqa: E501
    ("behind what is never asked", {"criteria": [criterion("a", YES, OUT), criterion("b", YES, NO, when={"a": "out"}), criterion("c", YES, NO, when={"b": "yes"})]}, "criterion c: is never"),  # noqa: E501
    ("needs two answers to one", {"criteria": [criterion("a", YES, NO), criterion("b", YES, NO, when={"a": "no"}), criterion("c", YES, NO, when={"a": "yes", "b": "yes"})]}, "criterion c: is never"),  # noqa: E501
    ("rules out whoever is asked", {"criteria": [criterion("a", OUT, WAIT)]}, "criterion a: every answer"),
    ("nobody may", {"criteria": [criterion("a", OUT, ASK)]}, "criteria: no answers make"),
    ("nobody may, by two of the same when", {"criteria": [criterion("a", YES, NO), criterion("b", YES, ASK, when={"a": ["yes", "no"]}), criterion("c", OUT, ASK, when={"a": ["yes", "no"]})]}, "criteria: no answers make"),  # noqa: E501
    ("a wait that is not waited for", {"criteria": [criterion("a", YES, NO | {"wait_days": 7})]}, "a.no: wait_days have no effect"),  # noqa: E501
    ("a wait for a person", {"criteria": [criterion("a", YES, ASK | {"wait_days": 7})]}, "a.ask: wait_days have no effect where it decides refer"),  # noqa: E501
    ("a reason that is never told", {"criteria": [criterion("a", YES, NO | {"because": "Sorry."})]}, "a.no: because is never told"),  # noqa: E501
    ("a group of those ruled out", {"criteria": [criterion("a", YES, OUT | {"group": "old"})]}, "a.out: group has no effect"),  # noqa: E501
    ("a group of those ruled out alone", {"groups": {"old": "Old"}, "criteria": [criterion("a", YES, OUT | {"group": "old"})]}, "groups: old is listed"),  # noqa: E501
    ("a first dose after nothing", {"doses": [{"key": "1", "after_days": 3}, {"key": "2"}]}, "doses: days of 1 have no effect"),  # noqa: E501
    ("an age that nobody has", {"age": {"from": 121, "because": "Sorry."}}, "age: nobody is 121"),
    ("a long title", {"title": "T" * 25}, "title is 25 characters"),
    ("a long label", {"criteria": [criterion("a", YES, {"key": "b", "label": "B" * 25})]}, "a.b is 25 characters"),
    ("a long question", {"criteria": [criterion("a", YES, NO) | {"text": "?" * 901}]}, "criterion a: is 901"),
    ("many options", {"criteria": [criterion("a", *({"key": str(n), "label": str(n)} for n in range(11)))]}, "has 11 options"),  # noqa: E501
    ("two alike", {"criteria": [criterion("a", YES, {"key": "b", "label": "yes"})]}, "the same label in en"),
    ("a group of nobody", {"groups": {"old": "Old"}}, "groups: old is listed"),
    ("a reminder that tells", {"title": "Flu vaccination", "reminders": {"day-before": {"text": "Your vaccine waits."}}}, "reminders.day-before.text tells"),  # noqa: E501
    ("a text message that tells", {"title": "Flu vaccination", "reminders": {"week": {"days": 7, "sms": "Flu jab soon."}}}, "reminders.week.sms tells"),  # noqa: E501
    ("a missed visit that tells", {"title": "Diabetes clinic", "missed": {"text": "Your diabetes matters."}}, "missed.text tells"),  # noqa: E501
    ("kept for nobody", {"reserve": {"share": 25}}, "reserve: places are kept"),
)  # fmt: skip


@pytest.mark.parametrize(("why", "criteria"), SOUND, ids=[row[0] for row in SOUND])
def test_a_sound_programme_has_no_faults(why: str, criteria: list[dict[str, Any]]) -> None:
    assert [] == list(faults(from_mapping({"key": "tea", "title": "Tea", "criteria": criteria})))


@pytest.mark.parametrize(("why", "body", "expected"), FAULTY, ids=[row[0] for row in FAULTY])
def test_each_fault_is_named(why: str, body: dict[str, Any], expected: str) -> None:
    found = list(faults(from_mapping({"key": "tea", "title": "Tea", **body})))
    assert any(one.startswith(f"programme tea: {expected}") or expected in one for one in found), found


def test_a_long_programme_is_looked_through_at_once() -> None:
    """Of ten options each, twenty criteria have more ways than can be walked; asked of some, they are no quicker."""
    many = [{"key": str(n), "label": str(n)} for n in range(10)]
    asked = [criterion(f"c{n}", *many, **({"when": {f"c{n - 1}": ["1", "2"]}} if n % 2 else {})) for n in range(20)]
    body = {"key": "tea", "title": "Tea", "criteria": [*asked, criterion("last", OUT, ASK)]}
    assert ["programme tea: criteria: no answers make anybody eligible"] == list(faults(from_mapping(body)))
    assert [] == list(faults(from_mapping(body | {"criteria": asked})))


@pytest.mark.parametrize("key", all_shipped())
def test_what_is_shipped_has_none(key: str) -> None:
    assert [] == list(faults(from_mapping(all_shipped()[key])))
