"""What `frontdesk check` says of the programmes in a database: each fault by name, or nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from bot.cli.checks import Found, offered
from domain.store.database import Database
from domain.store.tables import programme
from tests.e2e.clinic import settings_for

YES, NO = ({"key": one, "label": one.title()} for one in ("yes", "no"))
OUT = {"key": "out", "label": "Out", "decides": "ineligible", "because": "Sorry."}
ASKED: dict[str, Any] = {"key": "asked", "text": "?", "options": [YES, OUT]}
#: What a programme says beside its key and title, and what is said of it.
FAULTY: dict[str, tuple[dict[str, Any], str]] = {
    "contradiction": ({"criteria": [ASKED | {"options": [OUT, OUT | {"key": "too"}]}]}, "every answer rules out"),
    "translation": ({"bring": {"en": "A cup", "fr": "Une tasse"}}, "bring: has no text in language 'es'"),
    "unreachable": ({"criteria": [ASKED, {"key": "b", "text": "?", "when": {"asked": "out"}, "options": [YES, NO]}]},
                    "criterion b: is never asked"),
    "long": ({"criteria": [ASKED | {"options": [YES, NO | {"label": "N" * 25}]}]}, "asked.no is 25 characters long"),
    "odd": ({"colour": "blue"}, "the file: 'colour' is not known here"),
}  # fmt: skip


async def checked(database: Database, url: str, bodies: dict[str, dict[str, Any]]) -> tuple[set[str], list[str]]:
    """Store *bodies*, as earlier releases or other hands may have; return which are offered, and the faults."""
    rows = [
        {"key": key, "position": n, "version": 1, "body": {"key": key, "title": "T", **body}}
        for n, (key, body) in enumerate(bodies.items())
    ]
    async with database.begin() as connection:
        await connection.execute(insert(programme), rows)
    found = Found(as_json=True)
    known = await offered(settings_for(url, "http://telegram.invalid", "http://twilio.invalid"), found)
    return {one.key for one in known} & bodies.keys(), found.faults


async def test_each_fault_of_a_stored_programme_is_named(database: Database, database_url: str) -> None:
    known, faults = await checked(database, database_url, {key: body for key, (body, _) in FAULTY.items()})
    assert {"contradiction", "unreachable", "long"} == known
    assert len(FAULTY) <= len(faults)
    for key, (_, sentence) in FAULTY.items():
        assert any(one.startswith(f"programme {key}: ") and sentence in one for one in faults), (key, faults)


async def test_where_nothing_is_wrong_nothing_is_said(database: Database, database_url: str) -> None:
    assert ({"sound"}, []) == await checked(database, database_url, {"sound": {"criteria": [ASKED]}})
