"""A programme that changes under a conversation: what was answered stands, and only what is new is asked."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from bot.shipped import shipped_programmes
from domain.store import catalogue
from tests.conftest import STAMP, Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import choose, hello, received, say

ALLERGY: dict[str, Any] = {
    "key": "allergy",
    "text": "Do you have an allergy?",
    "options": [
        {"key": "no", "label": "No allergy"},
        {"key": "yes", "label": "Some allergy", "decides": "refer", "because": "A nurse decides."},
    ],
}


async def change(practice: Clinic, clock: Clock, *criteria: dict[str, Any], first: bool = False) -> None:
    """Import the flu programme with more *criteria*, and let the desk notice."""
    body = copy.deepcopy(shipped_programmes()["flu"])
    body["criteria"] = [*criteria, *body["criteria"]] if first else [*body["criteria"], *criteria]
    async with practice.app.database.begin() as connection:
        assert "changed" == await catalogue.keep_programme(connection, body, STAMP)
    clock.move(timedelta(seconds=6))


@pytest.mark.parametrize("channel", ["telegram", "sms"])
@pytest.mark.parametrize("first", [False, True], ids=["behind", "before"])
async def test_a_conversation_is_asked_only_what_is_new(
    practice: Clinic, clock: Clock, channel: str, *, first: bool
) -> None:
    phone = practice.phone(channel)
    await hello(phone)
    await choose(phone, "Yes, for me")
    assert "How do you feel" in await say(phone, "Ana Silva, 3 April 1950")
    assert "Near which place" in await choose(phone, "I feel well")

    await change(practice, clock, ALLERGY, first=first)
    assert 200 == await phone.say("Bristol")
    assert "Near which place" in await choose(phone, "No allergy")
    await say(phone, "Bristol")
    await choose(phone, "Harbour Practice")
    await choose(phone, "Tue 2 Mar")
    assert "Booked." in await choose(phone, "Yes, book it")
    for question in ("How do you feel", "What is your full name", "May I keep"):
        assert 1 == sum(question in text for text in received(phone)), question
    assert {} == await practice.breaches()


@pytest.mark.parametrize("channel", ["telegram", "sms"])
async def test_an_answer_to_the_old_question_is_not_taken_for_the_new_one(
    practice: Clinic, clock: Clock, channel: str
) -> None:
    phone = practice.phone(channel)
    await hello(phone)
    await choose(phone, "Yes, for me")
    await say(phone, "Ana Silva, 3 April 1950")
    await change(practice, clock, ALLERGY, first=True)
    assert "no longer open" in await choose(phone, "I feel well")
    assert "How do you feel" in await choose(phone, "No allergy")
    assert "Near which place" in await choose(phone, "I feel well")
