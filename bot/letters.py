"""Messages beside the conversation, such as a code: in words, in the language of whom they go to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.channels.base import Channel as Sends
from bot.links import joining_link, linking_link
from bot.messages import dump_outgoing
from dialogs import sentences
from dialogs.prompt import Line
from dialogs.text import render
from domain.context import Letter, LetterKind
from domain.patients import Channel
from domain.store import outbox
from domain.store.database import Connection
from domain.store.outbox import Queued


async def queue_letter(
    connection: Connection,
    letter: Letter,
    *,
    channels: Mapping[Channel, Sends],
    language: str,
    bot: str | None,
    now: datetime,
) -> None:
    """Queue a letter, in its own language or else in *language*; *bot* is our name on Telegram."""
    line = Line(text=_text(letter, letter.language or language, bot))
    await outbox.queue(
        connection,
        contact_id=letter.to,
        channel=letter.channel,
        messages=[
            Queued(payload=dump_outgoing(one), until=letter.until) for one in channels[letter.channel].shape([line])
        ],
        now=now,
    )


def _text(letter: Letter, language: str, bot: str | None) -> str:
    match letter.kind:
        case LetterKind.CODE_THERE:
            return render(sentences.code_there(letter.code), language)
        case LetterKind.CODE_HERE:
            return render(sentences.code_here(letter.code, linking_link(bot, letter.code)), language)
        case LetterKind.INVITATION:
            return render(sentences.invitation(letter.code, joining_link(bot, letter.code)), language)
        case LetterKind.LINKED:
            return render(sentences.LINKED_THERE, language)
