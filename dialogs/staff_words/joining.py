"""Words about the team: joining, inviting, names, leaving."""

from __future__ import annotations

import re
from collections.abc import Callable

from dialogs.readers.fold import fold
from dialogs.script import Goto
from domain.staff.joining import CODE_LENGTH

_JOIN = re.compile(rf"(?:join|rejoindre|unirme|unirse) ([0-9a-z]{{{CODE_LENGTH}}})")
_NAMES = "call me|my name is|i am called|je m appelle|appelle moi|appelez moi|me llamo|llamame"
_LONGEST = 60

PHRASES: dict[str, str] = {
    "staff": "staff|staff menu|desk|equipe menu|menu equipe|personal|menu del personal",
    "team": "team|my team|equipe|l equipe|mon equipe|equipo|mi equipo|el equipo",
    "invite": "invite|invite a colleague|invite someone|inviter|inviter un collegue|invitar|invitar a un colega|"
    "invitar a alguien",
    "leave-staff": "leave the team|leave staff|leave team|quitter l equipe|dejar el equipo|salir del equipo",
}


def join_code_in(text: str) -> str | None:
    """Return the code by which somebody wants to become a member of staff: "join ABCD2345"."""
    found = _JOIN.fullmatch(fold(text[:_LONGEST].removeprefix("/")))
    return found[1].upper() if found else None


def _call_me(folded: str, text: str) -> Goto | None:
    found = re.fullmatch(rf"(?:{_NAMES}) (.+)", folded)
    if found is None:
        return None
    words = len(found[1].split())
    return Goto(script="call-me", args=(("name", " ".join(text.split()[-words:])),))


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_call_me,)
