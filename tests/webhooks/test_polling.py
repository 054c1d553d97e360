"""Fetching updates instead of being called: nothing that comes, and nothing that is away, ends it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.conftest import Clock
from tests.e2e.clinic import Clinic, clinic_at_work
from tests.e2e.test_failing_turns import without
from webhooks import polling
from webhooks.polling import poll

HEAD: dict[str, Any] = {
    "message_id": 5,
    "date": 1_803_373_200,
    "chat": {"id": 42, "type": "private", "first_name": "Ana"},
    "from": {"id": 42, "is_bot": False, "first_name": "Ana"},
}


def hello(number: int) -> dict[str, Any]:
    return {"update_id": number, "message": {**HEAD, "text": "hello"}}


class Server:
    """Gives one batch of updates after another; an answer that is no batch is given as it is."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.offsets: list[int] = []
        self.asked = 0
        self.is_over = asyncio.Event()

    async def get_updates(self, request: web.Request) -> web.Response:
        offset = (await request.json())["offset"]
        self.asked += 1
        if offset not in self.offsets[-1:]:
            self.offsets.append(offset)
        if not self.answers:
            self.is_over.set()
            await asyncio.sleep(60)
        answer = self.answers[0]
        if not isinstance(answer, list):
            return web.Response(text=self.answers.pop(0), content_type="application/json")
        if all(update["update_id"] < offset for update in answer):
            self.answers.pop(0)
            return await self.get_updates(request)
        return web.json_response({"ok": True, "result": [one for one in answer if one["update_id"] >= offset]})


@contextlib.asynccontextmanager
async def polled(
    server: Server, database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Clinic, asyncio.Task[int]]]:
    monkeypatch.setattr(polling, "_PAUSE_S", 0.01)
    site = web.Application()
    site.router.add_post("/{token}/getUpdates", server.get_updates)
    async with (
        TestServer(site) as at,
        clinic_at_work(database_url, clock, works=False, telegram_webhook_secret=None) as desk,
    ):
        settings = desk.app.settings.model_copy(update={"telegram_api_url": str(at.make_url("")).rstrip("/")})
        task = asyncio.create_task(poll(replace(desk.app, settings=settings)))
        try:
            yield desk, task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_odd_updates_and_answers_are_passed_by(
    database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = [{"update_id": 2, "message": "?"}, {"update_id": 3, "message": {**HEAD, "date": 10**20, "text": "x"}}]
    server = Server("no JSON", "[]", '{"ok": false, "error_code": 500}', [hello(1), *odd, hello(4)])
    async with polled(server, database_url, clock, monkeypatch) as (desk, _), asyncio.timeout(20):
        await server.is_over.wait()
        assert ["1", "4"] == await desk.column("SELECT provider_id FROM inbox ORDER BY id")
    assert [0, 5] == server.offsets


async def test_a_database_that_is_away_is_waited_for(
    database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server([hello(1)])
    async with clinic_at_work(database_url, clock, works=False) as helper:
        async with without("inbox", helper.app.database):
            opened = polled(server, database_url, clock, monkeypatch)
            desk, task = await opened.__aenter__()
            while server.asked < 3:
                await asyncio.wait([task], timeout=0.01)
                assert not task.done()
        async with asyncio.timeout(20):
            await server.is_over.wait()
        assert ["1"] == await desk.column("SELECT provider_id FROM inbox")
        await opened.__aexit__(None, None, None)


async def test_where_a_webhook_is_set_it_ends(database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server('{"ok": false, "error_code": 409}')
    async with polled(server, database_url, clock, monkeypatch) as (_, task), asyncio.timeout(20):
        assert 1 == await task
