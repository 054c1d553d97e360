"""Choosing the language of the conversation."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, ask
from dialogs.sentences import LANGUAGE_CHANGED
from dialogs.text import say

LANGUAGE: Question[str] = Question(
    key="language",
    text=say("Which language shall we speak?"),
    type=str,
    options=(
        Option(label="English", value="en"),
        Option(label="Français", value="fr"),
        Option(label="Español", value="es"),
    ),
)


async def language(_desk: Desk, _args: Mapping[str, str]) -> End:
    """Change the language, then go back to whatever was open."""
    chosen = await ask(LANGUAGE)
    return End(text=LANGUAGE_CHANGED, language=chosen)
