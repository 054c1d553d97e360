"""A programme that changes under a conversation: what was answered stands, and only what is new is asked."""

from __future__ import annotations

import copy
import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.shipped import shipped_programmes
from domain.questionnaire_items import BASE
from domain.store import catalogue
from tests.conftest import STAMP, Clock
from tests.e2e import processes
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


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # processes take long to start
async def test_a_questionnaire_is_exported_changed_and_imported_by_command_while_people_write(
    practice: Clinic, clock: Clock, tmp_path: Path
) -> None:
    env = processes.beside(practice, tmp_path)

    async def frontdesk(*words: str) -> str:
        status, said = await processes.done(*words, env=env, folder=tmp_path)
        assert 0 == status, said
        return said

    phone = practice.phone("sms")
    await hello(phone)
    await choose(phone, "Yes, for me")
    await say(phone, "Ana Silva, 3 April 1950")
    assert "Near which place" in await choose(phone, "I feel well")

    resource = json.loads(await frontdesk("export", "programme", "flu"))
    resource["item"].append(
        {
            "linkId": "allergy",
            "text": "Do you have an allergy?",
            "type": "choice",
            "answerOption": [
                _option("no", "No allergy", {"url": f"{BASE}decides", "valueCode": "fine"}),
                _option("yes", "Some allergy", {"url": f"{BASE}decides", "valueCode": "refer"},
                        {"url": f"{BASE}because", "valueString": "A nurse decides."}),
            ],
        }
    )  # fmt: skip
    (tmp_path / "flu.json.gz").write_bytes(gzip.compress(json.dumps(resource).encode()))
    assert "changed" in await frontdesk("import", "programme", "flu.json.gz")
    clock.move(timedelta(seconds=6))

    assert "Do you have an allergy?" in await say(phone, "Bristol")
    assert "A nurse decides." in await choose(phone, "Some allergy")
    assert 1 == sum("How do you feel" in text for text in received(phone))


def _option(key: str, label: str, *says: dict[str, str]) -> dict[str, Any]:
    return {"extension": list(says), "valueCoding": {"code": key, "display": label}}
