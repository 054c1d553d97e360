"""Menus as text, labels cut to what a channel shows, and long texts in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Outgoing
from dialogs.prompt import Choice, Line, Prompt


def numbered(prompt: Prompt, *, with_hints: bool) -> str:
    """Return question and choices as text to be answered by number."""
    lines = [f"{number}. {choice.full}" for number, choice in enumerate(prompt.choices, start=1)]
    hints = list(prompt.hints) if with_hints else []
    return "\n".join(part for part in (prompt.text, *hints, *lines) if part)


def short_labels(choices: Sequence[Choice], limit: int) -> list[str]:
    """Return the labels within *limit* characters, all different: alike ones get their number."""
    cut = [_cut(choice.label, limit) for choice in choices]
    return [
        label if cut.count(label) == 1 else f"{number}. {_cut(label, limit - 4)}"
        for number, label in enumerate(cut, start=1)
    ]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cut(text: str, limit: int) -> str:
    """Return *text* within *limit* characters, an ellipsis at its end where something is missing."""
    return _cut(text, limit)


def fitted(choice: Choice, limit: int) -> str:
    """Return *choice* in full within *limit* characters; of a long one the label is cut, and the detail stays."""
    if len(choice.full) <= limit:
        return choice.full
    tail = f" ({cut(choice.detail, limit // 2)})" if choice.detail else ""
    return cut(choice.label, limit - len(tail)) + tail


def merged(messages: Sequence[Outgoing]) -> list[Outgoing]:
    """Put lines that follow each other, and those before a prompt, into one message."""
    found: list[Outgoing] = []
    for message in messages:
        last = found[-1] if found else None
        if isinstance(last, Line) and isinstance(message, Line):
            found[-1] = Line(text=f"{last.text}\n\n{message.text}")
        elif isinstance(last, Line) and isinstance(message, Prompt):
            found[-1] = replace(message, text=f"{last.text}\n\n{message.text}")
        else:
            found.append(message)
    return found


def parts(text: str, limit: int) -> list[str]:
    """Cut *text* into parts of at most *limit* characters, between lines or else between words."""
    found: list[str] = []
    rest = text
    while len(rest) > limit:
        at = max(rest.rfind("\n", 0, limit), 0) or max(rest.rfind(" ", 0, limit), 0) or limit
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*found, rest]


def in_parts(message: Prompt | Line, body: str, limit: int) -> list[Outgoing]:
    """Return *message*, which reads *body* with all its choices, as messages of at most *limit* characters.

    What is said goes before, so that the choices stay together; choices that are too many by themselves are cut up too.
    """
    if len(body) <= limit:
        return [message]
    room = limit - (len(body) - len(message.text))
    if room < limit // 4:
        return [Line(text=part) for part in parts(body, limit)]
    *before, last = parts(message.text, room)
    return [*(Line(text=part) for part in before), replace(message, text=last)]
