"""Whatever a provider answers, a send fails in one of few ways: throttled, unreachable, blocked, refused, or moved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer, unused_port

from bot.channels.base import (
    BlockedError,
    Channel,
    MovedError,
    RefusedError,
    SendError,
    ThrottledError,
    UnreachableError,
)
from bot.channels.sms import SmsChannel
from bot.channels.telegram import TelegramChannel, make_bot
from bot.channels.twilio import Sender
from dialogs.prompt import Line
from tests.conftest import NOW
from webhooks.simulator.exchange import Exchange, Fault
from webhooks.simulator.telegram_double import TelegramDouble
from webhooks.simulator.twilio_double import TwilioDouble

TOKEN, ACCOUNT, AUTH = "123456:TEST", "AC" + "0" * 32, "token"
CHAT, PHONE, SENDER = "42", "+15551230001", "+15550000001"
PATIENCE_S, IMPATIENCE_S = 10, 0.2


@dataclass(slots=True)
class Providers:
    telegram: TelegramDouble
    twilio: TwilioDouble
    session: aiohttp.ClientSession
    roots: dict[str, str]

    def channel(
        self, name: str, *, root: str | None = None, token: str | None = None, timeout_s: float = PATIENCE_S
    ) -> tuple[Channel, str]:
        """Return a channel, and an address on it."""
        where = root or self.roots[name]
        if name == "telegram":
            bot = make_bot(token or TOKEN, where, self.session, timeout_s=timeout_s)
            return TelegramChannel(bot, lambda: NOW), CHAT
        sender = Sender(
            account_sid=ACCOUNT,
            auth_token=token or AUTH,
            root=where,
            session=self.session,
            status_callback=None,
            timeout_s=timeout_s,
        )
        return SmsChannel(sender, origin={"from_": SENDER}, link=lambda _: None), PHONE

    def exchange(self, name: str) -> Exchange:
        return self.telegram.exchange if name == "telegram" else self.twilio.exchange


@pytest_asyncio.fixture
async def providers() -> AsyncIterator[Providers]:
    telegram = TelegramDouble(token=TOKEN, strict_chats=False, now=lambda: NOW)
    twilio = TwilioDouble(account_sid=ACCOUNT, auth_token=AUTH, numbers={SENDER}, now=lambda: NOW)
    async with (
        TestServer(telegram.app()) as telegram_server,
        TestServer(twilio.app()) as twilio_server,
        aiohttp.ClientSession() as session,
    ):
        roots = {"telegram": _root(telegram_server), "sms": _root(twilio_server)}
        yield Providers(telegram, twilio, session, roots)


def _root(server: BaseTestServer) -> str:
    return str(server.make_url("")).rstrip("/")


async def failure(channel: Channel, address: str, text: str = "Hello") -> SendError:
    with pytest.raises(SendError) as caught:
        await channel.send(address, Line(text=text), None)
    return caught.value


FAULTS: dict[str, tuple[Fault, type[SendError]]] = {
    "429": (Fault(status=429, retry_after=7), ThrottledError),
    "500": (Fault(status=500), UnreachableError),
    "502": (Fault(status=502), UnreachableError),
    "503": (Fault(status=503), UnreachableError),
    "401": (Fault(status=401), UnreachableError),
    "408": (Fault(status=408), UnreachableError),
    "silence": (Fault(hang=60), UnreachableError),
    "silence after it was heard": (Fault(hang=60, accept_first=True), UnreachableError),
    "dropped": (Fault(drop_connection=True), UnreachableError),
    "dropped after it was heard": (Fault(drop_connection=True, accept_first=True), UnreachableError),
    "500 after it was heard": (Fault(status=500, accept_first=True), UnreachableError),
    "400": (Fault(status=400), RefusedError),
}


@pytest.mark.parametrize("name", ["telegram", "sms"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is(providers: Providers, name: str, fault: str) -> None:
    given, kind = FAULTS[fault]
    providers.exchange(name).faults.append(given)

    timeout_s = IMPATIENCE_S if given.hang else PATIENCE_S
    assert kind is type(await failure(*providers.channel(name, timeout_s=timeout_s)))


@pytest.mark.parametrize("name", ["telegram", "sms"])
async def test_nobody_there_is_unreachable(providers: Providers, name: str) -> None:
    providers.exchange(name).outage = True
    assert UnreachableError is type(await failure(*providers.channel(name)))
    assert UnreachableError is type(await failure(*providers.channel(name, root=f"http://127.0.0.1:{unused_port()}")))


@pytest.mark.parametrize("name", ["telegram", "sms"])
async def test_throttled_says_for_how_long(providers: Providers, name: str) -> None:
    providers.exchange(name).faults.append(Fault(status=429, retry_after=7))
    found = await failure(*providers.channel(name))

    assert isinstance(found, ThrottledError)
    assert timedelta(seconds=7) == found.retry_after


@pytest.mark.parametrize(("name", "token"), [("telegram", "123456:OTHER"), ("sms", "another token")])
async def test_a_wrong_token_is_for_the_operator_to_mend_and_loses_nothing(
    providers: Providers, name: str, token: str
) -> None:
    assert UnreachableError is type(await failure(*providers.channel(name, token=token)))


ANSWERS: dict[str, Callable[[], web.Response]] = {
    "words instead of data": lambda: web.Response(text="<html>Bad gateway</html>", content_type="text/html"),
    "nothing": lambda: web.Response(status=200),
    "a page with an error": lambda: web.Response(status=502, text="<html>Bad gateway</html>"),
    "an error without words": lambda: web.Response(status=503),
}


#: The library takes these from Twilio for an answer.
OTHER_DATA: dict[str, Callable[[], web.Response]] = {
    "data of another shape": lambda: web.json_response({"sent": True}),
    "a list": lambda: web.json_response(["sent"]),
}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        *((name, answer) for name in ("telegram", "sms") for answer in ANSWERS),
        *(("sms", other) for other in OTHER_DATA),
    ],
)
async def test_an_answer_that_makes_no_sense_is_unreachable(providers: Providers, name: str, answer: str) -> None:
    async def respond(_request: web.Request) -> web.Response:
        return (ANSWERS | OTHER_DATA)[answer]()

    nonsense = web.Application()
    nonsense.router.add_route("*", "/{rest:.*}", respond)
    async with TestServer(nonsense) as server:
        assert UnreachableError is type(await failure(*providers.channel(name, root=_root(server))))


# ---- what only Telegram says


@pytest.mark.parametrize(
    "words", ["bot was blocked by the user", "user is deactivated", "bot can't initiate conversation with a user"]
)
async def test_a_chat_that_is_closed_to_us_is_blocked(providers: Providers, words: str) -> None:
    channel, address = providers.channel("telegram")
    await channel.send(address, Line(text="Hello"), None)
    providers.telegram.block(int(address), words)

    assert BlockedError is type(await failure(channel, address))


async def test_a_chat_that_does_not_exist_is_blocked(providers: Providers) -> None:
    channel, address = providers.channel("telegram")
    providers.telegram.world.strict_chats = True
    assert BlockedError is type(await failure(channel, address))


async def test_a_group_that_moved_away_says_where_it_is(providers: Providers) -> None:
    channel, _ = providers.channel("telegram")
    await channel.send("-100", Line(text="Hello"), None)
    providers.telegram.migrate(-100, -100500)
    found = await failure(channel, "-100")
    assert isinstance(found, MovedError)
    assert "-100500" == found.address


async def test_what_telegram_cannot_show_is_refused(providers: Providers) -> None:
    channel, address = providers.channel("telegram")
    assert RefusedError is type(await failure(channel, address, " "))


# ---- what only Twilio says

CODES = {
    21610: BlockedError,
    20429: ThrottledError,
    63018: ThrottledError,
    21211: RefusedError,
    21408: RefusedError,
    21611: ThrottledError,
    21614: RefusedError,
}


@pytest.mark.parametrize("code", CODES)
async def test_a_code_means(providers: Providers, code: int) -> None:
    channel, address = providers.channel("sms")
    providers.twilio.refusals[address] = code
    found = await failure(channel, address)

    assert (CODES[code], str(code)) == (type(found), found.code)


async def test_who_opted_out_is_blocked(providers: Providers) -> None:
    channel, address = providers.channel("sms")
    providers.twilio.opted_out.add(address)
    assert BlockedError is type(await failure(channel, address))


async def test_a_sender_that_is_not_ours_is_refused(providers: Providers) -> None:
    providers.twilio.numbers = {"+15559999999"}
    assert ("21606", RefusedError) == ((found := await failure(*providers.channel("sms"))).code, type(found))


async def test_what_twilio_cannot_send_is_refused(providers: Providers) -> None:
    channel, address = providers.channel("sms")
    assert ["21602", "21617"] == [(await failure(channel, address, text)).code for text in (" ", "x" * 1601)]
