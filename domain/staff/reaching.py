"""By which of their contacts somebody is written to unasked, or why by none: the one rule, for preview and sending."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.patients import Channel, ContactId
from domain.policies import Policy
from domain.staff.broadcast_commands import Why

#: WhatsApp takes free words for 24 hours after somebody wrote; some minutes are for the way.
WINDOW = timedelta(hours=24) - timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """A contact of somebody; *is_last*: they wrote from it last, at *heard_at*."""

    contact: ContactId
    channel: Channel
    stop_reason: str | None
    is_agreed: bool
    is_last: bool
    heard_at: datetime

    def free_until(self) -> datetime | None:
        """Return until when free words are taken; None where they always are."""
        if self.channel != Channel.WHATSAPP:
            return None
        return self.heard_at + WINDOW if self.is_last else datetime.min.replace(tzinfo=self.heard_at.tzinfo)


def way_to(contacts: Sequence[Reachable], on: Collection[Channel], now: datetime) -> Reachable | Why:
    """Return the contact among one person's by which to write to them: where they wrote last, if that can be."""
    if any(one.stop_reason == "person" for one in contacts):
        return Why.STOPPED
    if not any(one.is_agreed for one in contacts):
        return Why.NO_CONSENT
    taking = [one for one in contacts if one.stop_reason is None]
    if not taking:
        return Why.BLOCKED
    taking = [one for one in taking if one.channel in on]
    if not taking:
        return Why.OFF
    free = [one for one in taking if (until := one.free_until()) is None or now < until]
    return min(free, key=lambda one: (not one.is_last, one.contact)) if free else Why.WINDOW


def open_from(now: datetime, zone: ZoneInfo, policies: Sequence[Policy]) -> datetime:
    """Return when people may be written to from a centre: *now*, or once the quiet hours of all policies are over.

    Where there is no such hour, it is when those are over that end last.
    """
    moment = now
    for _ in policies:  # where the quiet of one ends, that of another may still last
        moment = max(policy.not_before(moment, zone) for policy in policies)
    return moment


def quiet_from(now: datetime, zone: ZoneInfo, policies: Sequence[Policy]) -> datetime:
    """Return when, after *now*, the first quiet hours begin."""
    return min(policy.quiet_from(now, zone) for policy in policies)
