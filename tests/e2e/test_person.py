"""Somebody who wants a person: staff are told at once, and on Telegram they may say where to be rung."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from domain.store.tables import task
from tests.e2e.clinic import Clinic
from tests.e2e.people import answered, choose, hello, say


async def tasks(clinic: Clinic) -> list[Any]:
    async with clinic.app.database.read() as connection:
        return list(await connection.execute(select(task.c.kind, task.c.note, task.c.state)))


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_whoever_writes_from_a_number_goes_on_with_the_open_question(clinic: Clinic, channel: str) -> None:
    phone = clinic.phone(channel)
    await hello(phone)
    told = await say(phone, "talk to a person")
    assert "asked a colleague" in told
    assert "May I keep" in told
    assert [("person", None, "open")] == await tasks(clinic)


async def test_on_telegram_an_own_number_can_be_shared_and_a_foreign_one_not(clinic: Clinic) -> None:
    phone = clinic.telegram_phone(phone_number="+33199001122")
    await hello(phone)
    assert "May we ring you?" in await say(phone, "talk to a person")
    assert [("person", None, "open")] == await tasks(clinic)
    assert "somebody else's number" in await answered(phone, phone.share_contact(own=False))
    assert "asked a colleague" in await choose(phone, "Share my number")
    assert [("person", "+33199001122", "open")] == await tasks(clinic)
    await choose(phone, "Yes, for me")
    assert [] == clinic.telegram.refused


async def test_on_telegram_one_may_be_written_to_instead(clinic: Clinic) -> None:
    phone = clinic.telegram_phone()
    await hello(phone)
    await say(phone, "talk to a person")
    await choose(phone, "Write to me here")
    assert [("person", None, "open")] == await tasks(clinic)
