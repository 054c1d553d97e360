"""The recorded feed of New Jersey is read whole, and its three faults are told once each."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from domain.centre_files import read_centre_file
from domain.centre_rows import CentreRow
from domain.feed_rows import Fault, Row, SlotRow
from domain.smart_feed import WRONG_OFFSET, Feed
from tests.shared_data import FEED, needed


@pytest.fixture(scope="module")
def public_rows() -> list[Row]:
    needed(*FEED)
    feed = Feed()
    return [row for path in FEED for row in read_centre_file(path, feed)]


def test_the_real_feed_is_read_whole(public_rows: list[Row]) -> None:
    kinds = {"CentreRow": 112, "ScheduleRow": 112, "SlotRow": 1_542, "Fault": 4}
    assert kinds == Counter(type(row).__name__ for row in public_rows)
    centres = {row.key: row for row in public_rows if isinstance(row, CentreRow)}
    slots_of = [row for row in public_rows if isinstance(row, SlotRow)]
    assert all(slot.centre in centres for slot in slots_of)
    assert 46_702 == sum(slot.capacity for slot in slots_of if slot.is_free)
    assert {"07", "08"} == {centre.postcode[:2] for centre in centres.values()}


def test_the_real_faults_are_told_once_each(public_rows: list[Row]) -> None:
    assert [
        "112 postcodes had lost the leading zero and got it back.",
        "1 postcode had too short a second part, which was left out.",
        "1,542 slots shared 112 ids, and were told apart by place and start.",
        f"1,542 slots {WRONG_OFFSET}.",
    ] == [row.sentence for row in public_rows if isinstance(row, Fault)]


def test_the_days_of_the_real_feed_begin_at_wall_times(public_rows: list[Row]) -> None:
    zone = ZoneInfo("America/New_York")
    hours = Counter(row.starts_at.astimezone(zone).hour for row in public_rows if isinstance(row, SlotRow))
    assert {7: 20, 8: 320, 9: 1_038, 10: 162, 12: 2} == hours
