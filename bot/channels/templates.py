"""The messages that WhatsApp takes after a day of silence: sentences agreed upon beforehand, with values filled in.

Each is a Content resource with buttons, and the same in words beside it. What its buttons send back is the same for
all who get it: which visit is meant, the message tells that they stand under.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.channels.menus import cut, numbered, short_labels
from dialogs import agreed
from dialogs.prompt import Choice, Prompt, Template
from dialogs.text import DayAndTime, render
from domain.policies import AGREED, DIGEST, REMINDER
from domain.words import LANGUAGES

CATEGORY = "UTILITY"
BODY_LIMIT, VALUE_LIMIT, TITLE_LIMIT = 1024, 255, 20
_PRESSED = re.compile(rf"({'|'.join(AGREED)}):(\d{{1,2}})")
_EXAMPLE_TIME, _EXAMPLE_PLACE = DayAndTime(datetime(2027, 3, 2, 9, 30)), "Harbour Practice, 1 Quay Street"  # noqa: DTZ001  a wall time
_EXAMPLES = {
    REMINDER: (_EXAMPLE_TIME, _EXAMPLE_PLACE, "ABC234", "Please bring your card."),
    DIGEST: ("Harbour Practice", "24", "3"),
}


def name_of(kind: str, language: str) -> str:
    """Return the name of the template of *kind* for who speaks *language*."""
    return f"{kind}-{language if language in LANGUAGES else 'en'}"


def templates() -> dict[str, dict[str, Any]]:
    """Return every template by name, as Twilio's API takes it."""
    return {name_of(kind, language): _template(kind, language) for kind in AGREED for language in LANGUAGES}


def _template(kind: str, language: str) -> dict[str, Any]:
    body = _body(kind, language)
    choices = [Choice(render(label, language)) for label in agreed.offered(kind)]
    titles = short_labels(choices, TITLE_LIMIT)
    actions = [{"type": "QUICK_REPLY", "title": title, "id": f"{kind}:{n}"} for n, title in enumerate(titles)]
    in_words = numbered(Prompt(text=body, menu=0, choices=tuple(choices)), with_hints=False)
    return {
        "friendly_name": f"frontdesk_{name_of(kind, language)}".replace("-", "_"),
        "language": language,
        "variables": {str(n): render(one, language) for n, one in enumerate(_examples(kind), start=1)},
        "types": {"twilio/quick-reply": {"body": body, "actions": actions}, "twilio/text": {"body": in_words}},
    }


def _examples(kind: str) -> Sequence[DayAndTime | str]:
    return _EXAMPLES.get(kind, (_EXAMPLE_TIME, _EXAMPLE_PLACE))


def _body(kind: str, language: str) -> str:
    blanks = [f"{{{{{number}}}}}" for number in range(1, len(_examples(kind)) + 1)]
    return render(agreed.agreed(kind, blanks), language)


def approval_name(body: dict[str, Any], sid: str) -> str:
    """Return the name that WhatsApp knows a template by, of which each may be used but once."""
    return f"{body['friendly_name']}_{sid[-8:].lower()}"


def variables(template: Template, language: str) -> dict[str, str]:
    """Return the values by number, cut so that the whole fits."""
    *before, last = (cut(value, VALUE_LIMIT) or "-" for value in template.values)
    room = BODY_LIMIT - len(_body(template.name, language)) - sum(map(len, before))
    return {str(number): value for number, value in enumerate((*before, cut(last, room)), start=1)}


def pressed(payload: str) -> tuple[str, int] | None:
    """Return which kind of template the button stands under that sends back *payload*, and its place from 0."""
    found = _PRESSED.fullmatch(payload)
    return (found[1], int(found[2])) if found else None
