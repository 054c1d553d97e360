"""Conversations saved by earlier releases still replay to the question that was open then.

`python -m tests.dialogs.test_saved_ledgers RELEASE` writes the file of a release; it is never written again.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from dialogs.conversation import Turn
from dialogs.desk import Desk
from dialogs.prompt import Prompt
from dialogs.said import Said
from dialogs.scripts import SCRIPTS
from dialogs.stage import Stage
from dialogs.state import State
from tests.dialogs.test_unhappy_paths import QUESTIONS, _at
from tests.dialogs.world import MORNING, PROGRAMMES, FakeWorld

SAVED = Path(__file__).parent / "saved"
STATES = [
    pytest.param(row, id=f"{file.stem}-{number}")
    for file in sorted(SAVED.glob("release-*.json"))
    for number, row in enumerate(json.loads(file.read_text()))
]


@pytest.mark.parametrize("row", STATES)
async def test_a_saved_conversation_is_still_at_its_question(row: dict[str, Any]) -> None:
    state = State.from_json(row["state"], frozenset(SCRIPTS))
    desk = Desk(now=MORNING, today=MORNING.date(), name="Riverside", programmes=PROGRAMMES)
    stage = Stage(state, desk, FakeWorld(), SCRIPTS)
    messages = await Turn(stage).hear(Said(text="repeat"), heard_at=MORNING)
    assert row["asked"] == (state.menu.key if state.menu else None)
    assert isinstance(messages[-1], Prompt)


async def _saved() -> list[dict[str, Any]]:
    rows = []
    for way, number in QUESTIONS:
        person, asked = await _at(way, number)
        rows.append({"asked": asked, "state": person.state.to_json()})
    return rows


if __name__ == "__main__":
    target = SAVED / f"release-{sys.argv[1]}.json"
    if target.exists():
        raise SystemExit(f"{target.name} is written already: what a release saved does not change")
    SAVED.mkdir(exist_ok=True)
    target.write_text(json.dumps(asyncio.run(_saved()), ensure_ascii=False, indent=1) + "\n")
