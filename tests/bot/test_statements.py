"""The SQL statements of a turn are counted, so that one more is a decision."""

from __future__ import annotations

from domain.gazetteer.gazetteer import Gazetteer
from tests.bench.statements import count, recorded
from tests.conftest import NOW

#: Each turn of a booking, as `tests.bench.setting.REPLIES` has it: the second keeps the consent on record, the sixth
#: looks in three circles, since there are few centres; the last but one holds, the last books and plans the reminders.
STATEMENTS = [9, 6, 4, 4, 7, 9, 5, 8, 12]


async def test_no_turn_takes_more_statements_than_it_did(sample_url: str) -> None:
    Gazetteer.load.cache_clear()  # a desk begins with the towns of its own countries alone
    turns = await recorded(sample_url, NOW)
    assert STATEMENTS == list(map(count, turns))
    assert all(turn[0].sql.startswith("BEGIN") and turn[-1].sql == "COMMIT" for turn in turns)
