"""The trimmed specifications: small, free of sentences, and made by their script."""

import json
from importlib.resources import files

import pytest

from webhooks.simulator.spec import load, trim

FIELDS = [
    ("text of 1-64 bytes", "String", [1, 64, "bytes"]),
    ("a caption, 0-1024 characters after entities parsing", "String", [0, 1024, "characters"]),
    ("Must be between 1 and 360 if specified.", "Integer", [1, 360, "value"]),
    ("Values between 1-100 are accepted. Defaults to 100.", "Integer", [1, 100, "value"]),
    ("At most 100 commands can be specified.", "Array of BotCommand", [0, 100, "items"]),
    ("Unique identifier", "Integer", None),
]


@pytest.mark.parametrize("name", ["telegram", "twilio"])
def test_a_specification_holds_facts_only(name: str) -> None:
    text = json.dumps(load(name))

    assert len(text) < 40_000
    assert max(len(part.split(" ")) for part in text.split('"')[1::2]) <= 5


def test_the_methods_that_the_product_uses_are_all_there() -> None:
    assert set(trim.TELEGRAM_METHODS) == set(load("telegram")["methods"])


@pytest.mark.parametrize(("description", "kind", "expected"), FIELDS)
def test_limits_are_read_out_of_descriptions(description: str, kind: str, expected: list[object] | None) -> None:
    assert expected == trim.limit(description, [kind])


def test_words_are_read_out_of_descriptions() -> None:
    assert ["all_chat_administrators"] == trim.choices("Scope type, must be all_chat_administrators")
    assert ["danger", "primary"] == trim.choices('Must be one of "danger" (red) or "primary" (blue).')


def test_the_origin_and_licence_are_credited() -> None:
    credit = files("webhooks.simulator.spec").joinpath("README.md").read_text("utf-8")

    for owed in ("PaulSonOfLars/telegram-bot-api-spec", "twilio/twilio-oai", "MIT", "Permission is hereby granted"):
        assert owed in credit
