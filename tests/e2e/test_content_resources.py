"""WhatsApp's Content resources: made, lost, refused at once or by receipt; the question arrives all the same."""

from __future__ import annotations

import argparse

import pytest

from bot.cli.providers import resource_faults, run_provision
from domain.store import content
from tests.e2e.clinic import Clinic
from tests.e2e.people import received
from tests.e2e.test_failing_turns import without
from webhooks.simulator.twilio_account import Fate

NOTHING = argparse.Namespace()


async def provision(clinic: Clinic) -> None:
    assert 0 == await run_provision(NOTHING, clinic.app.settings)


async def test_a_resource_refused_by_receipt_is_said_in_words(idle: Clinic) -> None:
    await provision(idle)
    phone = idle.phone("whatsapp")
    idle.twilio.fates[phone.address] = Fate("failed", 63005)  # type: ignore[union-attr]  # a Twilio phone
    await phone.say("hello")
    await idle.deliver()
    assert [] == received(phone)

    idle.twilio.fates.clear()
    await idle.twilio_receipts()
    await idle.deliver()
    assert "1. Yes, for me" in received(phone)[-1]
    assert [] == await idle.column("SELECT kind FROM task")

    await idle.twilio_receipts()
    assert 0 == await idle.deliver(), "it is said once"


async def test_who_stopped_meanwhile_is_not_told_again(idle: Clinic) -> None:
    await provision(idle)
    phone = idle.phone("whatsapp")
    idle.twilio.fates[phone.address] = Fate("failed", 63005)  # type: ignore[union-attr]  # a Twilio phone
    await phone.say("hello")
    await idle.deliver()
    await phone.say("STOP")
    await idle.deliver()
    await idle.twilio_receipts()
    assert 0 == await idle.deliver()


async def test_a_database_that_is_away_costs_the_buttons_and_not_the_message(idle: Clinic) -> None:
    await provision(idle)
    phone = idle.phone("whatsapp")
    await phone.say("hello")
    async with without("content", idle.app.database):
        await idle.deliver()
    assert "1. Yes, for me" in received(phone)[-1]
    assert [] == await idle.column("SELECT error FROM outbox WHERE state = 'dead'")


async def faults(clinic: Clinic) -> list[str]:
    async with clinic.app.database.read() as connection:
        return await resource_faults(clinic.app.settings, await content.all_sids(connection))


async def test_what_twilio_no_longer_has_is_named_and_made_anew(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    await provision(idle)
    lost = next(sid for sid, one in idle.twilio.contents.items() if one.friendly_name == "frontdesk_quick_3")
    del idle.twilio.contents[lost]
    (fault,) = await faults(idle)
    assert "WhatsApp: 1 Content resources are not at Twilio as they should be" in fault

    await provision(idle)
    assert "72 Content resources are ready, 1 of them new." in capsys.readouterr().out
    assert [] == await faults(idle)


async def test_a_twilio_that_is_away_is_named(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    idle.twilio.outage = True
    (fault,) = await faults(idle)
    assert "Twilio cannot be reached" in fault
    assert 1 == await run_provision(NOTHING, idle.app.settings)
    assert "frontdesk whatsapp provision: Twilio cannot be reached." in capsys.readouterr().err


async def test_a_resource_with_other_variables_is_made_anew(idle: Clinic) -> None:
    await provision(idle)
    before = await idle.value("SELECT sid FROM content WHERE name = 'quick-2'")
    one = idle.twilio.contents[before]
    one.types["twilio/quick-reply"]["actions"].pop()

    await provision(idle)
    assert before != await idle.value("SELECT sid FROM content WHERE name = 'quick-2'")
