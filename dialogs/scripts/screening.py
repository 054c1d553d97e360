"""Screening: the questions of a programme, asked while they apply, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dialogs.questions import Option, Question
from dialogs.script import ask
from domain.eligibility import Criterion, Ineligible, Verdict, age_verdict, verdict
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
            answers[criterion.key] = await ask(question_for(criterion), _known(criterion, known))
            found = verdict(programme.age, programme.criteria, birth=birth, answers=answers, today=today)
    return found, {one.key: answers[one.key] for one in programme.criteria if one.keeps and one.key in answers}


def question_for(criterion: Criterion) -> Question[str]:
    """Return *criterion* as a question; its key is the criterion's own, for ever."""
    return Question(
        key=f"screening-{criterion.key}",
        text=criterion.text,
        type=str,
        options=tuple(Option(label=answer.label, value=answer.key) for answer in criterion.answers),
        why=criterion.why if criterion.why.pairs else None,
        is_private=True,
        given=",".join(answer.key for answer in criterion.answers),
    )


def _known(criterion: Criterion, known: Mapping[str, str]) -> str | None:
    answer = known.get(criterion.key)
    offered = {one.key for one in criterion.answers}
    return answer if criterion.keeps and answer in offered else None
