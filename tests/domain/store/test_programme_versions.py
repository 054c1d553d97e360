"""Every version of a programme is kept, with when and by whom it was made, and stays as it is."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select

from domain.store import catalogue, migrate
from domain.store.database import Database
from domain.store.tables import programme, programme_version
from tests.conftest import NOW, STAMP
from tests.domain.clinic import Clinic
from tests.domain.store.by_hand import refusal

TEA = {"key": "tea", "title": "Tea"}
MORE = {"key": "tea", "title": "More tea"}


async def kept(database: Database) -> list[tuple[Any, ...]]:
    async with database.read() as connection:
        rows = await connection.execute(select(programme_version).order_by("key", "version"))
        return [tuple(row) for row in rows]


async def test_each_change_is_kept_and_what_is_the_same_is_not(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        for body in (TEA, TEA, MORE, MORE, TEA):
            await catalogue.keep_programme(connection, body, STAMP)
        found = [await catalogue.kept_programme(connection, "tea", one) for one in (1, 2, 3, 4, None)]
        assert [(TEA, 1), (MORE, 2), (TEA, 3), None, (TEA, 3)] == found
        assert await catalogue.kept_programme(connection, "cake") is None
    versions = [("tea", 1, TEA), ("tea", 2, MORE), ("tea", 3, TEA)]
    assert [(*one, NOW, "test") for one in versions] == await kept(clinic.database)


@pytest.mark.parametrize("change", ["UPDATE programme_version SET made_by = 'x'", "DELETE FROM programme_version"])
async def test_a_version_is_neither_changed_nor_deleted(clinic: Clinic, change: str) -> None:
    async with clinic.database.begin() as connection:
        await catalogue.keep_programme(connection, TEA, STAMP)
        assert "programme" in await refusal(connection, change)
    assert [("tea", 1, TEA, NOW, "test")] == await kept(clinic.database)


async def test_what_stood_before_versions_were_kept_is_the_first_that_is(blank: Database) -> None:
    async with blank.begin() as connection:
        await connection.run_sync(_up_to, "0003")
        await connection.execute(insert(programme), {"key": "tea", "position": 0, "version": 7, "body": TEA})
    await migrate.migrate(blank)
    ((*row, _, made_by),) = await kept(blank)
    assert (["tea", 7, TEA], "migration") == (row, made_by)
    async with blank.begin() as connection:
        await catalogue.keep_programme(connection, MORE, STAMP)
        assert (MORE, 8) == await catalogue.kept_programme(connection, "tea")


def _up_to(connection: Connection, revision: str) -> None:
    command.upgrade(migrate.config(connection), revision)
