"""Members of staff in tests: invited as an operator does it, at work on a phone of any channel or in a team's group."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from typing import Any

import pytest

from bot.cli import staff
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, answered, say
from webhooks.simulator.phones import TelegramPhone

CHANNELS = ["telegram", "whatsapp", "sms"]
GROUP = {"id": -4001, "type": "group", "title": "Harbour team"}


async def invited(
    clinic: Clinic,
    capsys: pytest.CaptureFixture[str],
    role: str,
    *,
    centre: str = "small",
    name: str | None = None,
    practitioner: str | None = None,
) -> str:
    """Return the code of an invitation."""
    given = argparse.Namespace(
        role=role, centre=[centre], all_centres=False, name=name, days=7, json=True, practitioner=practitioner
    )
    capsys.readouterr()
    assert 0 == await staff.run_invite(given, clinic.app.settings, clock=clinic.app.clock)
    code: str = json.loads(capsys.readouterr().out)["code"]
    return code


async def join(phone: Phone, code: str) -> str:
    """Use a code as one does on the phone's channel, and return the answer."""
    if isinstance(phone, TelegramPhone):
        return await answered(phone, phone.start(f"join_{code}"))
    return await say(phone, f"JOIN {code}")


async def member(
    clinic: Clinic, capsys: pytest.CaptureFixture[str], channel: str, role: str = "manager", **more: Any
) -> Phone:
    """Return the phone of somebody who has joined."""
    phone = clinic.phone(channel)
    code = await invited(clinic, capsys, role, **more)
    assert role in await join(phone, code)
    return phone


def in_group(clinic: Clinic, phone: TelegramPhone | None = None, group: dict[str, Any] | None = None) -> TelegramPhone:
    """Return a phone in the chat of a team: that of the person with *phone*, or of somebody new."""
    if phone is None:
        return clinic.telegram_phone(group=group or GROUP)
    return TelegramPhone(
        phone.session,
        phone.webhook_url,
        phone.secret,
        phone.double,
        int(phone.user["id"]),
        str(phone.user["first_name"]),
        group=group or GROUP,
    )


def at(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    """Return a moment of March 2027."""
    from datetime import UTC

    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)
