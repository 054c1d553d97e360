"""Formatted text as Telegram reads it: HTML and MarkdownV2 into plain text with entities.

Offsets and lengths of entities count UTF-16 code units, those in error messages count UTF-8 bytes.
Legacy Markdown is refused: a name with one underscore breaks it.
"""

import re
from dataclasses import dataclass, field

from webhooks.simulator.exchange import Payload, RefusedError

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
NAME = re.compile(r"</?([^\s>]*)")
ATTRIBUTE = r"\s+[^\s=>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?"
TAG = re.compile(rf"<(/?)([^\s>]*)((?:{ATTRIBUTE})*)\s*>")
VALUE = re.compile(r"([^\s=>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
CHARACTER = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(lt|gt|amp|quot));?")


@dataclass(frozen=True, slots=True)
class Formatted:
    """Plain text and what is set off in it."""

    text: str
    entities: tuple[Payload, ...] = ()


@dataclass(slots=True)
class Writing:
    """Text that grows, with the entities found so far."""

    text: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Payload] = field(default_factory=list)

    def add(self, characters: str) -> None:
        self.text.append(characters)
        self.length += utf16(characters)

    def close(self, kind: str, start: int, **details: str) -> None:
        if self.length > start:
            self.entities.append({"type": kind, "offset": start, "length": self.length - start, **details})

    def done(self) -> Formatted:
        return trimmed(Formatted("".join(self.text), tuple(self.entities)))


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cannot_parse(why: str) -> RefusedError:
    return RefusedError(f"Bad Request: can't parse entities: {why}")


def at_byte(text: str, place: int) -> str:
    return f"at byte offset {len(text[:place].encode())}"


def trimmed(formatted: Formatted) -> Formatted:
    """Drop the space around the text, as the server does, and move the entities along, outer ones first."""
    text = formatted.text.strip()
    shift = utf16(formatted.text) - utf16(formatted.text.lstrip())
    moved = [_moved(entity, shift, utf16(text)) for entity in reversed(formatted.entities)]
    kept = [entity for entity in moved if entity["length"] > 0]
    return Formatted(text, tuple(sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))))


def _moved(entity: Payload, shift: int, length: int) -> Payload:
    start = max(0, entity["offset"] - shift)
    end = min(length, entity["offset"] + entity["length"] - shift)
    return {**entity, "offset": start, "length": end - start}


def html(text: str) -> Formatted:
    """Read *text* with the tags that the Bot API knows; anything else is refused."""
    writing, open_tags, place = Writing(), list[tuple[str, int, str]](), 0
    while place < len(text):
        if text[place] == "<":
            place = _tag(text, place, writing, open_tags)
        elif text[place] == "&" and (found := CHARACTER.match(text, place)):
            writing.add(_character(found))
            place = found.end()
        else:
            writing.add(text[place])
            place += 1
    if open_tags:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return writing.done()


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return CHARACTERS[found[3]]
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if 0 < code < 0x110000 else found[0]


def _tag(text: str, place: int, writing: Writing, open_tags: list[tuple[str, int, str]]) -> int:
    """Open or close the tag at *place* and return where the text goes on."""
    is_end = text.startswith("</", place)
    name = found[1].lower() if (found := NAME.match(text, place)) else ""
    if not is_end and name not in TAGS:
        raise cannot_parse(f'Unsupported start tag "{name}" {at_byte(text, place)}')
    if (tag := TAG.match(text, place)) is None:
        raise cannot_parse(f"Unclosed {'end' if is_end else 'start'} tag {at_byte(text, place)}")
    if is_end:
        _close(text, place, name, writing, open_tags)
    else:
        open_tags.append((name, writing.length, _link(name, tag[3], at_byte(text, place))))
    return tag.end()


def _close(text: str, place: int, name: str, writing: Writing, open_tags: list[tuple[str, int, str]]) -> None:
    if not open_tags:
        raise cannot_parse(f"Unexpected end tag {at_byte(text, place)}")
    expected, start, link = open_tags.pop()
    if name not in ("", expected):
        where = at_byte(text, place)
        raise cannot_parse(f'Unmatched end tag {where}, expected "</{expected}>", found "</{name}>"')
    if TAGS[expected] == "text_link":
        if link:
            writing.close("text_link", start, url=link)
    elif TAGS[expected] == "custom_emoji":
        writing.close("custom_emoji", start, custom_emoji_id=link)
    else:
        writing.close(TAGS[expected], start)


def _link(name: str, attributes: str, where: str) -> str:
    """Check the attributes of the start tag *name* and return where it points to, if anywhere."""
    given = {found[1].lower(): found[2] or found[3] or found[4] or "" for found in VALUE.finditer(attributes)}
    if name == "span" and given.get("class") != "tg-spoiler":
        raise cannot_parse(f'Tag "span" must have class "tg-spoiler" {where}')
    if name == "tg-emoji" and not given.get("emoji-id"):
        raise cannot_parse(f'Tag "tg-emoji" must have attribute "emoji-id" {where}')
    return given.get("href", given.get("emoji-id", ""))
