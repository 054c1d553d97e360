"""Messages beside the conversation, such as a code: in words, in the language of whom they go to."""

from __future__ import annotations

from bot.links import linking_link
from dialogs import sentences
from dialogs.prompt import Line
from dialogs.text import render
from domain.context import Letter, LetterKind


def as_line(letter: Letter, *, language: str, bot: str | None) -> Line:
    """Return what a letter says, in its own language or else in *language*."""
    match letter.kind:
        case LetterKind.CODE_THERE:
            text = sentences.code_there(letter.code)
        case LetterKind.CODE_HERE:
            text = sentences.code_here(letter.code, linking_link(bot, letter.code))
        case LetterKind.LINKED:
            text = sentences.LINKED_THERE
    return Line(text=render(text, letter.language or language))
