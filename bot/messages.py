"""What comes in and what goes out, between webhooks, turns, the outbox and the channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from dialogs.prompt import Line, MapPin, Picture, Prompt, Settled, Sheet, Visit
from dialogs.said import Said
from domain.patients import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Begins:
    """A script with its arguments."""

    script: str
    args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message from a person. *provider_id* is the provider's own id of it, by which a repetition is known.

    *language* is what the provider knows of the person's language, *callback* what a tap wants answered, *answers* the
    provider's id of the message that this one answers, *template* what kind of agreed message the tapped button is of.
    Where others read along *speaker* is the address of who said it, and *overheard* that it was not said to us.
    What nobody said has in *begins* the script that the desk begins by itself; without one it goes on with what is
    open.
    """

    channel: Channel
    address: str
    provider_id: str
    said: Said
    language: str | None = None
    callback: str | None = None
    answers: str | None = None
    template: str | None = None
    speaker: str | None = None
    overheard: bool = False
    begins: Begins | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TapAnswered:
    """The provider shows that a tap was noticed."""

    callback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail, with the calendar file of a *visit* if it is about one."""

    to: str
    subject: str
    text: str
    visit: Visit | None = None


Outgoing = Line | Prompt | Settled | MapPin | Visit | Sheet | Picture | TapAnswered | Mail

_KINDS = (Line, Prompt, Settled, MapPin, Visit, Sheet, Picture, TapAnswered, Mail)
_OUTGOING: dict[str, type] = {kind.__name__: kind for kind in _KINDS}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in _OUTGOING.items()}
_INBOUND = TypeAdapter(Inbound)


def dump_outgoing(message: Outgoing) -> dict[str, Any]:
    """Return *message* as the outbox keeps it."""
    name = type(message).__name__
    return {"is": name, "of": _ADAPTERS[name].dump_python(message, mode="json", exclude_defaults=True)}


def load_outgoing(payload: dict[str, Any]) -> Outgoing:
    """Read what `dump_outgoing` wrote."""
    message: Outgoing = _ADAPTERS[payload["is"]].validate_python(payload["of"])
    return message


def dump_inbound(message: Inbound) -> dict[str, Any]:
    """Return *message* as the inbox keeps it."""
    dumped: dict[str, Any] = _INBOUND.dump_python(message, mode="json", exclude_defaults=True)
    return dumped


def load_inbound(payload: dict[str, Any]) -> Inbound:
    """Read what `dump_inbound` wrote."""
    return _INBOUND.validate_python(payload)
