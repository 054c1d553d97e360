"""Providers that fail on purpose, as a client meets it."""

import asyncio

import aiohttp
import pytest

from tests.simulator.conftest import TOKEN, Telegram, Twilio
from tests.simulator.test_telegram_rules import HELLO, PERSON, update
from webhooks.simulator.exchange import Fault


@pytest.fixture(autouse=True)
def somebody_wrote(telegram: Telegram) -> None:
    telegram.double.hear(update())


def texts(telegram: Telegram) -> list[str]:
    return [message.text for message in telegram.double.screen(PERSON) if message.from_bot]


async def test_a_throttled_call_says_how_long_to_wait(telegram: Telegram) -> None:
    telegram.double.faults.append(Fault(status=429, retry_after=3))

    async with telegram.session.post(f"{telegram.root}/bot{TOKEN}/sendMessage", json=HELLO) as response:
        body = await response.json()

    assert (429, "3") == (response.status, response.headers["Retry-After"])
    assert {"retry_after": 3} == body["parameters"]
    assert [] == texts(telegram)
    assert 200 == (await telegram.call("sendMessage", **HELLO))[0]
    assert [429, 200] == [call.status for call in telegram.double.calls]
    assert [] == telegram.double.refused


async def test_an_error_after_the_deed_is_ambiguous(telegram: Telegram) -> None:
    telegram.double.faults.append(Fault(status=500, accept_first=True))

    status, _ = await telegram.call("sendMessage", **HELLO)

    assert (500, ["Hello"]) == (status, texts(telegram))
    assert [(500, True)] == [(call.status, call.processed) for call in telegram.double.calls]


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_dropped_connection_leaves_no_answer(telegram: Telegram, accepted: bool) -> None:
    telegram.double.faults.append(Fault(drop_connection=True, accept_first=accepted))

    with pytest.raises(aiohttp.ClientError):
        await telegram.call("sendMessage", **HELLO)

    assert (["Hello"] if accepted else []) == texts(telegram)
    assert [(0, accepted)] == [(call.status, call.processed) for call in telegram.double.calls]


async def test_a_call_that_hangs_longer_than_the_client_waits_may_have_been_heard(telegram: Telegram) -> None:
    telegram.double.faults.append(Fault(hang=60, accept_first=True))
    url = f"{telegram.root}/bot{TOKEN}/sendMessage"

    with pytest.raises(TimeoutError):
        await telegram.session.post(url, json=HELLO, timeout=aiohttp.ClientTimeout(total=0.1))

    assert ["Hello"] == texts(telegram)


async def test_a_slow_call_is_answered_in_the_end(telegram: Telegram) -> None:
    telegram.double.faults.append(Fault(hang=0.01))

    assert 200 == (await telegram.call("sendMessage", **HELLO))[0]


async def test_faults_meet_the_calls_they_match_as_often_as_they_say(telegram: Telegram) -> None:
    def is_message(method: str) -> bool:
        return method == "sendMessage"

    telegram.double.faults.append(Fault(status=502, times=2, matching=lambda call: is_message(call.method)))

    statuses = [(await telegram.call("getMe"))[0]]
    statuses += [(await telegram.call("sendMessage", **HELLO))[0] for _ in range(3)]

    assert [200, 502, 502, 200] == statuses
    assert [] == telegram.double.faults


async def test_a_fault_without_number_stays(telegram: Telegram) -> None:
    telegram.double.faults.append(Fault(status=500, times=None))

    assert [500] * 3 == [(await telegram.call("getMe"))[0] for _ in range(3)]
    telegram.double.faults.clear()
    assert 200 == (await telegram.call("getMe"))[0]


async def test_nobody_answers_in_an_outage(telegram: Telegram) -> None:
    telegram.double.outage = True
    with pytest.raises(aiohttp.ClientError):
        await telegram.call("getMe")

    telegram.double.outage = False
    assert 200 == (await telegram.call("getMe"))[0]


async def test_twilio_words_its_faults_in_its_own_way(twilio: Twilio) -> None:
    twilio.double.faults += [Fault(status=429, retry_after=2), Fault(status=503)]

    throttled, down = [await twilio.send(To="+14155550100", From="+15005550006", Body="x") for _ in range(2)]

    assert (429, 20429) == (throttled[0], throttled[1]["code"])
    assert (503, 20503) == (down[0], down[1]["code"])
    assert {} == twilio.double.messages


async def test_a_call_can_be_waited_for(telegram: Telegram) -> None:
    waiting = asyncio.create_task(telegram.double.exchange.wait_for_call(lambda call: call.status == 200))
    await telegram.call("getMe")

    assert "getMe" == (await waiting).method
