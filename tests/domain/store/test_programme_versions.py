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
from tests.domain.clinic import Clinic, together
from tests.domain.store.by_hand import refusal, undone

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


OPTIONS = [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}]
ASKED = {"key": "thirsty", "text": "Thirsty?", "options": OPTIONS}
#: Other ways to write down what MORE with ASKED says, and whether it is still that.
WRITTEN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"criteria": [ASKED | {"options": [OPTIONS[0] | {"decides": "fine"}, OPTIONS[1]]}]}, "same"),
    ({"criteria": [ASKED | {"keeps": False, "when": {}}], "lead_minutes": 30, "age": {}}, "same"),
    ({"criteria": [ASKED], "title": dict.fromkeys(("en", "fr", "es"), "More tea")}, "same"),
    ({"criteria": [ASKED | {"keeps": True}]}, "changed"),
    ({"criteria": [ASKED | {"options": OPTIONS[::-1]}]}, "changed"),
    ({"criteria": [ASKED], "colour": "blue"}, "changed"),
)


async def test_what_is_only_written_otherwise_is_no_other_version(clinic: Clinic) -> None:
    for body, expected in WRITTEN:
        async with undone(clinic.database) as connection:
            await catalogue.keep_programme(connection, MORE | {"criteria": [ASKED]}, STAMP)
            assert expected == await catalogue.keep_programme(connection, MORE | body, STAMP), body


async def test_of_several_who_write_at_once_each_is_kept_and_none_twice(clinic: Clinic) -> None:
    async def written(body: dict[str, Any]) -> str:
        async with clinic.database.begin() as connection:
            return await catalogue.keep_programme(connection, body, STAMP)

    assert ["added", *["same"] * 4] == sorted(await together(*[written(TEA) for _ in range(5)]))
    assert ["changed", *["same"] * 4] == sorted(await together(*[written(MORE) for _ in range(5)]))
    assert ["changed"] * 5 == await together(*[written(TEA | {"title": f"Tea {n}"}) for n in range(5)])
    assert [("tea", n) for n in range(1, 8)] == [tuple(row[:2]) for row in await kept(clinic.database)]


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
