"""How long an import of the real French centres takes, by the command as an operator runs it, start included."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from tests.bench.setting import migrated
from tests.conftest import KEYS
from tests.shared_data import FRENCH_LIST


async def measure(url: str) -> dict[str, float]:
    """Measure on the database at *url*, which is migrated and filled with these centres; nothing where they are not.

    Seconds of wall time: of the command doing nothing, of a first import, and of the same again.
    """
    if not FRENCH_LIST.exists():
        print(f"imports: the public file {FRENCH_LIST.name} is not in {FRENCH_LIST.parent}", file=sys.stderr)
        return {}
    await migrated(url)
    return {
        "start of a command s": await _seconds(url, "import", "centres", "--help"),
        "import 1,433 centres s": await _seconds(url, "import", "centres", str(FRENCH_LIST)),
        "import them again s": await _seconds(url, "import", "centres", str(FRENCH_LIST)),
    }


async def import_centres(url: str, *options: str) -> float:
    """Import them as an operator does, and return the seconds it took."""
    return await _seconds(url, "import", "centres", str(FRENCH_LIST), *options)


async def _seconds(url: str, *arguments: str) -> float:
    environment = os.environ | {"DATABASE_URL": url, "FIELD_KEYS": KEYS, "LOG_LEVEL": "WARNING"}
    frontdesk = Path(sys.executable).with_name("frontdesk")
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        frontdesk, *arguments, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    status = await process.wait()
    if status != 0:
        raise RuntimeError(f"frontdesk {' '.join(arguments)} ended with {status}")
    return round(time.perf_counter() - begun, 2)
