"""A programme file is read whole, or refused with the place that is wrong and what to do about it."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.eligibility import AgeRule, Decision, Kind
from domain.priority import Reserve
from domain.programmes import Dose, ProgrammeError, from_mapping
from domain.words import Words

LEAST = """
key: tea
title: Tea with the doctor
"""
WHOLE = """
key: tea
title: {en: Tea, fr: Thé, es: Té}
bring: A cup
lead_minutes: 90
doses:
  - {key: first}
  - {key: second, after_days: 21, before_days: 43}
age: {from: 12, to: 99, because: {en: Too hot., fr: Trop chaud., es: Demasiado caliente.}}
criteria:
  - key: thirsty
    text: Are you thirsty?
    why: Tea is wet.
    keeps: true
    options:
      - {key: "yes", label: "Yes", group: thirsty}
      - {key: "no", label: "No", decides: ineligible, because: Come back thirsty., wait_days: 2}
  - key: milk
    text: With milk?
    when: {thirsty: "yes"}
    options:
      - {key: with, label: With milk}
      - {key: without, label: Without}
      - {key: unsure, label: Unsure, decides: refer, because: Ask at the bar.}
      - {key: later, label: Later, decides: not-before, wait_days: 3, because: It must draw., group: patient}
  - key: last-cup
    kind: date
    text: When was your last cup?
    wait_days: 5
    because: Five days must pass.
    options:
      - {key: never, label: I never had one}
  - key: liked
    when: {last-cup: date}
    text: Did you like it?
    options:
      - {key: "yes", label: "Yes"}
      - {key: "no", label: "No", decides: refer, because: Ask at the bar.}
