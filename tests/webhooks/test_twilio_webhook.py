"""Twilio's webhooks over HTTP: only what is signed for our public address counts; receipts come in any order."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from twilio.request_validator import RequestValidator

from tests.conftest import Clock
from tests.e2e.clinic import AUTH, PUBLIC, SMS_FROM, Clinic, clinic_at_work
from webhooks.simulator.twilio_account import Receipt

MESSAGES, RECEIPTS = "/webhooks/twilio", "/webhooks/twilio/status"
SID = "SM" + "0" * 32
HELLO = [("MessageSid", SID), ("From", "+15551230001"), ("To", SMS_FROM), ("Body", "hello")]
TABLES = ("contact", "conversation", "inbox", "outbox", "patient", "task", "audit_event", "receipt")
Form = Sequence[tuple[str, str]]


@pytest_asyncio.fixture
async def desk(database_url: str, clock: Clock) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database_url, clock, works=False) as desk:
        yield desk


def signature(form: Form, url: str, token: str = AUTH) -> str:
    """Sign as Twilio describes it: each name and value, sorted by name, the values of one name sorted too."""
    signed = str(RequestValidator(token).compute_signature(url, {}))
    names = sorted({name for name, _ in form})
    written = "".join(name + value for name in names for value in sorted({v for n, v in form if n == name}))
    return str(RequestValidator(token).compute_signature(url + written, {})) if written else signed


async def post(desk: Clinic, path: str, body: bytes | str, signed: str | None) -> int:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if signed is not None:
        headers["X-Twilio-Signature"] = signed
    async with desk.session.post(f"{desk.address}{path}", data=body, headers=headers) as response:
        await response.read()
        return response.status


async def send(desk: Clinic, form: Form, path: str = MESSAGES) -> int:
    """Post *form*, signed as it should be."""
    return await post(desk, path, urlencode(form), signature(form, PUBLIC + path))


async def rows(desk: Clinic) -> dict[str, int]:
    counts = {table: await desk.value(f"SELECT count(*) FROM {table}") for table in TABLES}
    return {table: count for table, count in counts.items() if count}


async def test_a_signed_message_is_taken_in_and_answered_with_an_empty_response(desk: Clinic) -> None:
    body, signed = urlencode(HELLO), signature(HELLO, PUBLIC + MESSAGES)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signed}
    async with desk.session.post(f"{desk.address}{MESSAGES}", data=body, headers=headers) as response:
        assert (200, "text/xml", "<Response/>") == (
            response.status,
            response.content_type,
            await response.text(),
        )

    assert {"contact": 1, "conversation": 1, "inbox": 1, "outbox": 1} == await rows(desk)


FORGERIES = {
    "absent": None,
    "empty": "",
    "of another account": signature(HELLO, PUBLIC + MESSAGES, "another token"),
    "for the address behind the proxy": signature(HELLO, f"http://127.0.0.1{MESSAGES}"),
    "for another host": signature(HELLO, f"https://elsewhere.example.org{MESSAGES}"),
    "for another query": signature(HELLO, f"{PUBLIC}{MESSAGES}?a=b"),
    "over http": signature(HELLO, f"http://desk.example.org{MESSAGES}"),
    "of another message": signature([*HELLO[:-1], ("Body", "cancel")], PUBLIC + MESSAGES),
    "of fewer parameters": signature(HELLO[:-1], PUBLIC + MESSAGES),
    "no base64": "ü",
}


@pytest.mark.parametrize("path", [MESSAGES, RECEIPTS])
async def test_a_message_whose_signature_does_not_fit_is_refused_and_leaves_no_trace(desk: Clinic, path: str) -> None:
    forgeries = {
        **FORGERIES,
        "for another path": signature(HELLO, PUBLIC + (MESSAGES if path == RECEIPTS else RECEIPTS)),
    }
    statuses = {reason: await post(desk, path, urlencode(HELLO), signed) for reason, signed in forgeries.items()}

    assert dict.fromkeys(forgeries, 403) == statuses
    assert {} == await rows(desk)


VERIFIED: dict[str, Form] = {
    "a parameter that is added tomorrow": [*HELLO, ("Mood", "good")],
    "blank parameters": [*HELLO, ("FromCity", ""), ("AddOns", "")],
    "a parameter with spaces around it": [*HELLO, ("ProfileName", "  Ana \n")],
    "a parameter that comes twice": [*HELLO, ("Tag", "b"), ("Tag", "a")],
    "a parameter that comes twice alike": [*HELLO, ("Tag", "a"), ("Tag", "a")],
    "letters and pictures": [*HELLO[:-1], ("Body", "Café & Crème = 100% +1 👍")],
    "another order": list(reversed(HELLO)),
    "upper and lower case names": [*HELLO, ("body", "x"), ("BODY", "y")],
}


async def test_a_signature_holds_over_all_parameters_as_they_came(desk: Clinic) -> None:
    statuses = {}
    for number, (reason, form) in enumerate(VERIFIED.items()):
        own = [(name, f"SM{number:032}" if name == "MessageSid" else value) for name, value in form]
        statuses[reason] = await send(desk, own)

    assert dict.fromkeys(VERIFIED, 200) == statuses
    assert len(VERIFIED) == (await rows(desk))["inbox"]


async def test_a_query_in_the_address_is_signed_along(desk: Clinic) -> None:
    path = f"{MESSAGES}?clinic=a%20b&x="
    assert 200 == await send(desk, HELLO, path)
    assert 403 == await post(desk, MESSAGES, urlencode(HELLO), signature(HELLO, PUBLIC + path))


async def test_the_public_address_may_name_its_port(database_url: str, clock: Clock) -> None:
    async with clinic_at_work(database_url, clock, works=False, public_url=f"{PUBLIC}:8443/") as desk:
        assert 200 == await post(desk, MESSAGES, urlencode(HELLO), signature(HELLO, f"{PUBLIC}:8443{MESSAGES}"))


@pytest.mark.parametrize("missing", ["public_url", "twilio_auth_token"])
async def test_without_what_a_signature_is_checked_against_nobody_gets_in(
    database_url: str, clock: Clock, missing: str
) -> None:
    without: dict[str, Any] = {missing: None}
    async with clinic_at_work(database_url, clock, works=False, **without) as desk:
        assert 403 == await send(desk, HELLO)
        assert {} == await rows(desk)


async def test_a_signed_message_without_sender_or_id_is_a_bad_request(desk: Clinic) -> None:
    for name in ("From", "MessageSid"):
        assert 400 == await send(desk, [pair for pair in HELLO if pair[0] != name])
    assert {} == await rows(desk)


async def test_what_is_no_form_is_refused(desk: Clinic) -> None:
    bodies = (b"", b"\xff\xfe=1", b"{}", b"&".join(b"a%d=1" % number for number in range(500)))
    signed = signature(HELLO, PUBLIC + MESSAGES)

    assert dict.fromkeys(bodies, 403) == {body: await post(desk, MESSAGES, body, signed) for body in bodies}
    assert {} == await rows(desk)


async def test_what_is_larger_than_any_message_is_refused(desk: Clinic) -> None:
    assert 413 == await send(desk, [*HELLO, ("Filler", "x" * 300_000)])
    assert {} == await rows(desk)


# ---- receipts


def receipt(status: str, sid: str = SID, **more: str) -> Form:
    return [("MessageSid", sid), ("MessageStatus", status), *more.items()]


async def kept(desk: Clinic, sid: str = SID) -> str | None:
    found: str | None = await desk.value("SELECT status FROM receipt WHERE provider_id = :sid", sid=sid)
    return found


async def test_receipts_in_any_order_keep_the_furthest_status(desk: Clinic) -> None:
    for number, order in enumerate(itertools.permutations(["queued", "sent", "delivered", "read"])):
        sid = f"SM{number:032}"
        for status in order:
            assert 204 == await send(desk, receipt(status, sid), RECEIPTS)
        assert "read" == await kept(desk, sid), order


#: Receipts as they came, and what is known after them.
FURTHEST: dict[tuple[str, ...], str | None] = {
    ("sent", "sent"): "sent",
    ("delivered", "sent"): "delivered",
    ("undelivered", "sent"): "undelivered",
    ("failed", "queued", "sending"): "failed",
    ("delivered", "failed"): "delivered",
    ("accepted", "scheduled"): "accepted",
    ("sent", "teleported"): "sent",
    ("teleported",): None,
}


async def test_of_two_receipts_the_one_that_came_further_counts(desk: Clinic) -> None:
    known = {}
    for number, statuses in enumerate(FURTHEST):
        sid = f"SM{number:032}"
        assert {204} == {await send(desk, receipt(status, sid), RECEIPTS) for status in statuses}
        known[statuses] = await kept(desk, sid)

    assert FURTHEST == known


async def test_a_failure_keeps_its_reason(desk: Clinic) -> None:
    assert 204 == await send(desk, receipt("failed", ErrorCode="63016"), RECEIPTS)
    assert "63016" == await desk.value("SELECT error_code FROM receipt")


async def test_a_receipt_of_nothing_is_a_bad_request(desk: Clinic) -> None:
    forms: list[Form] = [[("MessageSid", SID)], [("MessageStatus", "sent")], receipt("sent", "S" * 65)]
    assert [400] * 3 == [await send(desk, form, RECEIPTS) for form in forms]
    assert {} == await rows(desk)


async def test_the_provider_reaches_us_with_receipts_of_what_we_sent(desk: Clinic) -> None:
    desk.twilio.route = lambda url: url.replace(PUBLIC, desk.address)
    phone = desk.twilio_phone(whatsapp=True)
    assert 200 == await phone.say("hello")
    await desk.deliver()
    sid = phone.screen[0].sid

    assert [204, 204] == [done.status for done in reversed(await desk.twilio.deliver_receipts())]
    assert 204 == getattr(await desk.twilio.deliver(Receipt(sid, "queued")), "status", None)

    assert "delivered" == await kept(desk, sid)
