"""What a programme lets happen around its visits: reminders, quiet hours, until when they can be changed, missed ones.

A programme's file says it so, each part optional:

    reminders:
      day-before: {days: 1, at: "17:00", text: WORDS, sms: WORDS}     without `at`: at the time of day of the visit
      two-hours: {hours: 2}
      confirmation: {text: WORDS}       said with "Booked."
      KEY: {off: true}                  of those that are there anyway: day-before, two-hours
    quiet: {from: "21:00", until: "08:00"}      nobody is reminded then, but before
    changes: {move_hours, cancel_hours, moves}  how long before a visit it can be moved, cancelled, and how often moved
    missed: {after_hours, text}                 who has not arrived so long after the end has missed the visit (0: by
                                                staff only)
    confirm: {hours}                            whoever is to see the person confirms it within so many hours; until
                                                then it is a request that keeps its place
    video: true                                 it is held by video: both sides get the link

`text` is said beside time and place; `sms`, `whatsapp` and `telegram` instead of it there. Others may see the phone:
a text should name no condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain import programme_fields as fields
from domain.patients import CHATS
from domain.programme_fields import ProgrammeError
from domain.words import Words

CONFIRMATION = "confirmation"
#: The link of a visit by video, told shortly before to the person and to whom they see.
VIDEO, VIDEO_THERE = "video", "video-there"
VIDEO_BEFORE = timedelta(minutes=10)
MISSED = "missed"
REMINDER = "reminder"
DIGEST = "digest"
#: What may have to be said, to patients or staff, in words agreed upon beforehand.
AGREED = (REMINDER, MISSED, DIGEST)
#: So long after somebody was told of a visit they are not told again.
FRESH = timedelta(hours=1)
#: Of two reminders so near to each other one is enough.
NEAR = timedelta(hours=3)
_BEFORE_QUIET = timedelta(minutes=15)
_CHANNELS = tuple(channel.value for channel in CHATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A reminder *days* before a visit, *at* a wall time or the visit's own, or *hours* before it."""

    key: str
    days: int = 0
    hours: int = 0
    at: time | None = None
    text: Words = field(default_factory=lambda: Words(()))
    by_channel: tuple[tuple[str, Words], ...] = ()

    def words(self, channel: str) -> Words:
        """Return the programme's own words on *channel*, none where it has none."""
        return dict(self.by_channel).get(channel, self.text)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Wall times [*start*, *end*) at which nobody is written to unasked; they may span midnight."""

    start: time = time(21)
    end: time = time(8)

    def covers(self, wall: time) -> bool:
        """Say whether *wall* lies in it."""
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def begin(self, wall: datetime) -> datetime:
        """Return when the quiet began in which *wall* lies, in the same zone."""
        day = wall.date() if wall.time() >= self.start else wall.date() - timedelta(days=1)
        return datetime.combine(day, self.start, tzinfo=wall.tzinfo)

    def over(self, wall: datetime) -> datetime:
        """Return when the quiet ends in which *wall* lies, in the same zone."""
        day = wall.date() if wall.time() < self.end else wall.date() + timedelta(days=1)
        return datetime.combine(day, self.end, tzinfo=wall.tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How long before a visit it can be moved and cancelled in chat, and how often moved; 0: as often as wished."""

    move: timedelta = timedelta(0)
    cancel: timedelta = timedelta(0)
    moves: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """When a visit counts as missed by itself: *after* its end; never where that is 0. *text* is said then."""

    after: timedelta = timedelta(0)
    text: Words = field(default_factory=lambda: Words(()))


