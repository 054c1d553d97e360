"""The real command as processes of their own: started, heard, killed by their number and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp.test_utils import unused_port

from tests import servers
from tests.conftest import KEYS
from tests.e2e import clinic as world
from tests.e2e.clinic import Clinic

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
_SCRIPT = Path(sys.executable).with_name("frontdesk")
COMMAND = [sys.executable, *([str(_SCRIPT)] if _SCRIPT.exists() else ["-m", "webhooks.main"])]


def environment(database_url: str, folder: Path, **settings: str) -> dict[str, str]:
    """Return an environment with these settings and nothing of the one that tests run in."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return {**bare, "DATABASE_URL": database_url, "FIELD_KEYS": KEYS, **settings}


def beside(clinic: Clinic, folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a process that works on the database of *clinic*, with its doubles."""
    own = clinic.app.settings
    return environment(
        own.database_url,
        folder,
        PUBLIC_URL=world.PUBLIC,
        HOST="127.0.0.1",
        TELEGRAM_BOT_TOKEN=world.TOKEN,
        TELEGRAM_WEBHOOK_SECRET=world.SECRET,
        TELEGRAM_API_URL=own.telegram_api_url,
        TWILIO_ACCOUNT_SID=world.ACCOUNT,
        TWILIO_AUTH_TOKEN=world.AUTH,
        TWILIO_SMS_FROM=world.SMS_FROM,
        TWILIO_WHATSAPP_FROM=world.WHATSAPP_FROM,
        TWILIO_API_URL=own.twilio_api_url,
        TWILIO_CONTENT_URL=own.twilio_content_url,
        **settings,
    )


@dataclass(slots=True)
class Running:
    """A process at work, and the lines that it wrote."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    listening: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(line.decode())
            self.heard.set()
        self.heard.set()

    async def says(self, word: str) -> None:
        """Wait until the process says *word*; fails when it ends before."""
        async with asyncio.timeout(PATIENCE_S):
            while not any(word in line for line in self.lines):
                assert self.listening is not None
                assert not self.listening.done(), "".join(self.lines)
                await self.heard.wait()
                self.heard.clear()

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.process.returncode is None:
            os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()
        if self.listening is not None:
            await self.listening


async def start(*arguments: str, env: dict[str, str], folder: Path) -> Running:
    """Start the command in a process group of its own, which does not outlive the tests."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        cwd=folder,
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        preexec_fn=servers._die_with_parent(signal.SIGKILL),
    )
    running = Running(process)
    running.listening = asyncio.create_task(running.listen())
    return running


@contextlib.asynccontextmanager
async def at_work(*commands: tuple[str, ...], env: dict[str, str], folder: Path) -> AsyncIterator[list[Running]]:
    """Run several commands at once, each until it says that it is ready."""
    running: list[Running] = []
    try:
        running += await asyncio.gather(*(start(*command, env=env, folder=folder) for command in commands))
        await asyncio.gather(
            *(
                one.says('"ready"' if "worker" not in one_is else '"working"')
                for one, one_is in zip(running, commands, strict=True)
            )
        )
        yield running
    finally:
        await asyncio.gather(*(one.kill() for one in running))


async def done(*arguments: str, env: dict[str, str], folder: Path) -> tuple[int | None, str]:
    """Run a command to its end; return its exit status and all that it wrote."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        cwd=folder,
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(PATIENCE_S):
        written, _ = await process.communicate()
    return process.returncode, written.decode()


def free_port() -> str:
    return str(unused_port())
