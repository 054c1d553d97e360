"""When it is too early: the day is told, and the offer to write on that day."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs.questions import Option, Question
from dialogs.script import End, ask, do
from dialogs.scripts.told import sorry
from dialogs.text import Day, joined, say
from domain.commands import RememberRecommendation
from domain.eligibility import Ineligible
from domain.programmes import Programme

_AHEAD = timedelta(days=550)  # nobody is promised a word in years


async def ineligible(programme: Programme, verdict: Ineligible, today: date) -> End:
    """Say why not; where time cures it soon enough, offer to write when the day has come."""
    until = verdict.until
    if until is None or until - today > _AHEAD:
        return End(text=sorry(verdict))
    if await ask(_tell_then(programme, verdict, until)) == "no":
        return End(text=say("All right. From {day} on it is possible: write to me again then.", day=Day(until)))
    kept = await do("remember", RememberRecommendation(programme=programme.key, due_on=until))
    return End(text=say("I will write to you on {day}.", day=Day(kept.due_on)))


def _tell_then(programme: Programme, verdict: Ineligible, until: date) -> Question[str]:
    return Question(
        key="tell-then",
        text=joined(
            verdict.because,
            say("From {day} on it is possible. Shall I write to you then?", day=Day(until)),
        ),
        type=str,
        options=(Option(label=say("Yes, write to me"), value="yes"), Option(label=say("No"), value="no")),
        why=say("So that you need not keep the day in mind."),
        given=f"{programme.key},{verdict.rule},{until}",
        is_private=True,
    )
