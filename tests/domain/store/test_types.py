"""Moments are aware and sealed columns are shut, whichever engine stores them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from domain.patients import Channel
from domain.store import conversations, inbox, outbox, tables
from domain.store.database import Database
from domain.store.sealing import Keyring, SealError, new_key
from tests.conftest import KEYS, NOW
from tests.domain.clinic import Clinic
from tests.domain.store.by_hand import undone

MOMENTS = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2, 1, 1, tzinfo=UTC),
    datetime(999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 3, 0, tzinfo=ZoneInfo("Europe/Paris")) - timedelta(microseconds=1),
    datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Paris")),
    datetime(2027, 10, 31, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Paris")),
    datetime(2027, 3, 1, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime(9998, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-12))),
)


async def test_moments_come_back_the_same_in_utc_and_sort_by_time(database: Database) -> None:
    rows = [{"provider_id": str(n), "status": "sent", "rank": 1, "at": at} for n, at in enumerate(MOMENTS)]
    async with database.begin() as connection:
        await connection.execute(insert(tables.receipt), rows)
        found = (await connection.execute(select(tables.receipt.c.at).order_by(tables.receipt.c.at))).scalars().all()
    assert sorted(moment.astimezone(UTC) for moment in MOMENTS) == found
    assert {timedelta(0)} == {moment.utcoffset() for moment in found}


async def test_moments_are_compared_by_time_not_by_wall_clock(database: Database) -> None:
    paris = datetime(2027, 3, 1, 10, 30, tzinfo=ZoneInfo("Europe/Paris"))
    async with database.begin() as connection:
        row = {"provider_id": "1", "status": "sent", "rank": 1, "at": NOW + timedelta(minutes=30)}
        await connection.execute(insert(tables.receipt), row)
        same = select(tables.receipt.c.provider_id).where(tables.receipt.c.at == paris)
        assert ["1"] == list((await connection.execute(same)).scalars())


async def test_a_naive_moment_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    async with database.begin() as connection:
        with pytest.raises(StatementError, match="this datetime is naive"):
            await connection.execute(select(tables.receipt).where(tables.receipt.c.at < naive))
        row = {"provider_id": "1", "status": "sent", "rank": 1, "at": naive}
        with pytest.raises(StatementError, match="this datetime is naive"):
            await connection.execute(insert(tables.receipt), row)


async def test_no_moment_stays_none(database: Database) -> None:
    async with database.begin() as connection:
        row: dict[str, Any] = {"state": {}, "heard_at": NOW, "nudge_at": None}
        await connection.execute(insert(tables.conversation), row)
        assert (await connection.execute(select(tables.conversation.c.nudge_at))).scalar_one() is None


VALUES: tuple[Any, ...] = ({"job": "health", "n": [1, None]}, [], "Ana Lopez 🌊", 4, None)


async def test_sealed_columns_give_back_what_was_written(database: Database) -> None:
    async with database.begin() as connection:
        for value in VALUES[:-1]:
            written = insert(tables.conversation).returning(tables.conversation.c.id)
            new = (await connection.execute(written, {"state": value, "heard_at": NOW})).scalar_one()
            found = select(tables.conversation.c.state).where(tables.conversation.c.id == new)
            assert value == (await connection.execute(found)).scalar_one()


# ---- what somebody sees who has the database and no keys

NUMBER = "+15550104477"
SECRETS = (
    "Jacinta",  # a name
    "1971-08-23",  # a birth date
    "shepherd",  # a lasting answer
    "5550104477",  # a number
    "palpitations",  # what was said
    "lighthouse",  # what the desk remembers
    "cornflower",  # what the desk replied
    "moonstone",  # what staff are to know
)


async def write_secrets(clinic: Clinic) -> None:
    """Write something of everything that a patient tells and is told."""
    slot = await clinic.slot()
    async with clinic.database.begin() as connection:
        opened = await conversations.open_by_address(
            connection, secret=clinic.database.index_secret, channel=Channel.SMS, address=NUMBER, now=NOW
        )
        patient = await clinic.work(connection, opened.contact).people.add_patient(
            opened.contact,
            is_me=True,
            name="Jacinta Ferreira",
            birth=datetime(1971, 8, 23, tzinfo=UTC).date(),
            facts=(("job", "shepherd"),),
        )
        said, state = {"text": "palpitations"}, {"ledger": "lighthouse"}
        await inbox.receive(
            connection, contact_id=opened.contact, channel="sms", provider_id="SM1", payload=said, now=NOW
        )
        await conversations.save(connection, opened.id, turn=1, state=state, heard_at=NOW, nudge_at=None)
        replies = [outbox.Queued(payload={"text": "cornflower"})]
        await outbox.queue(connection, contact_id=opened.contact, channel=Channel.SMS, messages=replies, now=NOW)
        work = clinic.work(connection, opened.contact)
        await work.appointments.add_hold(patient, "flu:1", slot, expires_at=NOW + timedelta(minutes=10), key="one")
        await work.people.open_task("call-back", opened.contact, f"contact:{opened.contact}", "moonstone")


async def raw(database: Database) -> bytes:
    """Return all that the database holds, as it stands on the disk or in the rows."""
    if database.path is not None:
        files = [database.path, Path(f"{database.path}-wal")]
        return b"".join([file.read_bytes() for file in files if file.exists()])
    found: list[str] = []
    async with database.read() as connection:
        for table in tables.metadata.sorted_tables:
            rows = await connection.execute(text(f'SELECT * FROM "{table.name}"'))
            found += [value.hex() if isinstance(value, bytes) else repr(value) for row in rows for value in row]
    return "\n".join(found).encode()


def seen(secret: str, everything: bytes) -> bool:
    return secret.encode() in everything or secret.encode().hex().encode() in everything


async def test_nothing_that_patients_say_can_be_read_in_the_tables(clinic: Clinic) -> None:
    await write_secrets(clinic)
    everything = await raw(clinic.database)
    assert [] == [secret for secret in SECRETS if seen(secret, everything)]


async def test_without_keys_all_of_it_could_be_read(clinic: Clinic) -> None:
    """So that the test above would notice a column that is not sealed."""
    keyless = Database.open(clinic.database.url.render_as_string(hide_password=False), Keyring())
    try:
        await write_secrets(Clinic(keyless, clinic.clock))
        everything = await raw(keyless)
    finally:
        await keyless.close()
    assert [] == [secret for secret in SECRETS if not seen(secret, everything)]


async def test_values_written_without_keys_open_with_keys_and_are_sealed_by_the_next_write(clinic: Clinic) -> None:
    url = clinic.database.url.render_as_string(hide_password=False)
    keyless = Database.open(url, Keyring())
    async with keyless.begin() as connection:
        await connection.execute(insert(tables.conversation), {"state": {"said": "lighthouse"}, "heard_at": NOW})
    await keyless.close()
    keyed = Database.open(url, Keyring.of(KEYS))
    try:
        async with keyed.begin() as connection:
            found = (await connection.execute(select(tables.conversation.c.state))).scalar_one()
            assert {"said": "lighthouse"} == found
            await connection.execute(tables.conversation.update().values(state=found))
            stored = (await connection.execute(text("SELECT state FROM conversation"))).scalar_one()
        assert b"lighthouse" not in bytes(stored)
    finally:
        await keyed.close()


async def test_keys_rotate_over_stored_rows(clinic: Clinic) -> None:
    """With a new key in front the old rows open; without the old key they say which one is missing."""
    url = clinic.database.url.render_as_string(hide_password=False)
    await clinic.someone()
    for keys, opens in ((f"{new_key('fresh')},{KEYS}", True), (new_key("fresh"), False)):
        rotated = Database.open(url, Keyring.of(keys))
        async with rotated.read() as connection:
            names = select(tables.patient.c.name)
            if opens:
                assert ["Ana Lopez"] == list((await connection.execute(names)).scalars())
            else:
                with pytest.raises(SealError, match=r"patient\.name is sealed with key 'test'"):
                    (await connection.execute(names)).scalars().all()
        await rotated.close()


async def test_a_value_copied_to_another_column_does_not_open(clinic: Clinic) -> None:
    await clinic.someone()
    async with undone(clinic.database) as connection:
        await connection.execute(text("UPDATE patient SET facts = name"))
        with pytest.raises(SealError, match=r"patient\.facts cannot be opened"):
            (await connection.execute(select(tables.patient.c.facts))).scalars().all()
