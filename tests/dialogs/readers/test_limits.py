"""What a list is to be limited to is read in three languages, whatever language is spoken; other words are not."""

from __future__ import annotations

from datetime import date, time

import pytest

from dialogs.readers.constraint import When
from dialogs.readers.limits import ANY_DAY, LONGEST, Limits, read_limits
from tests.dialogs.readers.expected import NOW

SATURDAYS = When(weekdays=frozenset({5}))
EN, FR, ES = "en", "fr", "es"
DAYS = (
    (EN, "Saturday", SATURDAYS), (EN, "open on Saturdays", SATURDAYS), (EN, "which are open saturday?", SATURDAYS),
    (EN, "show me the centres that are open on Saturday", SATURDAYS), (EN, "it has to be saturday", SATURDAYS),
    (EN, "saturday morning", When(weekdays=frozenset({5}), until_time=time(12))),
    (EN, "this saturday", When(days=((date(2026, 11, 21), date(2026, 11, 22)),))),
    (EN, "tomorrow please", When(days=((date(2026, 11, 19), date(2026, 11, 20)),))),
    (EN, "le samedi", SATURDAYS), (EN, "solo los sábados", SATURDAYS),
    (FR, "samedi", SATURDAYS), (FR, "ouverts le samedi", SATURDAYS), (FR, "uniquement le samedi svp", SATURDAYS),
    (FR, "ceux qui sont ouverts le samedi", SATURDAYS), (FR, "on saturday", SATURDAYS),
    (FR, "samedi ou dimanche", When(weekdays=frozenset({5, 6}))),
    (ES, "sábado", SATURDAYS), (ES, "abierto los sábados", SATURDAYS), (ES, "que abran el sábado", SATURDAYS),
    (ES, "mañana", When(days=((date(2026, 11, 19), date(2026, 11, 20)),))),
    (EN, "any day", ANY_DAY), (EN, "whenever", ANY_DAY), (EN, "on any date", ANY_DAY), (EN, "other days too", ANY_DAY),
    (FR, "n’importe quand", ANY_DAY), (FR, "tous les jours", ANY_DAY), (ES, "cualquier día", ANY_DAY),
    (ES, "me da igual el día", ANY_DAY),
)  # fmt: skip
STEP_FREE = (
    "wheelchair", "Wheelchair access please", "for a wheelchair", "I am in a wheelchair", "step free",
    "step-free access", "without stairs", "accessible", "disabled access", "accès fauteuil", "en fauteuil roulant",
    "accès PMR", "sans marche", "sans escaliers", "de plain-pied", "personne à mobilité réduite", "silla de ruedas",
    "en silla de ruedas", "sin escalones", "acceso sin barreras", "accesible", "movilidad reducida",
)  # fmt: skip
WITH_STEPS = (
    "no wheelchair", "not step-free", "I don't need a wheelchair", "wheelchair not needed", "with or without steps",
    "pas de fauteuil", "avec ou sans marches", "sin silla de ruedas", "con o sin escalones",
)  # fmt: skip
NEITHER = (
    "", "?", "2", "12", "Bath", "Riverside", "the second one", "as soon as possible", "asap", "BS1 6XX", "May Street",
    "the one on the corner", "yes", "I need help", "saturday night fever", "chair", "steps",
)  # fmt: skip


@pytest.mark.parametrize(("language", "text", "days"), DAYS)
def test_days_are_read(language: str, text: str, days: When) -> None:
    assert Limits(days=days) == read_limits(text, language=language, now=NOW)


@pytest.mark.parametrize("language", [EN, FR, ES])
@pytest.mark.parametrize("text", STEP_FREE)
def test_no_steps_are_read_in_any_language(language: str, text: str) -> None:
    assert Limits(step_free=True) == read_limits(text, language=language, now=NOW)


@pytest.mark.parametrize("text", WITH_STEPS)
def test_what_is_denied_is_not_wanted(text: str) -> None:
    assert Limits(step_free=False) == read_limits(text, language=EN, now=NOW)


@pytest.mark.parametrize("text", ["wheelchair on saturday", "Saturday, step-free", "samedi, fauteuil"])
def test_both_are_read_together(text: str) -> None:
    assert Limits(days=SATURDAYS, step_free=True) == read_limits(text, language=EN, now=NOW)


@pytest.mark.parametrize("text", ["no filter", "remove the filters", "sans filtre", "quitar el filtro"])
def test_all_limits_are_taken_away(text: str) -> None:
    assert Limits(days=ANY_DAY, step_free=False) == read_limits(text, language=EN, now=NOW)


@pytest.mark.parametrize("text", [*NEITHER, "wheelchair " * LONGEST])
def test_other_words_limit_nothing(text: str) -> None:
    assert read_limits(text, language=EN, now=NOW) is None
