"""Telegram's webhook over HTTP: who does not know the secret is turned away, and what is broken leaves no trace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.conftest import Clock
from tests.e2e.clinic import SECRET, Clinic, clinic_at_work

HEADER = "X-Telegram-Bot-Api-Secret-Token"
TABLES = ("contact", "conversation", "inbox", "outbox", "patient", "task", "audit_event")
HELLO: dict[str, Any] = {
    "update_id": 9,
    "message": {
        "message_id": 5,
        "date": 1_803_373_200,
        "chat": {"id": 42, "type": "private", "first_name": "Ana"},
        "from": {"id": 42, "is_bot": False, "first_name": "Ana", "language_code": "en"},
        "text": "hello",
    },
}


@pytest_asyncio.fixture
async def desk(database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        yield desk


async def post(desk: Clinic, body: bytes, secret: str | None = SECRET) -> int:
    headers = {"Content-Type": "application/json"} | ({} if secret is None else {HEADER: secret})
    async with desk.session.post(f"{desk.address}/webhooks/telegram", data=body, headers=headers) as response:
        await response.read()
        return response.status


async def rows(desk: Clinic) -> dict[str, int]:
    counts = {table: await desk.value(f"SELECT count(*) FROM {table}") for table in TABLES}
    return {table: count for table, count in counts.items() if count}


async def test_an_update_with_the_secret_is_taken_in(desk: Clinic) -> None:
    assert 200 == await post(desk, json.dumps(HELLO).encode())
    assert {"contact": 1, "conversation": 1, "inbox": 1, "outbox": 1} == await rows(desk)


WRONG = (None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "gehëim")


async def test_a_forged_update_is_refused_and_leaves_no_trace(desk: Clinic) -> None:
    body = json.dumps(HELLO).encode()
    assert dict.fromkeys(WRONG, 403) == {secret: await post(desk, body, secret) for secret in WRONG}
    assert {} == await rows(desk)


async def test_a_secret_that_is_no_text_is_wrong_like_any_other(desk: Clinic) -> None:
    port = int(desk.address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /webhooks/telegram HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n"
        + HEADER.encode()
        + b": \xff\xfe\r\nContent-Length: 2\r\n\r\n{}"
    )
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert b"403" == answer.split()[1]


async def test_the_secret_is_looked_at_before_the_body(desk: Clinic) -> None:
    assert 403 == await post(desk, b"{ not json", "wrong")
    assert 400 == await post(desk, b"{ not json")


BROKEN = (
    b"",
    b"hello",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"{}",
    b'{"update_id": "9", "message": {}}',
    b'{"update_id": 1' + b"0" * 30 + b"}",
    b"[" * 100_000,
)


async def test_what_is_no_update_is_a_bad_request_and_leaves_no_trace(desk: Clinic) -> None:
    assert dict.fromkeys(BROKEN, 400) == {body: await post(desk, body) for body in BROKEN}
    assert {} == await rows(desk)


UNREADABLE = (
    b'{"update_id": 9, "message": "hello"}',
    b'{"update_id": 9, "message": {"text": "no chat"}}',
    json.dumps({**HELLO, "message": {**HELLO["message"], "date": 10**20}}).encode(),
)


async def test_an_update_that_cannot_be_read_is_not_asked_for_again(desk: Clinic) -> None:
    """It would hold up all that the chat says after it."""
    assert dict.fromkeys(UNREADABLE, 200) == {body: await post(desk, body) for body in UNREADABLE}
    assert {} == await rows(desk)


async def test_half_a_letter_is_taken_in(desk: Clinic) -> None:
    message = {**HELLO["message"], "text": "hello \ud83d", "from": {**HELLO["message"]["from"], "last_name": "\ude00"}}
    assert 200 == await post(desk, json.dumps({**HELLO, "message": message}).encode())
    assert {"contact": 1, "conversation": 1, "inbox": 1, "outbox": 1} == await rows(desk)


async def test_what_is_larger_than_any_update_is_refused(desk: Clinic) -> None:
    message = {**HELLO["message"], "text": "x" * 300_000}
    assert 413 == await post(desk, json.dumps({**HELLO, "message": message}).encode())
    assert {} == await rows(desk)


async def test_what_means_nothing_here_is_answered_and_not_kept(desk: Clinic) -> None:
    assert 200 == await post(desk, b'{"update_id": 9, "telepathy": {"thought": "book"}}')
    assert {} == await rows(desk)


async def test_the_webhook_takes_nothing_but_posts(desk: Clinic) -> None:
    async with desk.session.get(f"{desk.address}/webhooks/telegram", headers={HEADER: SECRET}) as response:
        assert 405 == response.status


async def test_without_a_secret_in_the_settings_nobody_gets_in(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False, telegram_webhook_secret=None) as desk:
        assert 403 == await post(desk, json.dumps(HELLO).encode(), None)
        assert 403 == await post(desk, json.dumps(HELLO).encode(), "")
        assert {} == await rows(desk)
