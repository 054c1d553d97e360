"""SQL statements of each turn of a conversation, recorded; `tests/bot/test_statements.py` holds their number down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event

from bot.app import open_app
from bot.messages import Inbound
from bot.settings import read_settings
from dialogs.said import Said
from domain.patients import Channel
from domain.store import prepared
from tests.bench.setting import ACCOUNT, AUTH, PUBLIC, REPLIES
from tests.conftest import KEYS


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the driver got it, with the names of its parameters where it has any."""

    sql: str
    names: Sequence[str] = ()
    arguments: Sequence[Any] = ()


async def recorded(url: str, now: datetime) -> list[list[Statement]]:
    """Return the statements of each turn of a booking, with those that begin and end its transaction."""
    settings = read_settings(
        _env_file=None, database_url=url, field_keys=KEYS, public_url=PUBLIC, twilio_account_sid=ACCOUNT,
        twilio_auth_token=AUTH, twilio_sms_from="+15550000001",
    )  # fmt: skip
    turns: list[list[Statement]] = []
    async with open_app(settings, clock=lambda: now) as app:
        await app.turns.catalogue.desk(app.clock())

        def record(sql: str, names: Sequence[str] = (), arguments: Sequence[Any] = ()) -> None:
            if "pg_notify" not in sql:  # rung after the commit
                turns[-1].append(Statement(sql, list(names), list(arguments)))

        def plainly(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
            record(sql)

        event.listen(app.database.writer.sync_engine, "before_cursor_execute", plainly)
        prepared.watchers.append(record)
        for number, reply in enumerate(REPLIES):
            turns.append([])
            text = reply.format(centre=1, slot=1)
            said = Inbound(
                channel=Channel.SMS, address="+15559999999", provider_id=f"SMcount{number}", said=Said(text=text)
            )
            await app.turns.receive(said)
        prepared.watchers.remove(record)
    return turns


def count(turn: list[Statement]) -> int:
    """Return how many statements a turn takes, without what begins and ends its transaction."""
    return sum(not statement.sql.startswith(("BEGIN", "SAVEPOINT", "COMMIT")) for statement in turn)


async def measure(url: str) -> dict[str, float]:
    """Return the least, the mean and the most statements of a turn."""
    counted = list(map(count, await recorded(url, datetime.now(UTC))))
    return {
        "statements/turn min": min(counted),
        "statements/turn mean": round(sum(counted) / len(counted), 1),
        "statements/turn max": max(counted),
    }
