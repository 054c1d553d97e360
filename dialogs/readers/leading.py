"""What stands about an answer, as "my name is" and "please" do, and the answer without it."""

import re

from dialogs.readers.fold import fold

POLITE = "please|pls|plz|thanks|thank you|svp|stp|s il vous plait|s il te plait|merci|por favor|porfavor|porfa|gracias"
_POLITE = re.compile(POLITE)
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = " \t\r\n,;:.!"


def without_lead(text: str, lead: re.Pattern[str]) -> str:
    """Return *text* without the longest beginning whose folded words are *lead*, again and again; it may be empty."""
    text = text.strip(_BETWEEN)
    while behind := _behind(text, lead):
        text = text[behind:].strip(_BETWEEN)
    return text


def without_thanks(text: str) -> str:
    """Return *text* without "please" and "thank you" at its end, unless it is nothing else."""
    starts = [word.start() for word in _WORD.finditer(text)]
    cut = next((start for start in starts[1:] if _POLITE.fullmatch(fold(text[start:]))), len(text))
    return text[:cut].strip(_BETWEEN)


def _behind(text: str, lead: re.Pattern[str]) -> int:
    """Return where the longest lead ends, nought if there is none."""
    starts = [word.start() for word in _WORD.finditer(text)][1:]
    ends = (place for place in (len(text), *reversed(starts)) if lead.fullmatch(fold(text[:place])))
    return next(ends, 0) if text else 0
