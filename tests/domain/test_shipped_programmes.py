"""The programmes that are shipped judge people as their files say, whatever is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shipped import all_shipped, shipped_programmes
from domain.eligibility import Criterion, Eligible, Ineligible, Kind, Refer, Verdict, verdict
from domain.programmes import Dose, Programme, from_mapping
from domain.words import LANGUAGES, Words

TODAY = date(2027, 3, 1)
PROGRAMMES = {key: from_mapping(body) for key, body in all_shipped().items()}
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
    (
        "covid-19-first",
        "30",
        "earlier-dose=never reaction=no condition=none well=well job=other",
        "eligible",
    ),
    ("covid-19-first", "30", "earlier-dose=never condition=immunity job=health", "eligible conditions health"),
    ("covid-19-first", "30", "earlier-dose=never pregnant=yes", "eligible pregnancy"),
    ("covid-19-first", "30", "earlier-dose=2027-02-08", "eligible"),
    ("covid-19-first", "30", "earlier-dose=2027-02-09", "ineligible by earlier-dose until 2027-03-02"),
    ("covid-19-first", "30", "earlier-dose=unknown", "refer by earlier-dose"),
    ("covid-19-first", "30", "earlier-dose=never reaction=yes", "refer by reaction"),
    ("covid-19-first", "30", "earlier-dose=never condition=bleeding", "refer by condition"),
    ("covid-19-first", "30", "reaction=yes well=fever", "ineligible by well until 2027-03-08"),
    ("covid-19-first", "11", "earlier-dose=never", "ineligible by age until 2027-03-02"),
    ("covid-19-booster", "30", "last-dose=2026-11-30 job=school", "eligible education"),
    ("covid-19-booster", "30", "last-dose=2026-12-01", "ineligible by last-dose until 2027-03-02"),
    ("covid-19-booster", "30", "last-dose=2027-03-01", "ineligible by last-dose until 2027-05-31"),
    ("covid-19-booster", "30", "last-dose=never", "ineligible by last-dose"),
    ("covid-19-booster", "99", "last-dose=unknown", "refer by last-dose"),
    ("covid-19-booster", "11", "last-dose=2020-05-06", "ineligible by age until 2027-03-02"),
    ("flu-season", "11", "last-flu-dose=never", "eligible"),
    ("flu-season", "30", "last-flu-dose=long-ago condition=long-term", "eligible conditions"),
    ("flu-season", "30", "last-flu-dose=2026-09-02", "eligible"),
    ("flu-season", "30", "last-flu-dose=2026-10-01", "ineligible by last-flu-dose until 2027-03-30"),
    ("flu-season", "30", "last-flu-dose=never well=fever", "ineligible by well until 2027-03-08"),
    ("visit", "11", "urgent=no", "eligible"),
    ("visit", "30", "urgent=yes", "refer by urgent"),
    ("visit", "30", "urgent=contagious", "refer by urgent"),
    ("telehealth", "99", "urgent=no", "eligible"),
    ("telehealth", "30", "urgent=yes", "refer by urgent"),
    ("telehealth", "30", "urgent=examined", "ineligible by urgent"),
    ("telehealth", "30", "urgent=unsure", "refer by urgent"),
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
    given = dict(pair.split("=") for pair in answers.split())
    assert expected == shown(judged(PROGRAMMES[key], AGES[age], given))


def ways(programme: Programme) -> Iterator[dict[str, str]]:
    """Yield every way in which the questions of *programme* can be answered."""
    for chosen in product(*map(answers_to, programme.criteria)):
        yield {criterion.key: answer for criterion, answer in zip(programme.criteria, chosen, strict=True)}


def answers_to(criterion: Criterion) -> list[str]:
    """Return every option, and for a day one long ago, the last too early one and today."""
    wait = criterion.wait or timedelta(0)
    days = [date(2001, 1, 1), TODAY - wait + timedelta(days=1), TODAY] if criterion.kind == Kind.DATE else []
    return [*(answer.key for answer in criterion.answers), *(day.isoformat() for day in days if day <= TODAY)]


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
    sample = {key: PROGRAMMES[key] for key in shipped_programmes()}
    doses = {key: programme.doses for key, programme in sample.items()}
    pair = (Dose(key="1"), Dose(key="2", after=timedelta(days=21), before=timedelta(days=43)))
    one = (Dose(key="1"),)
    wanted = {"covid-19": one, "covid-19-course": pair, "flu": one, "visit": one, "telehealth": one}
    assert wanted == doses
    assert "job" in {criterion.key for programme in sample.values() for criterion in programme.criteria}


def test_a_course_is_of_one_product_and_names_its_groups() -> None:
    assert PROGRAMMES["covid-19-first"].same_product
    for programme in PROGRAMMES.values():
        named = {answer.group for criterion in programme.criteria for answer in criterion.answers if answer.group}
        assert not programme.groups or named == set(dict(programme.groups))


@given(st.sampled_from(sorted(PROGRAMMES)), st.data())
def test_no_order_of_answers_gives_another_verdict(key: str, data: st.DataObject) -> None:
    """Nobody is both: whatever the order, the verdict is the same, and no further answer makes a ruled out one fit."""
    programme = PROGRAMMES[key]
    answers = {one.key: data.draw(st.sampled_from(answers_to(one))) for one in programme.criteria}
    mixed = dict(data.draw(st.permutations(list(answers.items()))))
    assert judged(programme, AGES["30"], answers) == judged(programme, AGES["30"], mixed)
    before: Verdict = Eligible()
    for number in range(len(programme.criteria) + 1):
        first = {one.key: answers[one.key] for one in programme.criteria[:number]}
        found = judged(programme, AGES["30"], first)
        assert not isinstance(before, Ineligible) or before == found
        before = found
