"""Menus as text, labels made short, and long texts in parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.menus import cut, fitted, merged, numbered, parts, short_labels
from bot.messages import Outgoing
from dialogs.prompt import Choice, Line, MapPin, Prompt, Want
from domain.centres import Position

PIN = MapPin(position=Position(1, 2), title="Here", address="There")


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(map(Choice, labels))


ASKED = Prompt(text="When?", menu=1, choices=(Choice("Mon"), Choice("Tue", "late")))
HINTED = Prompt(text="Where?", menu=1, wants=(Want.LOCATION,), hints=("Or share it.",), choices=choices("All"))


@pytest.mark.parametrize(
    ("prompt", "with_hints", "text"),
    [
        (ASKED, False, "When?\n1. Mon\n2. Tue (late)"),
        (HINTED, True, "Where?\nOr share it.\n1. All"),
        (HINTED, False, "Where?\n1. All"),
        (Prompt(text="Name?", menu=1), True, "Name?"),
        (Prompt(text="", menu=1, choices=choices("Yes")), True, "1. Yes"),
    ],
)
def test_a_menu_is_numbered_text(prompt: Prompt, with_hints: bool, text: str) -> None:
    assert text == numbered(prompt, with_hints=with_hints)


@pytest.mark.parametrize(
    ("labels", "limit", "short"),
    [
        (["Yes", "No"], 20, ["Yes", "No"]),
        (["exactly twenty chars"], 20, ["exactly twenty chars"]),
        (["one more than twenty!"], 20, ["one more than twent…"]),
        (["Centre de Lyon Sud", "Centre de Lyon Nord"], 10, ["1. Centr…", "2. Centr…"]),
        (["Same", "Same", "Other"], 20, ["1. Same", "2. Same", "Other"]),
        (["words and then blank"], 6, ["words…"]),
    ],
    ids=str,
)
def test_labels_are_made_short_and_stay_different(labels: list[str], limit: int, short: list[str]) -> None:
    assert short == short_labels(choices(*labels), limit)


@given(
    st.lists(st.text(alphabet="ab 1.", min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=10),
    st.sampled_from([20, 24]),
)
def test_short_labels_fit_whatever_they_were(labels: list[str], limit: int) -> None:
    short = short_labels(choices(*labels), limit)

    assert len(labels) == len(short)
    assert all(len(label) <= limit for label in short)


@given(st.lists(st.text(alphabet="ab ", min_size=25, max_size=40), min_size=2, max_size=10), st.sampled_from([20, 24]))
def test_labels_that_were_cut_are_told_apart(labels: list[str], limit: int) -> None:
    short = short_labels(choices(*labels), limit)
    assert len(short) == len(set(short))


@pytest.mark.parametrize(
    ("text", "limit", "found"),
    [("short", 5, "short"), ("longer", 5, "long…"), ("long er", 6, "long…"), ("ab", 1, "…")],
)
def test_a_text_is_cut_with_an_ellipsis(text: str, limit: int, found: str) -> None:
    assert found == cut(text, limit)


@pytest.mark.parametrize(
    ("choice", "limit", "found"),
    [
        (Choice("Harbour", "2 km, Bristol"), 60, "Harbour (2 km, Bristol)"),
        (Choice("Harbour"), 5, "Harb…"),
        (Choice("Centre de vaccination de Lyon", "2 km, Lyon"), 30, "Centre de vaccin… (2 km, Lyon)"),
        (Choice("Centre de vaccination", "2 km, Saint-Germain-en-Laye"), 30, "Centre de v… (2 km, Saint-Ge…)"),
    ],
    ids=str,
)
def test_of_a_choice_too_long_the_detail_stays(choice: Choice, limit: int, found: str) -> None:
    assert found == fitted(choice, limit)


@given(st.text(max_size=90), st.text(max_size=90), st.sampled_from([60, 72]))
def test_a_fitted_choice_fits(label: str, detail: str, limit: int) -> None:
    assert len(fitted(Choice(label, detail), limit)) <= limit


@pytest.mark.parametrize(
    ("text", "limit", "found"),
    [
        ("one two", 10, ["one two"]),
        ("one two three", 8, ["one two", "three"]),
        ("one\ntwo three", 9, ["one", "two three"]),
        ("oneverylongword", 6, ["onever", "ylongw", "ord"]),
        ("", 5, [""]),
    ],
)
def test_a_long_text_is_sent_in_parts_between_lines_or_words(text: str, limit: int, found: list[str]) -> None:
    assert found == parts(text, limit)


@given(st.text(alphabet="ab\n ", max_size=200).map(str.strip), st.integers(min_value=1, max_value=30))
def test_parts_fit_and_lose_nothing_but_blanks(text: str, limit: int) -> None:
    found = parts(text, limit)

    assert all(len(part) <= limit for part in found)
    assert "".join(text.split()) == "".join("".join(found).split())
    assert all(part.strip() for part in found) or found == [""]


LINE, OTHER = Line(text="Booked."), Line(text="Bring a card.")


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ([], []),
        ([LINE], [LINE]),
        ([LINE, OTHER], [Line(text="Booked.\n\nBring a card.")]),
        ([LINE, ASKED], [Prompt(text="Booked.\n\nWhen?", menu=1, choices=ASKED.choices)]),
        ([LINE, PIN, OTHER], [LINE, PIN, OTHER]),
        ([ASKED, LINE], [ASKED, LINE]),
    ],
    ids=str,
)
def test_lines_that_follow_each_other_are_one_message(messages: list[Outgoing], found: list[Outgoing]) -> None:
    assert found == merged(messages)
