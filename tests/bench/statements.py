"""SQL statements of each turn of a conversation, counted; `tests/bot/test_statements.py` holds them down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event

from bot.app import open_app
from bot.messages import Inbound
from bot.settings import read_settings
from dialogs.said import Said
from domain.patients import Channel
from tests.bench.setting import ACCOUNT, AUTH, PUBLIC, REPLIES
from tests.conftest import KEYS


async def per_turn(url: str, now: datetime) -> list[int]:
    """Return how many statements each turn of a booking takes, BEGIN and COMMIT left out."""
    settings = read_settings(
        _env_file=None, database_url=url, field_keys=KEYS, public_url=PUBLIC, twilio_account_sid=ACCOUNT,
        twilio_auth_token=AUTH, twilio_sms_from="+15550000001",
    )  # fmt: skip
    counted: list[int] = []
    async with open_app(settings, clock=lambda: now) as app:
        await app.turns.catalogue.desk(app.clock())

        def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not statement.startswith("BEGIN") and "pg_notify" not in statement:  # rung after the commit
                counted[-1] += 1

        event.listen(app.database.writer.sync_engine, "before_cursor_execute", count)
        for number, reply in enumerate(REPLIES):
            counted.append(0)
            text = reply.format(centre=1, slot=1)
            said = Inbound(
                channel=Channel.SMS, address="+15559999999", provider_id=f"SMcount{number}", said=Said(text=text)
            )
            await app.turns.receive(said)
    return counted


async def measure(url: str) -> dict[str, float]:
    """Return the least, the mean and the most statements of a turn."""
    counted = await per_turn(url, datetime.now(UTC))
    return {
        "statements/turn min": min(counted),
        "statements/turn mean": round(sum(counted) / len(counted), 1),
        "statements/turn max": max(counted),
    }
