"""Lines from standard input, as they are typed or come through a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator


async def typed_lines() -> AsyncIterator[str]:
    """Give line after line until the input ends.

    The thread that waits for input reads a descriptor of its own: were it sys.stdin, an interpreter that
    ends while it waits would break off with an error.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def tell(line: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody listens any more
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def read() -> None:
        with open(os.dup(sys.stdin.fileno()), encoding="utf-8", errors="replace") as source:  # noqa: PTH123  no path
            for line in source:
                tell(line.rstrip("\r\n"))
        tell(None)

    threading.Thread(target=read, name="typed lines", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line
