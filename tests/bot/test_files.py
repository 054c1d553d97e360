"""Links to tables and pictures hold for what they were signed for, and for nothing else; a picture is a real PNG."""

from __future__ import annotations

import struct
import zlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts import HEIGHT, WIDTH, chart_of
from bot.files import hours_in, path_of, sheet_in
from bot.messages import dump_outgoing, load_outgoing
from dialogs.prompt import Hour, Picture, Sheet
from tests.conftest import NOW

SECRET = b"s" * 32
SHEET = Sheet(
    report="weekly.7.2027-02-22", file_name="weekly.csv", content="a,b\r\n", until=NOW + timedelta(days=7), caption="!"
)
HOURS = st.lists(
    st.builds(Hour, st.integers(0, 23), st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=24
).map(tuple)


def token_of(message: Sheet | Picture) -> str:
    return path_of(SECRET, message).rpartition("/")[2].rpartition(".")[0]


def test_a_table_is_found_by_its_link_for_a_week() -> None:
    link = sheet_in(SECRET, token_of(SHEET), NOW)
    assert link is not None
    assert ("weekly", 7, date(2027, 2, 22)) == (link.period, link.centre, link.first)
    assert sheet_in(SECRET, token_of(SHEET), SHEET.until - timedelta(seconds=1)) is not None
    assert sheet_in(SECRET, token_of(SHEET), SHEET.until) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.replace(".7.", ".8."),
        lambda token: token.replace("weekly", "monthly"),
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.partition("~")[0],
        lambda _: "",
    ],
)
def test_a_link_that_was_changed_leads_nowhere(change: object) -> None:
    assert callable(change)
    assert sheet_in(SECRET, change(token_of(SHEET)), NOW) is None
    assert hours_in(SECRET, change(token_of(SHEET))) is None


def test_the_link_of_a_picture_is_none_of_a_table() -> None:
    assert sheet_in(SECRET, token_of(Picture(hours=(Hour(9, 1, 2),))), NOW) is None


@given(HOURS)
def test_all_that_is_drawn_stands_in_the_link_and_in_the_outbox(hours: tuple[Hour, ...]) -> None:
    picture = Picture(hours=hours, caption="Tuesday")
    assert hours == hours_in(SECRET, token_of(picture))
    assert picture == load_outgoing(dump_outgoing(picture))
    assert SHEET == load_outgoing(dump_outgoing(SHEET))


@given(HOURS)
def test_a_picture_is_whole(hours: tuple[Hour, ...]) -> None:
    """Each chunk has its right sum, and there are as many dots as the head says, all of them in the palette."""
    found = chart_of(hours)
    assert found.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(found):
        (length,) = struct.unpack(">I", found[at : at + 4])
        kind, data = found[at + 4 : at + 8], found[at + 8 : at + 8 + length]
        assert struct.pack(">I", zlib.crc32(kind + data)) == found[at + 8 + length : at + 12 + length]
        chunks[kind] = data
        at += 12 + length
    assert (WIDTH, HEIGHT, 8, 3, 0, 0, 0) == struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    dots = zlib.decompress(chunks[b"IDAT"])
    assert (WIDTH + 1) * HEIGHT == len(dots)
    assert max(dots) < len(chunks[b"PLTE"]) // 3
    assert b"" == chunks[b"IEND"]


def test_an_empty_day_is_drawn_too() -> None:
    assert chart_of(()).startswith(b"\x89PNG")
    assert chart_of([Hour(9, 0, 0)]) != chart_of([Hour(9, 0, 5)]) != chart_of([Hour(9, 5, 5)])
