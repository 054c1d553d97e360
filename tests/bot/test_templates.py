"""The messages agreed upon with WhatsApp: what they say, what fits, and what their buttons send back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.channels.templates import BODY_LIMIT, VALUE_LIMIT, approval_name, name_of, pressed, templates, variables
from bot.channels.whatsapp import QUICK_TITLE, resources
from dialogs import agreed
from dialogs.prompt import Template
from dialogs.text import render
from domain.policies import AGREED, DIGEST, MISSED, REMINDER
from domain.words import LANGUAGES
from tests.conftest import NOW
from webhooks.simulator.twilio_content import TEMPLATE_NAME, created, submitted

NAMES = [f"{kind}-{language}" for kind in AGREED for language in LANGUAGES]
BLANK = re.compile(r"\{\{\d\}\}")
AT_THE_EDGE, ADJACENT = re.compile(r"\A\s*\{\{|\}\}\s*\Z"), re.compile(r"\}\}\s*\{\{")


def body_of(name: str) -> str:
    return str(templates()[name]["types"]["twilio/quick-reply"]["body"])


def buttons_of(name: str) -> list[dict[str, Any]]:
    return list(templates()[name]["types"]["twilio/quick-reply"]["actions"])


def test_there_is_one_of_each_kind_in_each_language() -> None:
    assert NAMES == list(templates())
    assert not templates().keys() & resources().keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_whole_sentences_of_ours_with_values_in_them(name: str) -> None:
    for body in (body_of(name), templates()[name]["types"]["twilio/text"]["body"]):
        assert not AT_THE_EDGE.search(body), body
        assert not ADJACENT.search(body), body
    expected = {
        REMINDER: ["{{1}}", "{{2}}", "{{3}}", "{{4}}"],
        MISSED: ["{{1}}", "{{2}}"],
        DIGEST: ["{{1}}", "{{2}}", "{{3}}"],
    }
    assert expected[name.partition("-")[0]] == BLANK.findall(body_of(name))
    assert [str(number) for number in range(1, len(BLANK.findall(body_of(name))) + 1)] == list(
        templates()[name]["variables"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_its_buttons_are_fixed_and_in_full(name: str) -> None:
    kind, _, language = name.partition("-")
    labels = [render(label, language) for label in agreed.offered(kind)]
    assert labels == [button["title"] for button in buttons_of(name)]
    assert [f"{kind}:{number}" for number in range(len(labels))] == [button["id"] for button in buttons_of(name)]
    assert all(len(label) <= QUICK_TITLE for label in labels)
    assert [(kind, number) for number in range(len(labels))] == [pressed(button["id"]) for button in buttons_of(name)]


@pytest.mark.parametrize("name", NAMES)
def test_twilio_makes_it_and_whatsapp_takes_it_for_approval(name: str) -> None:
    body, sid = templates()[name], "HX" + "0A" * 16
    content = created(body, sid=sid, account_sid="AC1", at=NOW, longest_variable=VALUE_LIMIT)
    asked = {"name": approval_name(body, sid), "category": "UTILITY"}
    assert TEMPLATE_NAME.fullmatch(asked["name"])
    approved = submitted(content, asked, status="approved")
    assert approved.is_approved


@pytest.mark.parametrize("name", NAMES)
def test_values_of_any_length_fit_and_none_is_empty(name: str) -> None:
    kind, _, language = name.partition("-")
    for value in ("x" * 2000, ""):
        values = variables(Template(name=kind, values=(value,) * len(BLANK.findall(body_of(name)))), language)
        filled = BLANK.sub(lambda found, values=values: values[found[0].strip("{}")], body_of(name))  # type: ignore[misc]  # the default binds it
        assert len(filled) <= BODY_LIMIT
        assert all(1 <= len(one) <= VALUE_LIMIT for one in values.values())


def test_who_speaks_another_language_gets_the_english_one() -> None:
    assert ["reminder-fr", "reminder-en"] == [name_of(REMINDER, language) for language in ("fr", "de")]
    assert {"1": "Mi.", "2": "Praxis"} == variables(Template(name=MISSED, values=("Mi.", "Praxis")), "de")


@pytest.mark.parametrize(
    "payload", ["", "7:2", "-7:2", "reminder", "reminder:", "reminder:x", "other:0", "reminder:100"]
)
def test_another_button_is_none_of_a_template(payload: str) -> None:
    assert pressed(payload) is None
