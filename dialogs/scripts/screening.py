"""Screening: the questions of a programme, asked while they apply, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from dialogs.past_days import DAY_HELP, EXAMPLE, PastDayReader
from dialogs.questions import Option, Question
from dialogs.script import ask, tell
from dialogs.text import Day, joined, say
from domain.eligibility import ANY_DAY, Criterion, Ineligible, Kind, Verdict, age_verdict, verdict
from domain.programmes import Programme


async def screening(
    programme: Programme, *, birth: date, known: Mapping[str, str], today: date
) -> tuple[Verdict, dict[str, str]]:
    """Ask what decides, stop at the first answer that rules the person out, and return verdict and lasting facts."""
    answers: dict[str, str] = {}
    found = age_verdict(programme.age, birth, today)
    for criterion in programme.criteria:
        if isinstance(found, Ineligible):
            break
        if criterion.applies(answers):
            answers[criterion.key] = await _asked(criterion, _known(criterion, known), today)
            found = verdict(programme.age, programme.criteria, birth=birth, answers=answers, today=today)
    return found, {one.key: answers[one.key] for one in programme.criteria if one.keeps and one.key in answers}


async def _asked(criterion: Criterion, known: str | None, today: date) -> str:
    """Ask, and say a day back in words before anything follows from it."""
    answer = await ask(question_for(criterion, today), known)
    day = criterion.day_of(answer)
    if day is not None and answer != known:
        await tell(f"noted-{criterion.key}", say("Noted: {day}.", day=Day(day)))
    return answer


def question_for(criterion: Criterion, today: date) -> Question[str]:
    """Return *criterion* as a question; its key is the criterion's own, for ever."""
    asks_day = criterion.kind == Kind.DATE
    return Question(
        key=f"screening-{criterion.key}",
        text=joined(criterion.text, EXAMPLE, between=" ") if asks_day else criterion.text,
        type=str,
        options=tuple(Option(label=answer.label, value=answer.key) for answer in criterion.answers),
        why=criterion.why if criterion.why.pairs else None,
        is_private=True,
        given=",".join((*(answer.key for answer in criterion.answers), *([ANY_DAY] if asks_day else []))),
        reader=PastDayReader() if asks_day else None,
        help=DAY_HELP if asks_day else (),
        samples=_samples(criterion, today) if asks_day else (),
    )


def _samples(criterion: Criterion, today: date) -> tuple[str, ...]:
    """Return a day that is long enough ago, and today."""
    long_ago = today - (criterion.wait or timedelta(0))
    return (long_ago.isoformat(), today.isoformat())


def _known(criterion: Criterion, known: Mapping[str, str]) -> str | None:
    answer = known.get(criterion.key)
    return answer if criterion.keeps and answer is not None and criterion.takes(answer) else None
