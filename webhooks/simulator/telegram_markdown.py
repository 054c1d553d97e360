"""MarkdownV2 as Telegram reads it: every reserved character is a mark or has a backslash before it."""

from dataclasses import dataclass, field

from webhooks.simulator.telegram_formatting import Formatted, Writing, at_byte, cannot_parse

RESERVED = "_*[]()~`>#+-=|{}.!"
MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "![": "custom_emoji",
    "[": "text_link",
}
ENDS = {kind: "]" if mark.endswith("[") else mark for mark, kind in MARKS.items()}
LITERAL = ("code", "pre")


@dataclass(slots=True)
class Reading:
    """How far the text is read and what is open there."""

    source: str
    place: int = 0
    writing: Writing = field(default_factory=Writing)
    open_marks: list[tuple[str, int, int]] = field(default_factory=list)
    quote: int | None = None

    @property
    def innermost(self) -> str:
        return self.open_marks[-1][0] if self.open_marks else ""

    @property
    def at_line_start(self) -> bool:
        return self.place == 0 or self.source[self.place - 1] == "\n"


def markdown(text: str) -> Formatted:
    """Read *text*, refusing what the server would refuse."""
    reading = Reading(text)
    while reading.place < len(text):
        _quote(reading)
        if reading.place < len(text):
            _step(reading)
    if reading.open_marks:
        kind, _, place = reading.open_marks[-1]
        raise cannot_parse(f"Can't find end of {_named(kind)} entity {at_byte(text, place)}")
    _end_quote(reading)
    return reading.writing.done()


def _named(kind: str) -> str:
    return {"text_link": "TextUrl", "custom_emoji": "CustomEmoji"}.get(kind, kind.capitalize())


def _quote(reading: Reading) -> None:
    """Begin, go on with or end a block quotation where a line starts."""
    if not reading.at_line_start or reading.innermost in LITERAL:
        return
    if reading.source.startswith(">", reading.place):
        if reading.quote is None:
            reading.quote = reading.writing.length
        reading.place += 1
    else:
        _end_quote(reading)


def _end_quote(reading: Reading) -> None:
    if reading.quote is not None:
        reading.writing.close("blockquote", reading.quote)
        reading.quote = None


def _step(reading: Reading) -> None:
    character = reading.source[reading.place]
    if _is_escaped(reading):
        reading.writing.add(reading.source[reading.place + 1])
        reading.place += 2
    elif _ends_innermost(reading):
        _close(reading)
    elif character not in RESERVED or reading.innermost in LITERAL:
        reading.writing.add(character)
        reading.place += 1
    else:
        _open(reading)


def _is_escaped(reading: Reading) -> bool:
    after = reading.source[reading.place + 1 : reading.place + 2]
    return reading.source[reading.place] == "\\" and bool(after) and 0 < ord(after) < 127


def _ends_innermost(reading: Reading) -> bool:
    if not reading.innermost or not reading.source.startswith(ENDS[reading.innermost], reading.place):
        return False
    return reading.innermost != "italic" or not reading.source.startswith("__", reading.place)


def _open(reading: Reading) -> None:
    for mark, kind in MARKS.items():
        if reading.source.startswith(mark, reading.place):
            reading.open_marks.append((kind, reading.writing.length, reading.place))
            reading.place += len(mark)
            return
    character = reading.source[reading.place]
    raise cannot_parse(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")


def _close(reading: Reading) -> None:
    kind, start, _ = reading.open_marks.pop()
    reading.place += len(ENDS[kind])
    if kind == "text_link":
        reading.writing.close(kind, start, url=_address(reading))
    elif kind == "custom_emoji":
        reading.writing.close(kind, start, custom_emoji_id=_address(reading).rpartition("=")[2])
    else:
        reading.writing.close(kind, start)


def _address(reading: Reading) -> str:
    """Read what stands in parentheses after a link's words."""
    begin, source, address = reading.place, reading.source, ""
    if not source.startswith("(", begin):
        raise cannot_parse(f"Can't find the address of a link {at_byte(source, begin)}")
    reading.place += 1
    while reading.place < len(source) and source[reading.place] != ")":
        reading.place += 1 if _is_escaped(reading) else 0
        address += source[reading.place]
        reading.place += 1
    if reading.place >= len(source):
        raise cannot_parse(f"Can't find end of a URL {at_byte(source, begin)}")
    reading.place += 1
    return address
