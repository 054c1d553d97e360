"""What is agreed upon beforehand with WhatsApp: the sentences of each kind, and what their buttons offer."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs import reminding, staff_day
from dialogs.text import Joined, Text
from domain.policies import DIGEST


def offered(kind: str) -> Sequence[Text]:
    """Return what the buttons of a message of *kind* say, in their order."""
    return [staff_day.SHOW] if kind == DIGEST else list(reminding.offered(kind).values())


def agreed(kind: str, blanks: Sequence[str]) -> Joined:
    """Return the sentences of a *kind*, *blanks* standing in place of values."""
    return staff_day.announced(*blanks) if kind == DIGEST else reminding.agreed(kind, blanks)
