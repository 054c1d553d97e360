"""How far a long command is, drawn in place on a terminal; nothing where nobody watches."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 30
EVERY_S = 0.1


class Progress:
    """A bar of *total* steps under a *title* on *stream*, which is no more there when the block ends."""

    def __init__(self, title: str, total: int, stream: TextIO, elapsed_s: Callable[[], float] = time.monotonic) -> None:
        self._title, self._total, self._stream, self._elapsed_s = title, total, stream, elapsed_s
        self._is_seen = total > 0 and stream.isatty()
        self._due_s = 0.0

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int) -> None:
        """Show that so many steps are *done*, unless it was shown a moment ago."""
        if self._is_seen and self._elapsed_s() >= self._due_s:
            self._due_s = self._elapsed_s() + EVERY_S
            share = min(done / self._total, 1.0)
            bar = "#" * int(share * WIDTH)
            self._stream.write(f"\r{self._title} [{bar:<{WIDTH}}] {share:4.0%}")
            self._stream.flush()

    def __exit__(self, *_failure: object) -> None:
        if self._is_seen:
            self._stream.write("\r\033[K")
            self._stream.flush()
