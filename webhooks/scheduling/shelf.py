"""Files made now and then and kept on disk, compressed, with the digest of what stands in them."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

import structlog

log = structlog.get_logger()
_QUICKLY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file: the digest of its text (*tag*), its sizes, when it was made and when it last became another one."""

    path: Path
    tag: str
    size: int
    packed_size: int
    made_at: datetime
    changed_at: datetime

    def open(self, *, packed: bool) -> BinaryIO:
        """Open the text, or its gzip; do so before anything else is awaited, or the file may be gone."""
        return self.path.open("rb") if packed else cast("BinaryIO", gzip.open(self.path, "rb"))


class Shelf:
    """Keeps files by name in a folder of its own, one made at a time, each at most once while it is *fresh*."""

    def __init__(self, fresh: timedelta) -> None:
        self._fresh = fresh
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: dict[str, Kept] = {}
        self._making = asyncio.Lock()
        self._numbers = itertools.count()

    async def get(
        self, name: str, clock: Callable[[], datetime], pages: Callable[[], AsyncIterator[list[str]]]
    ) -> Kept:
        """Return the file called *name*, made of the lines in *pages* unless it is fresh."""
        kept = self._files.get(name)
        if kept is None or not is_fresh(kept.made_at, clock(), self._fresh):
            async with self._making:
                kept = self._files.get(name)
                if kept is None or not is_fresh(kept.made_at, clock(), self._fresh):
                    kept = self._put(name, await self._made(name, clock(), pages()))
        return kept

    def clear_but(self, names: Iterable[str]) -> None:
        """Drop all files that have other names."""
        for name in self._files.keys() - set(names):
            self._files.pop(name).path.unlink()

    def close(self) -> None:
        """Drop everything."""
        self._files.clear()
        if self._folder is not None:
            self._folder.cleanup()

    def _put(self, name: str, new: Kept) -> Kept:
        old = self._files.get(name)
        if old is not None:
            old.path.unlink()
            if old.tag == new.tag:
                new = replace(new, changed_at=old.changed_at)
        self._files[name] = new
        return new

    async def _made(self, name: str, now: datetime, pages: AsyncIterator[list[str]]) -> Kept:
        began = time.perf_counter()
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="frontdesk-scheduling-")
        pressed = _Press(Path(self._folder.name) / f"{next(self._numbers)}.gz")
        try:
            async for page in pages:
                await asyncio.to_thread(pressed.write, page)
            await asyncio.to_thread(pressed.end)
        except BaseException:
            pressed.drop()
            raise
        took = round(time.perf_counter() - began, 3)
        log.info("scheduling file made", file=name, lines=pressed.lines, seconds=took)
        return Kept(
            path=pressed.path,
            tag=pressed.digest.hexdigest()[:32],
            size=pressed.size,
            packed_size=pressed.packed_size,
            made_at=now,
            changed_at=now,
        )


def is_fresh(made_at: datetime, now: datetime, fresh: timedelta) -> bool:
    """Say whether what was made is to be used still; a clock that was put back makes it stale."""
    return timedelta() <= now - made_at < fresh


class _Press:
    """Lines on their way into a compressed file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = hashlib.sha256()
        self.lines = self.size = self.packed_size = 0
        self._file = path.open("wb")
        self._gzip = zlib.compressobj(_QUICKLY, wbits=zlib.MAX_WBITS + 16)

    def write(self, lines: list[str]) -> None:
        text = "".join(f"{line}\n" for line in lines).encode()
        self.lines += len(lines)
        self.size += len(text)
        self.digest.update(text)
        self.packed_size += self._file.write(self._gzip.compress(text))

    def end(self) -> None:
        self.packed_size += self._file.write(self._gzip.flush())
        self._file.close()

    def drop(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)
