"""What can be sent: texts, places and files, each checked and written as the Bot API writes it."""

from collections.abc import Callable
from dataclasses import dataclass

from webhooks.simulator import telegram_formatting
from webhooks.simulator.exchange import Payload, RefusedError
from webhooks.simulator.telegram_formatting import Formatted, utf16
from webhooks.simulator.telegram_markdown import markdown
from webhooks.simulator.telegram_parameters import File, bad

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST = {"document": 50_000_000, "photo": 10_000_000}


@dataclass(frozen=True, slots=True)
class Content:
    """What a message will hold."""

    fields: Payload
    file: File | None = None


def formatted(values: Payload, name: str, entities: str) -> Formatted:
    """Read the text called *name* by its parse mode or its given entities."""
    text, mode = values.get(name, ""), values.get("parse_mode", "")
    match mode:
        case "HTML":
            return telegram_formatting.html(text)
        case "MarkdownV2":
            return markdown(text)
        case "":
            _check_entities(text, values.get(entities, []))
            return telegram_formatting.trimmed(Formatted(text, tuple(values.get(entities, []))))
        case _:
            raise bad("unsupported parse_mode")


def _check_entities(text: str, entities: list[Payload]) -> None:
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > utf16(text):
            raise bad(f"entity beginning at UTF-16 offset {entity['offset']} is out of the text")


def text(values: Payload) -> Content:
    if "rich_message" in values:
        raise bad("rich messages are not simulated")
    read = formatted(values, "text", "entities")
    if not read.text:
        raise bad("message text is empty")
    if len(read.text) > LONGEST_TEXT:
        raise bad("message is too long")
    return Content({"text": read.text, **_entity_fields("entities", read)})


def _entity_fields(name: str, read: Formatted) -> Payload:
    return {name: list(read.entities)} if read.entities else {}


def _caption(values: Payload) -> Payload:
    if "caption" not in values:
        return {}
    read = formatted(values, "caption", "caption_entities")
    if len(read.text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return {"caption": read.text, **_entity_fields("caption_entities", read)} if read.text else {}


def _position(values: Payload) -> Payload:
    if not (-90 <= values["latitude"] <= 90 and -180 <= values["longitude"] <= 180):
        raise bad("wrong latitude or longitude specified")
    return {"latitude": values["latitude"], "longitude": values["longitude"]}


def location(values: Payload) -> Content:
    return Content({"location": _position(values)})


def venue(values: Payload) -> Content:
    position = _position(values)
    for name in ("title", "address"):
        if not values[name].strip():
            raise bad(f"venue {name} must be non-empty")
    shown = {"location": position, "title": values["title"], "address": values["address"]}
    return Content({"venue": shown, "location": position})


def document(values: Payload) -> Content:
    file = _file("document", values["document"])
    written = {**_file_fields(file), "file_name": file.name, "mime_type": file.content_type}
    return Content({"document": written, **_caption(values)}, file)


def photo(values: Payload) -> Content:
    file = _file("photo", values["photo"])
    written = [{**_file_fields(file), "width": 800, "height": 600}]
    return Content({"photo": written, **_caption(values)}, file)


def _file(kind: str, given: File | str) -> File:
    if isinstance(given, str):
        raise bad(f"{kind} by file_id or URL is not simulated: upload it")
    if not given.content:
        raise bad("file must be non-empty")
    if len(given.content) > LARGEST[kind]:
        raise RefusedError("Request Entity Too Large", status=413)
    return given


def _file_fields(file: File) -> Payload:
    mark = f"{len(file.content):x}{sum(file.name.encode()):x}"
    return {"file_id": f"BQAC{mark}", "file_unique_id": f"AgAD{mark}", "file_size": len(file.content)}


SENDERS: dict[str, Callable[[Payload], Content]] = {
    "sendMessage": text,
    "sendVenue": venue,
    "sendLocation": location,
    "sendDocument": document,
    "sendPhoto": photo,
}
