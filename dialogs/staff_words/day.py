"""Words about a centre's day: "today", "tomorrow", "day 3 March"."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.script import Goto

PHRASES: dict[str, str] = {
    "day": "today|day|my day|the day|how is today|aujourd hui|journee|ma journee|la journee|programme du jour|"
    "hoy|dia|mi dia|el dia|programa de hoy",
    "day-calls": "whom to ring|whom to call|who is silent|silent|qui appeler|sans reponse|a quien llamar|sin respuesta",
    "day-doses": "doses|stock today|dosis",
}
_TOMORROW = re.compile(r"tomorrow|demain|manana")
_ON = re.compile(r"(?:the )?(?:day|journee|jour|dia)(?: of| du| de| del)? (.+)")


def _tomorrow(folded: str, _text: str) -> Goto | None:
    return Goto(script="day", args=(("day", "tomorrow"),)) if _TOMORROW.fullmatch(folded) else None


def _on(folded: str, _text: str) -> Goto | None:
    found = _ON.fullmatch(folded)
    return Goto(script="day", args=(("day", found[1]),)) if found is not None else None


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_tomorrow, _on)
