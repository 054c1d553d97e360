"""What the measurements share: a prepared database, the server as a process of its own, signed requests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from twilio.request_validator import RequestValidator

from bot.shipped import write_sample
from domain.store import migrate
from domain.store.database import Database
from domain.store.sealing import Keyring
from tests.conftest import KEYS

ACCOUNT, AUTH, PUBLIC = "AC" + "0" * 32, "bench-token", "https://desk.example.org"
WEBHOOK = "/webhooks/twilio"
#: One conversation, from the first hello to a booked place.
REPLIES = ("hello", "1", "1", "Ana Silva, 3 April 1950", "1", "Bristol", "{centre}", "{slot}", "1")
_SIGNER = RequestValidator(AUTH)


async def prepared(url: str) -> None:
    """Migrate, and fill in the sample clinic."""
    await migrated(url)
    await filled(url)


async def migrated(url: str) -> None:
    """Migrate."""
    database = Database.open(url, Keyring.of(KEYS))
    await migrate.migrate(database)
    await database.close()


async def filled(url: str) -> None:
    """Fill in the sample clinic."""
    database = Database.open(url, Keyring.of(KEYS))
    await migrate.load_secret(database)
    await write_sample(database, now=datetime.now(UTC))
    await database.close()


@contextlib.asynccontextmanager
async def server(url: str, port: int, command: str = "web") -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `frontdesk web` on *port* until the end of the block."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": PUBLIC,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": AUTH,
        "TWILIO_SMS_FROM": "+15550000001",
        "FIELD_KEYS": KEYS,
        "LOG_LEVEL": "WARNING",
    }
    frontdesk = Path(sys.executable).with_name("frontdesk")
    process = await asyncio.create_subprocess_exec(frontdesk, command, env=environment)
    try:
        async with aiohttp.ClientSession() as session:
            await _until_ready(session, f"http://127.0.0.1:{port}/health/ready", process)
        yield process
    finally:
        process.terminate()
        await process.wait()


async def _until_ready(session: aiohttp.ClientSession, address: str, process: asyncio.subprocess.Process) -> None:
    for _ in range(300):
        if process.returncode is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(address) as response:
                if response.status == 200:
                    return
        await asyncio.sleep(0.1)
    raise RuntimeError("the server did not become ready")


def signed_message(number: str, sid: str, body: str) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a text message as Twilio posts it."""
    form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": number, "To": "+15550000001", "Body": body}
    form |= {"NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01", "SmsStatus": "received"}
    signature = _SIGNER.compute_signature(f"{PUBLIC}{WEBHOOK}", form)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return urlencode(form).encode(), headers


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which *share* of *values* lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
