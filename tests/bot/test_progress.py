"""Progress is drawn for who watches and leaves nothing behind."""

from __future__ import annotations

import io

from bot.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(stream: io.StringIO, *, total: int = 10, seconds_a_step: float = 1.0) -> str:
    now = 0.0
    with Progress("centres.csv", total, stream, lambda: now) as at_step:
        for step in range(1, 11):
            now += seconds_a_step
            at_step(step)
    return stream.getvalue()


def test_a_terminal_sees_how_far_it_is() -> None:
    shown = drawn(Terminal()).split("\r")
    assert "centres.csv [###                           ]  10%" == shown[1]
    assert "centres.csv [##############################] 100%" == shown[10]


def test_the_bar_is_gone_at_the_end() -> None:
    assert drawn(Terminal()).endswith("\r\033[K")


def test_it_is_drawn_ten_times_a_second_at_most() -> None:
    assert 2 == drawn(Terminal(), seconds_a_step=0.021).count("%")


def test_nobody_watches_nothing_is_written() -> None:
    assert "" == drawn(io.StringIO())


def test_of_an_unknown_size_nothing_is_drawn() -> None:
    assert "" == drawn(Terminal(), total=0)
