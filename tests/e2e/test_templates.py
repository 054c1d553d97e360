"""WhatsApp's templates from the command line: made, approved, rejected, lost, changed, or made by somebody else."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.app import StoredSids
from bot.approvals import EVERY
from bot.channels.templates import templates
from bot.cli.providers import resource_faults, run_check_templates, run_provision
from bot.settings import Settings
from domain.store import content
from domain.store.database import Database
from tests.conftest import Clock
from tests.e2e.clinic import Clinic, clinic_at_work

AS_JSON, AS_TEXT = argparse.Namespace(json=True), argparse.Namespace(json=False)
OTHERS = "HX" + "ab" * 16


async def sid_of(clinic: Clinic, name: str) -> str:
    return str(await clinic.value("SELECT sid FROM content WHERE name = :name", name=name))


async def checked(
    clinic: Clinic, capsys: pytest.CaptureFixture[str], settings: Settings | None = None
) -> tuple[int, dict[str, tuple[str, str]]]:
    """Return the status of `whatsapp check`, and state and reason of each template."""
    capsys.readouterr()
    status = await run_check_templates(AS_JSON, settings or clinic.app.settings)
    return status, {one["name"]: (one["state"], one["reason"]) for one in json.loads(capsys.readouterr().out)}


async def usable(clinic: Clinic, settings: Settings | None = None) -> set[str]:
    """Return the templates that a channel would use now."""
    given = (settings or clinic.app.settings).given_templates()
    sids = StoredSids(clinic.app.database, clinic.app.clock, given)
    return {name for name in templates() if await sids.sid(name) is not None}


def with_templates(clinic: Clinic, **more: Any) -> Settings:
    return clinic.app.settings.model_copy(update={"whatsapp_templates": f"reminder-en={OTHERS}", **more})


async def test_before_anything_is_made_all_are_missing(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    assert (1, dict.fromkeys(templates(), ("missing", ""))) == await checked(idle, capsys)
    assert set() == await usable(idle)


async def test_what_is_made_is_asked_for_once_and_used_when_it_is_approved(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert 0 == await run_provision(AS_TEXT, idle.app.settings)
        assert "reminder-en is pending." in capsys.readouterr().out
    asked = [call for call in idle.twilio.calls if call.method == "Content.submit"]
    assert len(templates()) == len(asked)
    assert {"UTILITY"} == {call.parameters["category"] for call in asked}
    assert [] == idle.twilio.refused
    assert (1, dict.fromkeys(templates(), ("pending", ""))) == await checked(idle, capsys)
    assert set() == await usable(idle)

    for name in templates():
        idle.twilio.approve(await sid_of(idle, name))
    assert (0, dict.fromkeys(templates(), ("approved", ""))) == await checked(idle, capsys)
    assert set(templates()) == await usable(idle), "the command has remembered it"


async def test_each_that_cannot_be_used_is_named_with_the_reason(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    idle.twilio.account.auto_approve = True
    assert 0 == await run_provision(AS_TEXT, idle.app.settings)
    rejected, lost, changed, paused = [
        await sid_of(idle, name) for name in ("reminder-en", "reminder-fr", "reminder-es", "missed-en")
    ]
    idle.twilio.reject(rejected, "it is promotional")
    del idle.twilio.contents[lost]
    types = json.loads(json.dumps(idle.twilio.contents[changed].types).replace("1. ", "One. "))
    idle.twilio.contents[changed] = replace(idle.twilio.contents[changed], types=types)
    idle.twilio.pause(paused)

    status, found = await checked(idle, capsys)
    assert 1 == status
    assert {
        "reminder-en": ("rejected", "it is promotional"),
        "reminder-fr": ("missing", ""),
        "reminder-es": ("changed", ""),
        "missed-en": ("paused", ""),
        "missed-fr": ("approved", ""),
        "missed-es": ("approved", ""),
        "digest-en": ("approved", ""),
        "digest-fr": ("approved", ""),
        "digest-es": ("approved", ""),
    } == found
    digests = {"digest-en", "digest-fr", "digest-es"}
    assert {"missed-fr", "missed-es", *digests} == await usable(idle)
    assert 1 == await run_check_templates(AS_TEXT, idle.app.settings)
    assert "reminder-en is rejected: it is promotional." in capsys.readouterr().out.splitlines()

    assert 0 == await run_provision(AS_TEXT, idle.app.settings)
    said = capsys.readouterr().out
    assert "72 Content resources are ready, 2 of them new." in said
    assert "reminder-en is rejected: it is promotional." in said
    assert {"missed-fr", "missed-es", "reminder-fr", "reminder-es", *digests} == await usable(idle)


async def test_the_check_of_everything_names_them_too_but_for_those_that_are_awaited(idle: Clinic) -> None:
    assert 0 == await run_provision(AS_TEXT, idle.app.settings)
    idle.twilio.reject(await sid_of(idle, "missed-fr"), "it is unclear")
    del idle.twilio.contents[await sid_of(idle, "missed-es")]
    async with idle.app.database.read() as connection:
        stored = await content.all_sids(connection)
    notes: list[str] = []
    assert [
        "WhatsApp's template missed-fr is rejected: it is unclear",
        "WhatsApp's template missed-es is missing; run: frontdesk whatsapp provision",
    ] == await resource_faults(idle.app.settings, stored, notes.append)
    assert 7 == len(notes)
    assert "WhatsApp's template reminder-en is pending: reminders go another way until it is approved" in notes


async def test_what_somebody_else_made_goes_before_ours(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    settings = with_templates(idle)
    idle.twilio.account.auto_approve = True
    assert 0 == await run_provision(AS_TEXT, idle.app.settings)
    ours = idle.twilio.contents[await sid_of(idle, "reminder-en")]
    idle.twilio.contents[OTHERS] = replace(ours, sid=OTHERS, friendly_name="theirs")
    assert (0, dict.fromkeys(templates(), ("approved", ""))) == await checked(idle, capsys, settings)
    assert OTHERS == await StoredSids(idle.app.database, idle.app.clock, settings.given_templates()).sid("reminder-en")

    idle.twilio.reject(OTHERS, "it is theirs")
    status, found = await checked(idle, capsys, settings)
    assert (1, ("rejected", "it is theirs")) == (status, found["reminder-en"])
    assert set(templates()) - {"reminder-en"} == await usable(idle, settings)
    assert set(templates()) == await usable(idle), "without the setting ours are used again"


async def test_what_somebody_else_made_must_take_the_same_values(
    idle: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    idle.twilio.account.auto_approve = True
    assert 0 == await run_provision(AS_TEXT, idle.app.settings)
    missed = idle.twilio.contents[await sid_of(idle, "missed-en")]
    idle.twilio.contents[OTHERS] = replace(missed, sid=OTHERS)
    status, found = await checked(idle, capsys, with_templates(idle))
    assert (1, ("changed", "")) == (status, found["reminder-en"])


async def test_what_a_setting_names_is_not_made(idle: Clinic) -> None:
    assert 0 == await run_provision(AS_TEXT, with_templates(idle))
    made = {one.friendly_name for one in idle.twilio.contents.values()}
    assert "frontdesk_reminder_en" not in made
    assert "frontdesk_reminder_fr" in made


async def test_the_worker_looks_every_ten_minutes_and_minds_no_outage(idle: Clinic, clock: Clock) -> None:
    approvals = idle.app.jobs.approvals
    assert approvals is not None
    await approvals.look()
    assert [] == idle.twilio.calls, "nothing is asked where nothing was made"

    assert 0 == await run_provision(AS_TEXT, idle.app.settings)
    idle.twilio.outage = True
    clock.move(EVERY)
    await approvals.look()
    idle.twilio.outage = False
    before = len(idle.twilio.calls)
    await approvals.look()
    assert before == len(idle.twilio.calls)
    clock.move(EVERY)
    await approvals.look()
    assert len(templates()) == len(idle.twilio.calls) - before


async def test_a_twilio_that_is_away_is_named(idle: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    idle.twilio.outage = True
    assert 1 == await run_check_templates(AS_TEXT, idle.app.settings)
    assert "frontdesk whatsapp check: Twilio cannot be reached." in capsys.readouterr().err


async def test_a_worker_looks_by_itself(database: Database, database_url: str, clock: Clock) -> None:
    async with database.begin() as connection:
        await content.keep_sid(connection, "reminder-en", OTHERS, "pending")
    async with clinic_at_work(database_url, clock) as at_work:
        await at_work.twilio.exchange.wait_for_call(lambda call: call.method == "Content.approval")
