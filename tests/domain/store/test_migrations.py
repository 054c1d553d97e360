"""Migrations lead from nothing to the tables that the code knows, and to the views that outsiders rely on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from domain.store import migrate, verify
from domain.store.database import BrokenReferenceError, Database
from domain.store.sealing import Keyring
from domain.store.tables import metadata
from tests.conftest import KEYS, NOW
from tests.domain.clinic import Clinic, together

VIEWS = {
    "v_centre": ["id", "name", "town", "postcode", "lat", "lon", "tz"],
    "v_slot": ["id", "centre_id", "starts_at", "capacity", "overbook", "taken"],
    "v_appointment": ["id", "slot_id", "status", "reference", "channel", "version"],
}


async def test_an_empty_database_is_brought_to_the_newest_schema(blank: Database) -> None:
    assert not await migrate.is_current(blank)
    assert (None, migrate.newest()) == await migrate.migrate(blank)
    assert await migrate.is_current(blank)


async def test_migrating_again_changes_nothing(blank: Database) -> None:
    """The secret of the index stays too, or nobody would be found again."""
    await migrate.migrate(blank)
    await migrate.load_secret(blank)
    before = blank.index_secret, await schema(blank)
    assert (migrate.newest(), migrate.newest()) == await migrate.migrate(blank)
    await migrate.load_secret(blank)
    assert before == (blank.index_secret, await schema(blank))
    assert 32 == len(blank.index_secret)


async def test_two_that_migrate_at_once_both_succeed(blank: Database) -> None:
    other = Database.open(blank.url.render_as_string(hide_password=False), Keyring.of(KEYS))
    assert not await migrate.is_current(blank)
    try:
        async with asyncio.timeout(30):
            done = await together(migrate.migrate(blank), migrate.migrate(other))
    finally:
        await other.close()
    assert {migrate.newest()} == {after for _, after in done}
    assert {None, migrate.newest()} == {before for before, _ in done}


async def test_a_reference_that_is_broken_stops_a_migration(blank: Database) -> None:
    """On SQLite tables are made anew with references unlooked at; before the end they are, and nothing is left."""
    await migrate.migrate(blank)
    orphan = "INSERT INTO closure (centre_id, day) VALUES (999, '2027-03-01')"
    with pytest.raises((BrokenReferenceError, IntegrityError)):
        async with blank.begin_rebuilding() as connection:
            await connection.execute(text(orphan))
    with pytest.raises(IntegrityError):
        async with blank.begin() as connection:
            await connection.execute(text(orphan))
    assert [] == await rows(blank, "SELECT * FROM closure")


async def test_migrated_tables_are_the_tables_that_the_code_knows(blank: Database) -> None:
    await migrate.migrate(blank)
    async with blank.read() as connection:
        assert [] == await connection.run_sync(differences)
        made = await connection.run_sync(rules)
    async with blank.begin() as connection:
        await connection.run_sync(drop_everything)
        await connection.run_sync(metadata.create_all)
        assert await connection.run_sync(rules) == made


async def test_stock_and_programmes_of_an_earlier_release_are_taken_along(blank: Database) -> None:
    """Lots had no spans, and only the current body of a programme was kept."""
    async with blank.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrate.config(sync), "0002"))
        for statement in EARLIER:
            await connection.execute(text(statement))
    await migrate.migrate(blank)
    assert [("2027-03-31", 7), ("2027-04-30", 3)] == [
        (str(until), spare) for until, spare in await rows(blank, "SELECT until, spare FROM stock_span ORDER BY until")
    ]
    assert [("flu", 4, "migration")] == await rows(blank, "SELECT key, version, made_by FROM programme_version")
    async with blank.read() as connection:
        assert {0} == set((await verify.breaches(connection, NOW)).values())


EARLIER = (
    """INSERT INTO programme (key, position, version, body) VALUES ('flu', 0, 4, '{"key": "flu"}')""",
    """INSERT INTO centre (id, key, name, address, town, town_folded, postcode, country, lat, lon, tz)
        VALUES (1, 'harbour', 'Harbour', '', 'Seaport', 'seaport', 'SP1', 'GB', 51.5, -2.5, 'Europe/London')""",
    """INSERT INTO lot (id, centre_id, product, number, expires_on)
        VALUES (1, 1, 'flu', 'A1', '2027-03-31'), (2, 1, 'flu', 'B2', '2027-04-30'),
        (3, 1, 'flu', 'C3', '2027-05-31')""",
    """INSERT INTO stock_movement (id, lot_id, kind, quantity, at, actor)
        VALUES (1, 1, 'delivery', 4, '2027-03-01 09:00:00+00:00', 'hand'),
        (2, 2, 'delivery', 3, '2027-03-01 09:00:00+00:00', 'hand')""",
)


async def test_reports_find_the_views_of_the_contract(database: Database) -> None:
    async with database.read() as connection:
        found = await connection.run_sync(columns_of_views)
    assert VIEWS == found


async def test_the_views_show_what_the_tables_hold(clinic: Clinic) -> None:
    slot = await clinic.slot(capacity=2, overbook=1)
    ana = await clinic.someone()
    held = await clinic.do(ana.hold(slot), ana.contact)
    assert [("Harbour", "Seaport", "SP1 1AA", 51.5, -2.5, "Europe/London")] == await rows(
        clinic.database, "SELECT name, town, postcode, lat, lon, tz FROM v_centre"
    )
    assert [(slot, 2, 1, 1)] == await rows(clinic.database, "SELECT id, capacity, overbook, taken FROM v_slot")
    ((reference, *rest),) = await rows(
        clinic.database, "SELECT reference, slot_id, status, channel, version FROM v_appointment"
    )
    assert [slot, "pending", "sms", 1] == rest
    assert f"{held}".count(f"'{reference}'") == 1


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def schema(database: Database) -> dict[str, Any]:
    async with database.read() as connection:
        return await connection.run_sync(rules)


def differences(connection: Connection) -> list[Any]:
    """Return what alembic would change to get from the database to the tables in the code."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def rules(connection: Connection) -> dict[str, Any]:
    """Return, by table, the columns and every constraint and index by name and text."""
    inspector = inspect(connection)
    return {
        name: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], one["default"]) for one in inspector.get_columns(name)
            },
            "checks": {one["name"]: one["sqltext"] for one in inspector.get_check_constraints(name)},
            "unique": {one["name"]: one["column_names"] for one in inspector.get_unique_constraints(name)},
            "indexes": {
                one["name"]: (one["column_names"], bool(one["unique"]), conditions(one))
                for one in inspector.get_indexes(name)
            },
            "primary": inspector.get_pk_constraint(name)["constrained_columns"],
            "foreign": {
                one["name"]: (one["constrained_columns"], one["referred_table"])
                for one in inspector.get_foreign_keys(name)
            },
        }
        for name in metadata.tables
    }


def conditions(index: Any) -> list[str]:
    return sorted(f"{name}: {value}" for name, value in index.get("dialect_options", {}).items())


def drop_everything(connection: Connection) -> None:
    for view in VIEWS:
        connection.execute(text(f"DROP VIEW {view}"))
    metadata.drop_all(connection)


def columns_of_views(connection: Connection) -> dict[str, list[str]]:
    inspector = inspect(connection)
    return {name: [one["name"] for one in inspector.get_columns(name)] for name in inspector.get_view_names()}
