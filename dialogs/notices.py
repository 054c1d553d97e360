"""A notice put before somebody, numbered and kept with the conversation, so that what stands under it can begin."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs.prompt import Choice, Prompt
from dialogs.script import Offer
from dialogs.state import Begins, State
from dialogs.text import Writable, render


def post(state: State, text: Writable, offers: Sequence[Offer]) -> Prompt:
    """Keep a notice in *state*, and return the message that shows it."""
    language = state.language
    written = render(text, language)
    choices = tuple(Choice(render(one.label, language), render(one.detail or "", language)) for one in offers)
    notice = state.add_notice(
        written,
        [
            Begins(label=choice.label, script=one.goto.script, args=one.goto.args)
            for choice, one in zip(choices, offers, strict=True)
        ],
    )
    return Prompt(text=written, menu=notice.menu, choices=choices, language=language)
