"""The SQL statements of a turn are counted, so that one more is a decision."""

from __future__ import annotations

from tests.bench.statements import recorded
from tests.conftest import NOW

#: Each turn of a booking, as `tests.bench.setting.REPLIES` has it: the last but one holds, the last books.
ON_SQLITE = [9, 5, 4, 4, 7, 8, 5, 8, 11]
IN_LINE = 1  # on PostgreSQL turns of one person stand in line for a lock of their own


async def test_no_turn_takes_more_statements_than_it_did(sample_url: str, engine_name: str) -> None:
    counted = [len(turn) for turn in await recorded(sample_url, NOW)]
    more = IN_LINE if engine_name == "postgresql" else 0
    assert [wanted + more for wanted in ON_SQLITE] == counted