_DEFAULTS = (Rule(key="day-before", days=1), Rule(key="two-hours", hours=2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All of it."""

    reminders: tuple[Rule, ...] = _DEFAULTS
    confirmation: Rule = field(default_factory=lambda: Rule(key=CONFIRMATION))
    quiet: Quiet = field(default_factory=Quiet)
    changes: Changes = field(default_factory=Changes)
    missed: Missed = field(default_factory=Missed)
    confirm: timedelta = timedelta(0)
    video: bool = False

    def rule(self, kind: str) -> Rule:
        """Return the reminder called *kind*, without own words where the programme has none of that name any more."""
        return next((one for one in self.reminders if one.key == kind), Rule(key=kind))

    def plan(self, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, now: datetime) -> list[tuple[str, datetime]]:
        """Return (kind, when due) of what is to be said of a visit that is booked or moved *now*, by time."""
        due = sorted((self._before_quiet(_due(rule, starts_at, zone), zone), rule.key) for rule in self.reminders)
        planned: list[tuple[str, datetime]] = []
        for moment, kind in due:
            is_news = not planned or moment - planned[-1][1] >= NEAR
            if is_news and now + FRESH <= moment < starts_at:
                planned.append((kind, moment))
        if self.video and now < starts_at:
            planned += [(kind, max(now, starts_at - VIDEO_BEFORE)) for kind in (VIDEO, VIDEO_THERE)]
        return [*planned, (MISSED, ends_at + self.missed.after)] if self.missed.after else planned

    def _before_quiet(self, moment: datetime, zone: ZoneInfo) -> datetime:
        wall = moment.astimezone(zone)
        if not self.quiet.covers(wall.time()):
            return moment
        return self.quiet.begin(wall).astimezone(UTC) - _BEFORE_QUIET

    def quiet_from(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return when, after *now*, the quiet hours begin."""
        wall = now.astimezone(zone)
        start = datetime.combine(wall.date(), self.quiet.start, tzinfo=zone)
        later = start if wall < start else datetime.combine(wall.date() + timedelta(days=1), self.quiet.start, zone)
        return later.astimezone(UTC)

    def not_before(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return when somebody may be written to: *now*, or once the quiet hours are over."""
        wall = now.astimezone(zone)
        return self.quiet.over(wall).astimezone(UTC) if self.quiet.covers(wall.time()) else now


def _due(rule: Rule, starts_at: datetime, zone: ZoneInfo) -> datetime:
    if not rule.days:
        return starts_at - timedelta(hours=rule.hours)
    wall = starts_at.astimezone(zone)
    day: date = wall.date() - timedelta(days=rule.days)
    return datetime.combine(day, rule.at or wall.time(), tzinfo=zone).astimezone(UTC)


# ---- as a programme's file says it

NAMES = {"reminders", "quiet", "changes", "missed", "confirm", "video"}


def policy_of(body: Mapping[str, Any]) -> Policy:
    """Read the policy of a programme from the mapping of its file; ProgrammeError says what is wrong and where."""
    rules = _rules(body.get("reminders"))
    return Policy(
        reminders=tuple(rule for rule in rules if rule.key != CONFIRMATION),
        confirmation=next((rule for rule in rules if rule.key == CONFIRMATION), Rule(key=CONFIRMATION)),
        quiet=_quiet(body.get("quiet")),
        changes=_changes(body.get("changes")),
        missed=_missed(body.get("missed")),
        confirm=_confirm(body.get("confirm")),
        video=fields.truth(body, "video", ""),
    )


def _rules(found: object) -> Iterable[Rule]:
    if found is None:
        return _DEFAULTS
    if not isinstance(found, Mapping):
        raise ProgrammeError("reminders: must map the key of each reminder to when it is due")
    own = {fields.checked_key(key, "reminders"): _rule(key, body) for key, body in found.items()}
    rules = {rule.key: rule for rule in _DEFAULTS} | own
    return [rule for rule in rules.values() if rule is not None]


def _rule(key: str, body: Any) -> Rule | None:
    place = f"reminders.{key}"
    fields.only(body, place, {"days", "hours", "at", "off", "text", *_CHANNELS})
    if fields.truth(body, "off", place):
        return None
    if key == MISSED:
        raise ProgrammeError(f"{place}: is no reminder; what is said of missed visits stands under missed")
    if key in (VIDEO, VIDEO_THERE):
        raise ProgrammeError(f"{place}: is told by itself of visits by video; call it otherwise")
    days, hours = (fields.number(body, name, place, 0, most=60) for name in ("days", "hours"))
    default = next((rule for rule in _DEFAULTS if rule.key == key), None)
    if default is not None and not days and not hours:
        days, hours = default.days, default.hours
    if key != CONFIRMATION and bool(days) == bool(hours):
        raise ProgrammeError(f"{place}: must have either days or hours, so that it is known when it is due")
    if body.get("at") is not None and not days:
        raise ProgrammeError(f"{place}.at: goes with days only")
    return Rule(
        key=key,
        days=days,
        hours=hours,
        at=_time(body, "at", place) if body.get("at") is not None else None,
        text=fields.words(body, "text", place, needed=False),
        by_channel=tuple((name, fields.words(body, name, place)) for name in _CHANNELS if name in body),
    )


def _quiet(body: Any) -> Quiet:
    if body is None:
        return Quiet()
    fields.only(body, "quiet", {"from", "until"})
    return Quiet(_time(body, "from", "quiet"), _time(body, "until", "quiet"))


def _changes(body: Any) -> Changes:
    if body is None:
        return Changes()
    fields.only(body, "changes", {"move_hours", "cancel_hours", "moves"})
    move, cancel, moves = (fields.number(body, name, "changes", 0) for name in ("move_hours", "cancel_hours", "moves"))
    return Changes(move=timedelta(hours=move), cancel=timedelta(hours=cancel), moves=moves)


def _missed(body: Any) -> Missed:
    if body is None:
        return Missed()
    fields.only(body, "missed", {"after_hours", "text"})
    after = fields.number(body, "after_hours", "missed", 0, most=24 * 7)
    return Missed(after=timedelta(hours=after), text=fields.words(body, "text", "missed", needed=False))


def _confirm(body: Any) -> timedelta:
    if body is None:
        return timedelta(0)
    fields.only(body, "confirm", {"hours"})
    hours = fields.number(body, "hours", "confirm", 0, most=24 * 7)
    if not hours:
        raise ProgrammeError("confirm.hours: must be 1 or more, so that there is time to answer")
    return timedelta(hours=hours)


def _time(body: Mapping[str, Any], name: str, place: str) -> time:
    value = body.get(name)
    wrong = ProgrammeError(f'{fields.at(place, name)}: {value!r} must be a time of day in quotes, such as "17:00"')
    if not isinstance(value, str) or len(value) != len("17:00"):
        raise wrong
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise wrong from None
