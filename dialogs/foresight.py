"""How far it still is: a script run ahead on likely answers, which gives "3 of 7" without anybody counting."""

from __future__ import annotations

from typing import Any

from dialogs.ledger import Ledger
from dialogs.outcomes import offers_of, results_of
from dialogs.questions import Question
from dialogs.script import Ask, Do, Performance, Tell


def steps_in_all(performance: Performance, ledger: Ledger) -> int:
    """Return how many questions the person will have been asked at the end; *performance* is used up by it."""
    asked = performance.further(ledger, beyond=likely).asked
    performance.close()
    return len(asked)


def likely(_key: str, request: Ask[Any] | Do[Any] | Tell) -> tuple[bool, Any]:
    """Supply the likeliest answer or result."""
    match request:
        case Ask(question, _):
            return True, likely_answer(question)
        case Do(_, command):
            return True, results_of(command)[0]
        case Tell():
            return True, None


def likely_answer(question: Question[Any]) -> Any:
    """Return the first thing offered, or the question's own example."""
    if question.source is not None and question.present is not None:
        return question.present(offers_of(question.source)[0]).value
    return question.samples[0] if question.samples else question.options[0].value
