"""By which contact somebody is written to unasked, or why by none; and what text messages cost."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.patients import Channel, ContactId
from domain.policies import Policy, Quiet
from domain.staff.broadcast_commands import Why
from domain.staff.postage import Price
from domain.staff.reaching import WINDOW, Reachable, open_from, quiet_from, way_to
from tests.conftest import NOW

ON = frozenset((Channel.TELEGRAM, Channel.WHATSAPP, Channel.SMS))
LONDON = ZoneInfo("Europe/London")
CONTACTS = st.lists(
    st.builds(
        Reachable,
        contact=st.integers(1, 9).map(ContactId),
        channel=st.sampled_from(sorted(ON)),
        stop_reason=st.sampled_from((None, "person", "blocked")),
        is_agreed=st.booleans(),
        is_last=st.booleans(),
        heard_at=st.sampled_from((NOW, NOW - WINDOW + timedelta(seconds=1), NOW - WINDOW, NOW - timedelta(days=9))),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.contact,
)


def a(channel: Channel = Channel.SMS, **more: object) -> Reachable:
    values: dict[str, object] = {
        "contact": ContactId(1),
        "channel": channel,
        "stop_reason": None,
        "is_agreed": True,
        "is_last": True,
        "heard_at": NOW,
    }
    return Reachable(**values | more)  # type: ignore[arg-type]  # a test's own table


@pytest.mark.parametrize(
    ("contacts", "way"),
    [
        ([a()], 1),
        ([a(is_last=False), a(contact=2)], 2),
        ([a(stop_reason="person"), a(contact=2)], Why.STOPPED),
        ([a(is_agreed=False)], Why.NO_CONSENT),
        ([a(stop_reason="blocked")], Why.BLOCKED),
        ([a(stop_reason="blocked"), a(contact=2, is_last=False)], 2),
        ([a(Channel.EMAIL)], Why.OFF),
        ([a(Channel.WHATSAPP, heard_at=NOW - WINDOW)], Why.WINDOW),
        ([a(Channel.WHATSAPP, is_last=False)], Why.WINDOW),
        ([a(Channel.WHATSAPP, heard_at=NOW - WINDOW), a(contact=2, is_last=False)], 2),
    ],
)
def test_the_way_to_somebody(contacts: list[Reachable], way: int | Why) -> None:
    found = way_to(contacts, ON, NOW)
    assert way == (found.contact if isinstance(found, Reachable) else found)


@given(CONTACTS, st.sets(st.sampled_from(sorted(ON))))
def test_nobody_is_written_to_who_does_not_want_it_or_cannot_get_it(
    contacts: list[Reachable], on: set[Channel]
) -> None:
    found = way_to(contacts, on, NOW)
    wants = not any(one.stop_reason == "person" for one in contacts) and any(one.is_agreed for one in contacts)
    able = [
        one
        for one in contacts
        if one.stop_reason is None
        and one.channel in on
        and (one.channel != Channel.WHATSAPP or (one.is_last and NOW - one.heard_at < WINDOW))
    ]
    assert isinstance(found, Reachable) == (wants and bool(able))
    if isinstance(found, Reachable):
        assert found in able
        assert found.is_last or not any(one.is_last for one in able)


@given(st.integers(0, 30 * 24 * 60))
def test_all_policies_of_a_centre_are_awake_from_then_until_then(minutes: int) -> None:
    now = NOW + timedelta(days=10, minutes=minutes)  # the clocks change meanwhile
    policies = [Policy(), Policy(quiet=Quiet(time(19), time(7)))]
    start = open_from(now, LONDON, policies)
    assert start >= now
    assert not any(policy.quiet.covers(start.astimezone(LONDON).time()) for policy in policies)
    until = quiet_from(start, LONDON, policies)
    assert start < until <= start + timedelta(hours=13)
    assert any(policy.quiet.covers(until.astimezone(LONDON).time()) for policy in policies)


@pytest.mark.parametrize(
    ("amount", "count", "told"),
    [("0.0079", 100, "0.79 USD"), ("0.0079", 1, "0.01 USD"), ("0.0079", 0, "0.00 USD"), ("1.5", 3, "4.50 USD")],
)
def test_what_messages_cost(amount: str, count: int, told: str) -> None:
    assert told == Price(Decimal(amount), "USD").of(count)
