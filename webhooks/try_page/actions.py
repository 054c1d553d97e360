"""What a person can do on a phone of the demo: read from JSON, and carried out on the simulated phone."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from webhooks.simulator.choices import NoSuchButtonError
from webhooks.simulator.telegram_phone import TelegramPhone
from webhooks.simulator.twilio_phone import TwilioPhone
from webhooks.try_page.people import Phone

LONGEST_TEXT = 1600


@dataclass(frozen=True, slots=True)
class Say:
    """Write *text*."""

    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """Press what stands at *place* under the message *item*, or in its list."""

    item: str
    place: int


@dataclass(frozen=True, slots=True)
class Press:
    """Press the key at *place* of those in place of the letters; *position* is where the person then is."""

    place: int
    position: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Send a place."""

    lat: float
    lon: float
    label: str = ""


Action = Say | Tap | Press | Share


class UnreadableActionError(ValueError):
    """The page asks for something that nobody can do on a phone."""


def read_action(body: Any) -> Action:
    """Read what the page posted; UnreadableActionError says what is wrong with it."""
    try:
        match body:
            case {"do": "say", "text": str(text)} if 0 < len(text) <= LONGEST_TEXT and text.strip():
                return Say(text)
            case {"do": "tap", "item": str(item), "place": int(place)} if place >= 0:
                return Tap(item, place)
            case {"do": "press", "place": int(place), "lat": lat, "lon": lon} if place >= 0:
                return Press(place, _position(lat, lon))
            case {"do": "press", "place": int(place)} if place >= 0:
                return Press(place)
            case {"do": "share", "lat": lat, "lon": lon}:
                at = _position(lat, lon)
                return Share(lat=at[0], lon=at[1], label=str(body.get("label", ""))[:80])
    except (TypeError, ValueError) as problem:
        raise UnreadableActionError(str(problem)) from problem
    raise UnreadableActionError("no such action")


def _position(lat: Any, lon: Any) -> tuple[float, float]:
    position = float(lat), float(lon)
    if not (-90 <= position[0] <= 90 and -180 <= position[1] <= 180):
        raise ValueError("no such place")
    return position


def carry_out(phone: Phone, action: Action) -> Awaitable[int]:
    """Do it, and return what the webhook answered; NoSuchButtonError where there is nothing like it to press."""
    match phone, action:
        case _, Say(text):
            return phone.say(text)
        case TelegramPhone(), Press(place, position):
            phone.position = position or phone.position
            return phone.press(place)
        case TelegramPhone(), Tap(item, place):
            return phone.tap(place, int(item) if item.isdecimal() else -1)
        case TelegramPhone(), Share():
            return phone.share_location(action.lat, action.lon)
        case TwilioPhone(), Tap(item, place):
            has_list = any(message.items for message in phone.screen if message.sid == item)
            return phone.pick(place, item) if has_list else phone.tap(place, item)
        case TwilioPhone(), Share():
            return phone.share_location(action.lat, action.lon, action.label)
        case _:
            raise NoSuchButtonError("this phone has no such key")
