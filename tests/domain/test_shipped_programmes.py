"""The programmes that are shipped judge people as their files say, whatever is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest

from bot.shipped import shipped_programmes
from domain.eligibility import Eligible, Ineligible, Refer, Verdict, verdict
from domain.programmes import Dose, Programme, from_mapping
from domain.words import LANGUAGES, Words

TODAY = date(2027, 3, 1)
PROGRAMMES = {key: from_mapping(body) for key, body in shipped_programmes().items()}
AGES = {"11": date(2015, 3, 2), "12": date(2015, 3, 1), "30": date(1997, 1, 1), "99": date(1928, 1, 1)}

# programme, age, answers → verdict
VERDICTS = (
    ("covid-19", "30", "job=other", "eligible"),
    ("covid-19", "30", "job=health", "eligible health"),
    ("covid-19", "30", "job=school", "eligible education"),
    ("covid-19", "99", "job=retired", "eligible"),
    ("covid-19", "12", "job=other", "eligible"),
    ("covid-19", "11", "job=other", "ineligible by age until 2027-03-02"),
    ("covid-19-course", "30", "reaction=no", "eligible"),
    ("covid-19-course", "30", "reaction=yes", "refer by reaction"),
    ("covid-19-course", "11", "reaction=yes", "ineligible by age until 2027-03-02"),
    ("flu", "11", "well=well", "eligible"),
    ("flu", "99", "well=fever", "ineligible by well until 2027-03-08"),
)


def judged(programme: Programme, birth: date, answers: dict[str, str]) -> Verdict:
    return verdict(programme.age, programme.criteria, birth=birth, answers=answers, today=TODAY)


def shown(found: Verdict) -> str:
    match found:
        case Eligible(groups):
            return " ".join(("eligible", *groups))
        case Ineligible(rule=rule, until=until):
            return f"ineligible by {rule}" + (f" until {until}" if until else "")
        case Refer(rule=rule):
            return f"refer by {rule}"


@pytest.mark.parametrize(("key", "age", "answers", "expected"), VERDICTS)
def test_answers_lead_to_a_verdict(key: str, age: str, answers: str, expected: str) -> None:
    given = dict([answers.split("=")])
    assert expected == shown(judged(PROGRAMMES[key], AGES[age], given))


def ways(programme: Programme) -> Iterator[dict[str, str]]:
    """Yield every way in which the questions of *programme* can be answered."""
    for chosen in product(*(criterion.answers for criterion in programme.criteria)):
        yield {criterion.key: answer.key for criterion, answer in zip(programme.criteria, chosen, strict=True)}


@pytest.mark.parametrize("key", PROGRAMMES)
@pytest.mark.parametrize("age", AGES)
def test_whoever_is_turned_away_hears_why_and_until_when(key: str, age: str) -> None:
    """Every verdict but eligible names one of the programme's rules, and has a reason in each language."""
    programme = PROGRAMMES[key]
    for answers in ways(programme):
        found = judged(programme, AGES[age], answers)
        if isinstance(found, Eligible):
            continue
        assert found.rule in {"age", *answers}
        assert list(LANGUAGES) == [language for language, text in found.because.pairs if text]
        if isinstance(found, Ineligible):
            assert found.until is None or found.until > TODAY


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=list(PROGRAMMES))
def test_somebody_may_have_each_programme(programme: Programme) -> None:
    assert any(isinstance(judged(programme, AGES["30"], answers), Eligible) for answers in ways(programme))


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=list(PROGRAMMES))
def test_all_that_people_read_is_there_in_every_language(programme: Programme) -> None:
    texts = [programme.title, programme.bring]
    for criterion in programme.criteria:
        texts += [criterion.text, criterion.why, *(answer.label for answer in criterion.answers)]
    assert [] == [words for words in texts if not isinstance(words, Words) or list(words.missing())]


def test_the_sample_clinic_asks_for_the_job_and_has_a_pair_of_doses() -> None:
    doses = {key: programme.doses for key, programme in PROGRAMMES.items()}
    pair = (Dose(key="1"), Dose(key="2", after=timedelta(days=21), before=timedelta(days=43)))
    assert {"covid-19": (Dose(key="1"),), "covid-19-course": pair, "flu": (Dose(key="1"),)} == doses
    assert "job" in {criterion.key for programme in PROGRAMMES.values() for criterion in programme.criteria}