groups: {thirsty: The thirsty, patient: {en: The patient, fr: Les patients, es: Los pacientes}}
products: [assam, darjeeling]
same_product: true
reserve: {share: 25, low_stock: 10, release_hours: 48}
"""


def test_the_least_that_a_programme_says_is_its_key_and_title() -> None:
    programme = from_mapping(yaml.safe_load(LEAST))
    assert ("tea", Words.of("Tea with the doctor")) == (programme.key, programme.title)
    assert (Dose(key="1"),) == programme.doses
    assert (AgeRule(), (), timedelta(minutes=30)) == (programme.age, programme.criteria, programme.lead)


def test_all_that_a_programme_can_say_is_read() -> None:
    programme = from_mapping(yaml.safe_load(WHOLE))
    second = Dose(key="second", after=timedelta(days=21), before=timedelta(days=43))
    assert (Dose(key="first"), second) == programme.doses
    assert timedelta(minutes=90) == programme.lead
    assert (12, 99, "Trop chaud.") == (
        programme.age.least,
        programme.age.most,
        programme.age.because.in_language("fr"),
    )
    thirsty, milk, last_cup, liked = programme.criteria
    assert (True, ()) == (thirsty.keeps, thirsty.when)
    assert (False, (("thirsty", frozenset({"yes"})),)) == (milk.keeps, milk.when)
    assert ["thirsty", None] == [answer.group for answer in thirsty.answers]
    assert [None, timedelta(days=2)] == [answer.wait for answer in thirsty.answers]
    decisions = [Decision.FINE, Decision.FINE, Decision.REFER, Decision.NOT_BEFORE]
    assert decisions == [answer.decision for answer in milk.answers]
    assert (Kind.DATE, timedelta(days=5), "Five days must pass.") == (
        last_cup.kind,
        last_cup.wait,
        last_cup.because.in_language("es"),
    )
    assert (("last-cup", frozenset({"date"})),) == liked.when


def test_what_is_kept_for_whom_and_given_of_what_is_read() -> None:
    programme = from_mapping(yaml.safe_load(WHOLE))
    assert ["The thirsty", "Les patients"] == [title.in_language("fr") for _, title in programme.groups]
    assert (("assam", "darjeeling"), True) == (programme.products, programme.same_product)
    assert Reserve(share=25, low_stock=10, release=timedelta(hours=48)) == programme.reserve


Change = Callable[[dict[str, Any]], object]


def put(value: object, *path: str | int) -> Change:
    """Return what puts *value* in place of what stands at *path*."""

    def change(body: dict[str, Any]) -> None:
        found: Any = body
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = value

    return change


NUMBER = "must be a whole number from 0 to 100000"
DECISIONS = "fine, ineligible, not-before, refer"
FIRST: tuple[str | int, ...] = ("criteria", 0)
NO: tuple[str | int, ...] = ("criteria", 0, "options", 1)
LATER: tuple[str | int, ...] = ("criteria", 1, "options", 3)
ALL: dict[Any, str] = {"en": "No", "fr": "Non", "es": "No"}
CUP: tuple[str | int, ...] = ("criteria", 2)

# what is wrong → the place that the message names, and what it says to do
BROKEN: tuple[tuple[str, Change, str, str], ...] = (
    ("a misspelt name", put("x", "titel"), "the file", "known are"),
    ("no key", put(None, "key"), "key", "must be up to 40 of a-z, 0-9 and -"),
    ("a key with spaces", put("iced tea", "key"), "key", "must be up to 40 of a-z, 0-9 and -"),
    ("a key in capitals", put("TEA", "key"), "key", "must be up to 40 of a-z, 0-9 and -"),
    ("a key that is too long", put("t" * 41, "key"), "key", "must be up to 40 of a-z, 0-9 and -"),
    ("a key that begins with a dash", put("-tea", "key"), "key", "begin with a letter or digit"),
    ("no title", put(None, "title"), "title", "must be a text, or a text for each of en, fr and es"),
    ("an empty title", put("  ", "title"), "title", "must be a text, or a text for each of en, fr and es"),
    ("a title that is a number", put(7, "title"), "title", "must be a text, or a text for each of en, fr and es"),
    ("a title in one language", put({"en": "Tea"}, "title"), "title", "has no text in language 'fr'"),
    ("a title that is blank in one", put({"en": "T", "fr": "T", "es": " "}, "title"), "title", "language 'es'"),
    ("a title with a number in it", put({"en": "T", "fr": 1, "es": "T"}, "title"), "title", "must be a text"),
    ("a list to bring", put(["cup"], "bring"), "bring", "must be a text"),
    ("a lead that is a text", put("soon", "lead_minutes"), "lead_minutes", NUMBER),
    ("a lead below nothing", put(-1, "lead_minutes"), "lead_minutes", NUMBER),
    ("a lead of half a minute", put(0.5, "lead_minutes"), "lead_minutes", NUMBER),
    ("a lead that is true", put(True, "lead_minutes"), "lead_minutes", NUMBER),
    ("a lead beyond the calendar", put(10**12, "lead_minutes"), "lead_minutes", NUMBER),
    ("doses that are no list", put({"key": "1"}, "doses"), "doses", "must be a list"),
    ("a dose that is a text", put("1", "doses", 0), "doses[0]", "must be a mapping of names to values"),
    ("a dose with a misspelt name", put(1, "doses", 0, "after"), "doses[0]", "'after' is not known here; known are"),
    ("a dose without a key", put("", "doses", 0, "key"), "doses[0].key", "must be up to 40"),
    ("two doses of one key", put("first", "doses", 1, "key"), "doses", "give each its own"),
    ("a dose before it may come", put(21, "doses", 1, "before_days"), "doses[1]", "must be more than after_days"),
    ("a dose after a text", put("21", "doses", 1, "after_days"), "doses[1].after_days", NUMBER),
    ("a dose beyond the calendar", put(10**12, "doses", 1, "before_days"), "doses[1].before_days", NUMBER),
    ("an age that is a number", put(12, "age"), "age", "must be a mapping of names to values"),
    ("an age with a misspelt name", put(3, "age", "min"), "age", "'min' is not known here; known are"),
    ("ages that nobody has", put(100, "age", "from"), "age", "nobody could book"),
    ("an age that is a text", put("12", "age", "from"), "age.from", NUMBER),
    ("an age that says no reason", put(None, "age", "because"), "age.because", "must be a text"),
    ("criteria that are no list", put("none", "criteria"), "criteria", "must be a list"),
    ("a criterion that is a list", put([], *FIRST), "criteria[0]", "must be a mapping of names to values"),
    ("a criterion with a misspelt name", put(1, *FIRST, "keep"), "criteria[0]", "'keep' is not known here; known are"),
    ("a criterion without a key", put(None, *FIRST, "key"), "criteria[0].key", "must be up to 40"),
    ("two criteria of one key", put("thirsty", "criteria", 1, "key"), "criterion 'thirsty'", "give each"),
    ("a criterion without a text", put(None, *FIRST, "text"), "criteria[0].text", "must be a text"),
    ("a reason that is a number", put(3, *FIRST, "why"), "criteria[0].why", "must be a text"),
    ("a criterion that keeps 'no'", put("no", *FIRST, "keeps"), "criteria[0].keeps", "must be true or false"),
    ("no options", put(None, *FIRST, "options"), "criteria[0].options", "needs two or more options"),
    ("one option", put([{"key": "a", "label": "A"}], *FIRST, "options"), "criteria[0].options", "two or more options"),
    ("options that are no list", put("yes no", *FIRST, "options"), "criteria[0].options", "must be a list"),
    ("two options of one key", put("yes", *NO, "key"), "criteria[0].options", "with different keys"),
    ("an option that is a text", put("no", *NO), "criteria[0].options[1]", "must be a mapping of names to values"),
    ("an option with a misspelt name", put(1, *NO, "wait"), "criteria[0].options[1]", "'wait' is not known here"),
    ("an option without a key", put(None, *NO, "key"), "criteria[0].options[1].key", "must be up to 40"),
    ("an option without a label", put(None, *NO, "label"), "criteria[0].options[1].label", "must be a text"),
    ("YAML's no for a language", put({"en": "No", False: "Nei"}, *NO, "label"), "criteria[0].options[1].label", "'fr'"),
    ("YAML's no beside languages", put(ALL | {False: "Nei"}, "title"), "title", "write a code such as pt or 'no'"),
    ("a language that is a sentence", put(ALL | {"in German": "Tee"}, "title"), "title", "write a code"),
    ("a decision that is unknown", put("maybe", *NO, "decides"), "criteria[0].options[1].decides", DECISIONS),
    ("a decision that is a list", put(["fine"], *NO, "decides"), "criteria[0].options[1].decides", DECISIONS),
    ("ineligible without a reason", put(None, *NO, "because"), "criteria[0].options[1].because", "must be a text"),
    ("a wait that is a text", put("2 days", *NO, "wait_days"), "criteria[0].options[1].wait_days", NUMBER),
    ("a wait beyond the calendar", put(10**7, *NO, "wait_days"), "criteria[0].options[1].wait_days", NUMBER),
    ("a group that is a number", put(4, *NO, "group"), "criteria[0].options[1].group", "must be a text"),
    ("not before nothing", put(0, *LATER, "wait_days"), "criteria[1].options[3].wait_days", "days"),
    ("a kind that is unknown", put("colour", *FIRST, "kind"), "criteria[0].kind", "choice, date"),
    ("a wait beside options", put(3, *FIRST, "wait_days"), "criteria[0].wait_days", "kind date"),
    ("a wait without a reason", put(None, *CUP, "because"), "criteria[2].because", "must be a text"),
    ("an option like a date", put("2027-01-01", *CUP, "options", 0, "key"), "criteria[2].options", "no option can"),
    ("an option called date", put("date", *CUP, "options", 0, "key"), "criteria[2].options", "no option can"),
    ("any day of a choice", put({"thirsty": "date"}, "criteria", 1, "when"), "when.thirsty", "no earlier criterion"),
    ("a group that is not listed", put("old", *NO, "group"), "groups", "not listed"),
    ("groups that are a list", put(["thirsty"], "groups"), "groups", "must map"),
    ("a group without a title", put("", "groups", "thirsty"), "groups.thirsty", "must be a text"),
    ("a group with an odd key", put("Odd", "groups", "A b"), "groups", "must be up to 40"),
    ("products that are a text", put("assam", "products"), "products", "must be a list"),
    ("a product that is a number", put(4, "products", 0), "products[0]", "must be up to 40"),
    ("a product named twice", put("assam", "products", 1), "products", "name each once"),
    ("the same of no product", put([], "products"), "same_product", "list them"),
    ("a reserve that is a number", put(25, "reserve"), "reserve", "must be a mapping"),
    ("a share beyond the whole", put(101, "reserve", "share"), "reserve.share", "from 0 to 100"),
    ("a reserve with a misspelt name", put(4, "reserve", "shares"), "reserve", "known are"),
    ("a condition that is a text", put("thirsty", "criteria", 1, "when"), "criteria[1].when", "must map"),
    ("a condition on true", put({"thirsty": True}, "criteria", 1, "when"), "criteria[1].when", "must map"),
    ("a condition on nothing", put({"thirsty": None}, "criteria", 1, "when"), "criteria[1].when", "must map"),
    ("a condition on no answer", put({"thirsty": []}, "criteria", 1, "when"), "criteria[1].when", "must map"),
    ("a condition on YAML's yes", put({"thirsty": [True]}, "criteria", 1, "when"), "criteria[1].when", "must map"),
    ("a condition on an unknown answer", put({"thirsty": "maybe"}, "criteria", 1, "when"), "when.thirsty", "['maybe']"),
    ("a condition on an unknown question", put({"hungry": "yes"}, "criteria", 1, "when"), "when.hungry", "no earlier"),
    ("a condition on itself", put({"milk": "with"}, "criteria", 1, "when"), "when.milk", "no earlier criterion"),
    ("a condition on a later one", put({"milk": "with"}, *FIRST, "when"), "when.milk", "no earlier criterion"),
)  # fmt: skip


@pytest.mark.parametrize(("why", "change", "place", "cure"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_programme_is_refused_by_place_and_cure(why: str, change: Change, place: str, cure: str) -> None:
    body = yaml.safe_load(WHOLE)
    change(body)
    with pytest.raises(ProgrammeError) as refused:
        from_mapping(body)
    named, _, rest = str(refused.value).partition(":")
    assert place in (named, *rest.split())
    assert cure in rest


@pytest.mark.parametrize("body", [None, [], "tea", 4])
def test_what_is_no_mapping_is_no_programme(body: Any) -> None:
    with pytest.raises(ProgrammeError, match="the file: must be a mapping"):
        from_mapping(body)


ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.lists(st.integers() | st.text(max_size=3), max_size=2)
    | st.dictionaries(st.text(max_size=3) | st.booleans(), st.text(max_size=3) | st.integers(), max_size=2)
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths to everything inside of *value*."""
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for key, inner in within for one in ((*path, key), *places(inner, (*path, key)))]


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_whatever_is_put_anywhere_a_file_is_read_or_refused(data: st.DataObject) -> None:
    body = copy.deepcopy(yaml.safe_load(WHOLE))
    put(data.draw(ODD), *data.draw(st.sampled_from(places(body))))(body)
    with contextlib.suppress(ProgrammeError):
        from_mapping(body)
