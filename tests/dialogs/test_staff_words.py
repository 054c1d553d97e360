"""What members of staff write about the day and its digests, in each language."""

from __future__ import annotations

import pytest

from dialogs.script import Goto
from dialogs.staff_words import wish_in

MEANT: dict[str, tuple[str, dict[str, str]] | None] = {
    "today": ("day", {}),
    "Aujourd'hui": ("day", {}),
    "hoy": ("day", {}),
    "/today@frontdesk_bot": ("day", {}),
    "tomorrow": ("day", {"day": "tomorrow"}),
    "demain": ("day", {"day": "tomorrow"}),
    "mañana": ("day", {"day": "tomorrow"}),
    "day 3 March": ("day", {"day": "3 march"}),
    "journée du 3 mars": ("day", {"day": "3 mars"}),
    "día 3 de marzo": ("day", {"day": "3 de marzo"}),
    "whom to ring": ("day-calls", {}),
    "digest": ("digest", {}),
    "digest off": ("digest", {"wish": "off"}),
    "résumé désactivé": ("digest", {"wish": "off"}),
    "résumé non": ("digest", {"wish": "off"}),
    "resumen sí": ("digest", {"wish": "on"}),
    "digest at 7:30": ("digest", {"at": "07:30"}),
    "digest at 7": ("digest", {"at": "07:00"}),
    "digest at 6.45 am": ("digest", {"at": "06:45"}),
    "digest at 1 pm": ("digest", {"at": "13:00"}),
    "résumé à 7h30": ("digest", {"at": "07:30"}),
    "résumé à 7 h": ("digest", {"at": "07:00"}),
    "resumen a las 7:30": ("digest", {"at": "07:30"}),
    "digest on weekdays": ("digest", {"days": "01234"}),
    "digest every day": ("digest", {"days": "0123456"}),
    "digest never": ("digest", {"days": ""}),
    "digest mon-fri": ("digest", {"days": "01234"}),
    "digest on Monday and Thursday": ("digest", {"days": "03"}),
    "résumé du lundi au samedi": ("digest", {"days": "012345"}),
    "resumen de lunes a viernes a las 8": ("digest", {"at": "08:00", "days": "01234"}),
    "digest at 7:30 on weekdays": ("digest", {"at": "07:30", "days": "01234"}),
    "digest at 30:99": ("digest", {"at": "30:99"}),
    "digest please explain": None,
    "digestion": None,
}


@pytest.mark.parametrize("text", MEANT)
def test_words_about_the_day_mean(text: str) -> None:
    meant = MEANT[text]
    expected = None if meant is None else Goto(script=meant[0], args=tuple(meant[1].items()))
    assert expected == wish_in(text)
