"""What is drawn on a phone: the doubles' messages as the page reads them, one shape for all three."""

from __future__ import annotations

from typing import Any

from webhooks.simulator.exchange import Call, Payload
from webhooks.simulator.telegram_keyboards import ReplyKeyboard

_PATHS = {"Messages.create": "POST Messages.json", "Content.create": "POST Content", "Content.list": "GET Content"}
_LONGEST_DETAIL = 3_000


def _without_empty(item: Payload) -> Payload:
    return {name: value for name, value in item.items() if value not in (None, "", [], {}, False)}


def of_telegram(message: Payload) -> Payload:
    """Return a message as the Bot API writes it, the person's own ones too."""
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    return _without_empty(
        {
            "id": str(message["message_id"]),
            "mine": not message["from"]["is_bot"],
            "at": message["date"] * 1000,
            "edited": "edit_date" in message,
            "text": message.get("text", message.get("caption", _card(message.get("contact")))),
            "rows": [[button["text"] for button in row] for row in keyboard],
            "place": _telegram_place(message),
            "file": _telegram_file(message.get("document")),
        }
    )


def _card(contact: Payload | None) -> str:
    return f"{contact['first_name']}, +{contact['phone_number'].removeprefix('+')}" if contact else ""


def _telegram_place(message: Payload) -> Payload | None:
    venue = message.get("venue", {})
    place = message.get("location")
    if place is None:
        return None
    return {
        "lat": place["latitude"],
        "lon": place["longitude"],
        "title": venue.get("title", ""),
        "address": venue.get("address", ""),
    }


def _telegram_file(document: Payload | None) -> Payload | None:
    return document and {"name": document["file_name"], "size": document["file_size"]}


def keys_of(keyboard: ReplyKeyboard | None) -> list[list[Payload]]:
    """Return the keyboard that stands in place of the letters."""
    rows = keyboard.rows if keyboard is not None else ()
    return [[{"label": key.text, "kind": key.kind} for key in row] for row in rows]


def of_twilio(message: Payload, at: int) -> Payload:
    """Return a message that came to a phone with WhatsApp or SMS."""
    place, items = message["location"], message["items"]
    return _without_empty(
        {
            "id": message["sid"],
            "at": at,
            "text": message["body"],
            "replies": [reply["title"] for reply in message["replies"]],
            "list": items and {"button": message["list_button"], "items": [_row(item) for item in items]},
            "place": place and {"lat": place["latitude"], "lon": place["longitude"], "title": place["label"]},
            "segments": message["segments"],
            "encoding": message["encoding"],
            "ticks": message["status"],
        }
    )


def _row(item: Payload) -> Payload:
    return {"title": item["item"], "detail": item["description"]}


def own_on_twilio(form: Payload, at: int) -> Payload:
    """Return what a person sent from WhatsApp or by SMS."""
    place = None
    if "Latitude" in form:
        place = {"lat": float(form["Latitude"]), "lon": float(form["Longitude"]), "title": form["Label"]}
    return _without_empty(
        {
            "id": form["MessageSid"],
            "mine": True,
            "at": at,
            "text": form["Body"],
            "detail": form.get("ListDescription"),
            "quote": form.get("OriginalRepliedMessageSid"),
            "place": place,
            "segments": int(form["NumSegments"]),
        }
    )


def of_carrier(text: str, number: int, at: int) -> Payload:
    """Return what the carrier itself answers to its keywords."""
    return {"id": f"carrier-{number}", "at": at, "text": text, "carrier": True, "segments": 1}


# ---- what happens behind


def of_webhook(request: Payload, status: int) -> Payload:
    """Return what a phone's provider posted to the desk."""
    return {"way": "in", "what": "webhook", "status": status, "detail": readable(request)}


def of_receipt(told: str, status: int) -> Payload:
    """Return that a provider *told* the desk how far a message has come."""
    return {"way": "in", "what": "receipt", "status": status, "why": told}


def of_call(call: Call) -> Payload:
    """Return a request that the desk made of a provider."""
    return {
        "way": "out",
        "what": _PATHS.get(call.method, call.method),
        "status": call.status,
        "why": call.description,
        "detail": readable(call.parameters),
    }


def readable(parameters: Any) -> Payload:
    """Return the parameters of a request, those that are empty or long left out or cut."""
    shown = {name: value for name, value in dict(parameters).items() if value not in ("", None) and _is_real(name)}
    return {name: _plain(value) for name, value in shown.items()}


def _is_real(name: str) -> bool:
    """Parameters that the phones send only to see them ignored."""
    return not name.startswith("AddedTomorrow")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_LONGEST_DETAIL]
    return value if isinstance(value, int | float | bool | list | dict) else str(value)
