"""What an operator looks at: whether the process lives, whether it can work, and its figures."""

from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from tests.conftest import Clock
from tests.e2e.clinic import Clinic, clinic_at_work


async def answer(desk: Clinic, path: str) -> tuple[int, Any]:
    async with desk.session.get(f"{desk.address}{path}") as response:
        return response.status, await response.json()


async def test_a_desk_that_can_work_is_live_and_ready(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        assert (200, {"status": "ok"}) == await answer(desk, "/health/live")
        assert (200, {"status": "ok", "channels": ["sms", "telegram", "whatsapp"]}) == await answer(
            desk, "/health/ready"
        )


async def test_a_channel_without_its_settings_is_not_named(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False, twilio_auth_token=None) as desk:
        assert (200, {"status": "ok", "channels": ["telegram"]}) == await answer(desk, "/health/ready")


async def test_a_desk_whose_database_is_not_of_this_release_lives_and_is_not_ready(
    database_url: str, clock: Clock
) -> None:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        async with desk.app.database.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = 'from tomorrow'"))

        assert (503, "not ready") == ((found := await answer(desk, "/health/ready"))[0], found[1]["status"])
        assert 200 == (await answer(desk, "/health/live"))[0]


async def test_a_desk_whose_database_is_gone_lives_and_is_not_ready(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        async with desk.app.database.begin() as connection:
            await connection.execute(text("DROP TABLE alembic_version"))

        assert 503 == (await answer(desk, "/health/ready"))[0]
        assert 200 == (await answer(desk, "/health/live"))[0]


async def test_the_figures_count_turns_sends_and_requests(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        before = await figures(desk)
        await desk.telegram_phone().say("hello")
        await desk.twilio_phone(whatsapp=False).forge()
        await desk.deliver()
        await desk.app.jobs.tick()
        after = await figures(desk)

    def grew(name: str, **labels: str) -> float:
        key = (name, frozenset(labels.items()))
        return after.get(key, 0.0) - before.get(key, 0.0)

    assert 1 == grew("frontdesk_turn_seconds_count", channel="telegram", became="done")
    assert 1 == grew("frontdesk_sends_total", channel="telegram", became="sent")
    assert 1 == grew("frontdesk_request_seconds_count", route="/webhooks/telegram", status="200")
    assert 1 == grew("frontdesk_request_seconds_count", route="/webhooks/twilio", status="403")
    assert (0, 0) == (
        after["frontdesk_outbox_queued", frozenset()],
        after["frontdesk_inbox_waiting", frozenset()],
    )


async def figures(desk: Clinic) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    async with desk.session.get(f"{desk.address}/metrics") as response:
        assert (200, "text/plain") == (response.status, response.content_type)
        families = list(text_string_to_metric_families(await response.text()))
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_an_unknown_address_is_not_found_and_counted_under_one_name(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        async with desk.session.get(f"{desk.address}/wp-login.php") as response:
            assert 404 == response.status
        names = {dict(labels).get("route") for _, labels in await figures(desk)}

    assert "unknown" in names
    assert not any("wp-login" in (name or "") for name in names)
