"""HTML and MarkdownV2 become the text and entities that the server would make."""

import pytest

from webhooks.simulator import telegram_formatting
from webhooks.simulator.exchange import RefusedError
from webhooks.simulator.telegram_formatting import Formatted
from webhooks.simulator.telegram_markdown import markdown

Marks = list[tuple[str, int, int]]


def marks(formatted: Formatted) -> Marks:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in formatted.entities]


HTML: list[tuple[str, str, str, Marks]] = [
    ("names and numbers of characters", "a &lt; b &amp;&#33; &unknown; &quot;", 'a < b &! &unknown; "', []),
    ("a bare > and &", "a > b & c", "a > b & c", []),
    ("nested tags", "<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
    ("capitals", "<B>x</B>", "x", [("bold", 0, 1)]),
    ("UTF-16 offsets", "🎉 <u>x</u>", "🎉 x", [("underline", 3, 1)]),
    ("space around is dropped", "  <s> x</s> \n", "x", [("strikethrough", 0, 1)]),
    ("an empty tag", "<b></b>x", "x", []),
    ("a spoiler", '<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
    ("a quotation", "<blockquote expandable>x</blockquote>", "x", [("blockquote", 0, 1)]),
    ("code in a language", '<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1), ("code", 0, 1)]),
]

MARKDOWN: list[tuple[str, str, str, Marks]] = [
    ("bold and italic", "*x _y_*", "x y", [("bold", 0, 3), ("italic", 2, 1)]),
    ("underline", "__x__", "x", [("underline", 0, 1)]),
    ("spoiler and strike", "||x|| ~y~", "x y", [("spoiler", 0, 1), ("strikethrough", 2, 1)]),
    ("escapes", r"10\.30 \- Anna\-Maria \(x\)\!", "10.30 - Anna-Maria (x)!", []),
    ("code keeps marks", "`a.b*c`", "a.b*c", [("code", 0, 5)]),
    ("a quotation", ">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)]),
]

UNREADABLE = [
    ("span without class", "html", "<span>x</span>", "tg-spoiler"),
    ("end tag cut off", "html", "<b>x</b", "Unclosed end tag"),
    ("brackets", "markdown", "(x)", "Character '(' is reserved"),
    ("exclamation", "markdown", "Hello!", "Character '!' is reserved"),
    ("a bar", "markdown", "a | b", "is reserved"),
    ("a quote mark inside a line", "markdown", "a > b", "Character '>' is reserved"),
    ("open code", "markdown", "`x", "Can't find end of Code entity at byte offset 0"),
    ("link without address", "markdown", "[x]", "address of a link"),
    ("link without end", "markdown", "[x](https://a", "end of a URL"),
]


@pytest.mark.parametrize(("source", "text", "found"), [row[1:] for row in HTML], ids=[row[0] for row in HTML])
def test_html_is_read(source: str, text: str, found: Marks) -> None:
    read = telegram_formatting.html(source)

    assert (text, found) == (read.text, marks(read))


@pytest.mark.parametrize(("source", "text", "found"), [row[1:] for row in MARKDOWN], ids=[row[0] for row in MARKDOWN])
def test_markdown_is_read(source: str, text: str, found: Marks) -> None:
    read = markdown(source)

    assert (text, found) == (read.text, marks(read))


def test_links_keep_their_addresses() -> None:
    assert "https://a.org/?b=1&c" == telegram_formatting.html("<a href='https://a.org/?b=1&c'>x</a>").entities[0]["url"]
    assert "https://a.org/(b)" == markdown(r"[x](https://a.org/(b\))").entities[0]["url"]


@pytest.mark.parametrize(
    ("reader", "source", "why"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE]
)
def test_what_the_server_cannot_read_is_refused(reader: str, source: str, why: str) -> None:
    read = telegram_formatting.html if reader == "html" else markdown

    with pytest.raises(RefusedError, match="can't parse entities") as refused:
        read(source)

    assert why in refused.value.description
