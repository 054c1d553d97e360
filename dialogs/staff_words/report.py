"""Words about reports: "report", "weekly report", "monthly report"."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.readers.fold import fold
from dialogs.script import Goto

_WEEK = "weekly report|report of the week|last week|rapport hebdomadaire|rapport de la semaine|informe semanal|"
_WEEK += "informe de la semana"
_MONTH = "monthly report|report of the month|last month|rapport mensuel|rapport du mois|informe mensual|informe del mes"
_PERIODS = {**dict.fromkeys(_WEEK.split("|"), "weekly"), **dict.fromkeys(_MONTH.split("|"), "monthly")}

PHRASES: dict[str, str] = {"report": "report|reports|rapport|rapports|informe|informes"}


def _period(folded: str, _text: str) -> Goto | None:
    period = _PERIODS.get(fold(folded))
    return Goto(script="report", args=(("period", period),)) if period else None


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_period,)
