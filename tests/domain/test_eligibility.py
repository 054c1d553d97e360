"""Answers decide: eligible, ineligible by a rule (and until when), or for a person to decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.eligibility import (
    ANY_DAY,
    AgeRule,
    Answer,
    Criterion,
    Decision,
    Eligible,
    Ineligible,
    Kind,
    Refer,
    Verdict,
    age_verdict,
    answer_verdict,
    as_day,
    verdict,
)
from domain.words import Words

TODAY = date(2027, 3, 1)
SORRY = Words.of("Sorry.")
ADULT = date(1980, 4, 3)

# age from, to, birth, today → verdict
AGES = (
    ("anybody may", 0, 200, "2027-03-01", "2027-03-01", "eligible"),
    ("on the birthday", 12, 200, "2015-03-01", "2027-03-01", "eligible"),
    ("the day before it", 12, 200, "2015-03-02", "2027-03-01", "ineligible until 2027-03-02"),
    ("far too young", 12, 200, "2026-07-09", "2027-03-01", "ineligible until 2038-07-09"),
    ("the last day of the last year", 0, 17, "2009-03-02", "2027-03-01", "eligible"),
    ("the day after it", 0, 17, "2009-03-01", "2027-03-01", "ineligible"),
    ("too old is not cured by time", 5, 17, "1980-04-03", "2027-03-01", "ineligible"),
    ("one age alone", 65, 65, "1962-03-01", "2027-03-01", "eligible"),
    ("born on 29 February: 1 March in other years", 13, 200, "2016-02-29", "2029-02-28", "ineligible until 2029-03-01"),
    ("born on 29 February: on 1 March", 13, 200, "2016-02-29", "2029-03-01", "eligible"),
    ("born on 29 February: a leap year", 16, 200, "2016-02-29", "2032-02-28", "ineligible until 2032-02-29"),
)


def shown(found: Verdict) -> str:
    match found:
        case Eligible(groups):
            return " ".join(("eligible", *groups))
        case Ineligible(rule=rule, until=until):
            return f"ineligible by {rule}" + (f" until {until}" if until else "")
        case Refer(rule=rule):
            return f"refer by {rule}"


@pytest.mark.parametrize(("why", "least", "most", "birth", "today", "expected"), AGES, ids=[row[0] for row in AGES])
def test_age_is_judged_in_whole_years(why: str, least: int, most: int, birth: str, today: str, expected: str) -> None:
    rule = AgeRule(least=least, most=most, because=SORRY)
    found = age_verdict(rule, date.fromisoformat(birth), date.fromisoformat(today))
    assert expected == shown(found).replace(" by age", "")


@given(st.dates(date(1900, 1, 1), date(2040, 1, 1)), st.integers(1, 99), st.dates(date(2020, 1, 1), date(2045, 1, 1)))
def test_somebody_too_young_may_from_the_named_day_on_and_not_a_day_earlier(
    birth: date, least: int, today: date
) -> None:
    rule = AgeRule(least=least, because=SORRY)
    found = age_verdict(rule, birth, today)
    if isinstance(found, Ineligible):
        assert found.until is not None
        assert today < found.until
        assert Eligible() == age_verdict(rule, birth, found.until)
        assert isinstance(age_verdict(rule, birth, found.until - timedelta(days=1)), Ineligible)


def answers(*each: Answer) -> tuple[Answer, ...]:
    return each


WELL = Criterion(
    key="well",
    text=Words.of("How do you feel?"),
    answers=answers(
        Answer(key="well", label=Words.of("Well")),
        Answer(
            key="fever",
            label=Words.of("Fever"),
            decision=Decision.INELIGIBLE,
            because=SORRY,
            wait=timedelta(days=7),
        ),
        Answer(key="never", label=Words.of("Never"), decision=Decision.INELIGIBLE, because=SORRY),
    ),
)
REACTION = Criterion(
    key="reaction",
    text=Words.of("A reaction?"),
    answers=answers(
        Answer(key="no", label=Words.of("No")),
        Answer(key="yes", label=Words.of("Yes"), decision=Decision.REFER, because=SORRY),
    ),
)
JOB = Criterion(
    key="job",
    text=Words.of("Which work?"),
    answers=answers(
        Answer(key="other", label=Words.of("Other")),
        Answer(key="health", label=Words.of("Health"), group="health"),
    ),
)
WARD = Criterion(
    key="ward",
    text=Words.of("On a ward?"),
    answers=answers(
        Answer(key="no", label=Words.of("No")),
        Answer(key="yes", label=Words.of("Yes"), group="ward"),
        Answer(key="closed", label=Words.of("Closed"), decision=Decision.INELIGIBLE, because=SORRY),
    ),
    when=(("job", frozenset({"health"})),),
)
CRITERIA = (REACTION, WELL, JOB, WARD)

VERDICTS = (
    ("nothing answered yet", "", "eligible"),
    ("all fine", "reaction=no well=well job=other", "eligible"),
    ("a group", "reaction=no well=well job=health ward=no", "eligible health"),
    ("two groups, in the order of the questions", "reaction=no well=well job=health ward=yes", "eligible health ward"),
    ("wait for a week", "reaction=no well=fever", "ineligible by well until 2027-03-08"),
    ("time does not cure it", "reaction=no well=never", "ineligible by well"),
    ("a person decides", "reaction=yes well=well", "refer by reaction"),
    ("ineligible outweighs a referral", "reaction=yes well=fever", "ineligible by well until 2027-03-08"),
    ("a referral outweighs a group", "reaction=yes well=well job=health", "refer by reaction"),
    ("the first ineligible counts", "well=never job=health ward=closed", "ineligible by well"),
    ("what does not apply does not count", "job=other ward=closed", "eligible"),
    ("what does apply does", "job=health ward=closed", "ineligible by ward"),
    ("answers to other questions are nothing", "colour=blue", "eligible"),
)


def said(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


@pytest.mark.parametrize(("why", "given_answers", "expected"), VERDICTS, ids=[row[0] for row in VERDICTS])
def test_answers_lead_to_a_verdict(why: str, given_answers: str, expected: str) -> None:
    found = verdict(AgeRule(), CRITERIA, birth=ADULT, answers=said(given_answers), today=TODAY)
    assert expected == shown(found)


def test_age_comes_before_all_answers() -> None:
    rule = AgeRule(least=12, because=SORRY)
    found = verdict(rule, CRITERIA, birth=date(2020, 5, 6), answers=said("well=never"), today=TODAY)
    assert "ineligible by age until 2032-05-06" == shown(found)


def test_the_words_of_the_answer_say_why() -> None:
    because = Words.of({"en": "Wait.", "fr": "Attendez.", "es": "Espere."})
    fever = Answer(key="fever", label=Words.of("Fever"), decision=Decision.INELIGIBLE, because=because)
    criterion = Criterion(key="well", text=Words.of("?"), answers=(fever,))
    assert Ineligible(rule="well", because=because) == answer_verdict(criterion, "fever", TODAY)


LAST_DOSE = Criterion(
    key="last-dose",
    text=Words.of("When was your last dose?"),
    kind=Kind.DATE,
    wait=timedelta(days=91),
    because=SORRY,
    answers=(
        Answer(key="never", label=Words.of("Never")),
        Answer(key="unknown", label=Words.of("I do not know"), decision=Decision.REFER, because=SORRY),
        Answer(key="ill", label=Words.of("Ill"), decision=Decision.NOT_BEFORE, because=SORRY, wait=timedelta(days=28)),
    ),
)
AFTER_IT = Criterion(
    key="after-it",
    text=Words.of("Were you ill after it?"),
    answers=(
        Answer(key="no", label=Words.of("No")),
        Answer(key="yes", label=Words.of("Yes"), decision=Decision.REFER, because=SORRY),
    ),
    when=(("last-dose", frozenset({ANY_DAY})),),
)

# answers → verdict, on 1 March 2027
DAYS = (
    ("long ago", "last-dose=2020-05-06", "eligible"),
    ("the very day", "last-dose=2026-11-30", "eligible"),
    ("a day too early", "last-dose=2026-12-01", "ineligible by last-dose until 2027-03-02"),
    ("today", "last-dose=2027-03-01", "ineligible by last-dose until 2027-05-31"),
    ("an option instead of a day", "last-dose=never", "eligible"),
    ("an option for a person to decide", "last-dose=unknown", "refer by last-dose"),
    ("an option that counts from today", "last-dose=ill", "ineligible by last-dose until 2027-03-29"),
    ("what is asked after any day", "last-dose=2020-05-06 after-it=yes", "refer by after-it"),
    ("what is not asked without a day", "last-dose=never after-it=yes", "eligible"),
)


@pytest.mark.parametrize(("why", "given_answers", "expected"), DAYS, ids=[row[0] for row in DAYS])
def test_a_day_is_counted_from(why: str, given_answers: str, expected: str) -> None:
    found = verdict(AgeRule(), (LAST_DOSE, AFTER_IT), birth=ADULT, answers=said(given_answers), today=TODAY)
    assert expected == shown(found)


@given(st.dates(date(2000, 1, 1), TODAY), st.integers(1, 900))
def test_from_the_day_that_is_named_on_they_may_and_not_a_day_earlier(day: date, wait: int) -> None:
    criterion = replace(LAST_DOSE, wait=timedelta(days=wait))
    found = answer_verdict(criterion, day.isoformat(), TODAY)
    if isinstance(found, Ineligible):
        assert found.until is not None
        assert isinstance(answer_verdict(criterion, day.isoformat(), found.until), Eligible)
        assert isinstance(answer_verdict(criterion, day.isoformat(), found.until - timedelta(days=1)), Ineligible)


@pytest.mark.parametrize("answer", ["2027-02-30", "20270101", "2027-W01-1", "2027-1-1", "0000-00-00", "", "\u0662"])
def test_what_is_no_day_is_none(answer: str) -> None:
    assert as_day(answer) is None
    assert not LAST_DOSE.takes(answer)


def test_a_choice_takes_no_day() -> None:
    assert not WELL.takes("2027-01-01")
    assert WELL.takes("fever")
    assert LAST_DOSE.takes("2027-01-01")


def test_an_answer_that_is_not_offered_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="purple"):
        answer_verdict(WELL, "purple", TODAY)


# ---- any programme


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_the_order_of_answers_does_not_matter(data: st.DataObject) -> None:
    criteria, given_answers = data.draw(criteria_and_answers())
    mixed = dict(data.draw(st.permutations(list(given_answers.items()))))
    judged = [verdict(AgeRule(), criteria, birth=ADULT, answers=each, today=TODAY) for each in (given_answers, mixed)]
    assert judged[0] == judged[1]


@st.composite
def criteria_and_answers(draw: st.DrawFn) -> tuple[tuple[Criterion, ...], dict[str, str]]:
    """Draw criteria, later ones depending on earlier ones, and an answer to each."""
    criteria: list[Criterion] = []
    for number in range(draw(st.integers(1, 6))):
        options = tuple(draw(an_answer(f"a{n}")) for n in range(draw(st.integers(2, 3))))
        when: tuple[tuple[str, frozenset[str]], ...] = ()
        other = draw(st.sampled_from([None, *criteria]))
        if other is not None:
            keys = st.sampled_from([one.key for one in other.answers])
            when = ((other.key, draw(st.frozensets(keys, min_size=1))),)
        criteria.append(Criterion(key=f"q{number}", text=Words.of("?"), answers=options, when=when))
    return tuple(criteria), {one.key: draw(st.sampled_from(one.answers)).key for one in criteria}


@st.composite
def an_answer(draw: st.DrawFn, key: str) -> Answer:
    decision = draw(st.sampled_from(Decision))
    return Answer(
        key=key,
        label=Words.of(key),
        decision=decision,
        because=SORRY,
        wait=draw(st.none() | st.builds(timedelta, days=st.integers(1, 400))),
        group=draw(st.none() | st.sampled_from(("health", "education"))),
    )


@settings(deadline=None, max_examples=50)
@given(criteria_and_answers())
def test_a_verdict_is_one_thing_and_names_the_rule_that_made_it(
    drawn: tuple[tuple[Criterion, ...], dict[str, str]],
) -> None:
    criteria, given_answers = drawn
    found = verdict(AgeRule(), criteria, birth=ADULT, answers=given_answers, today=TODAY)
    applied = {one.key: one.answer(given_answers[one.key]) for one in criteria if one.applies(given_answers)}
    decisions = {answer.decision for answer in applied.values()}
    match found:
        case Ineligible(rule=rule, until=until):
            wait = applied[rule].wait
            assert applied[rule].decision in {Decision.INELIGIBLE, Decision.NOT_BEFORE}
            assert (TODAY + wait if wait else None) == until
        case Refer(rule=rule):
            assert Decision.REFER == applied[rule].decision
            assert not decisions & {Decision.INELIGIBLE, Decision.NOT_BEFORE}
        case Eligible(groups):
            assert decisions <= {Decision.FINE}
            assert [answer.group for answer in applied.values() if answer.group] == list(groups)


@settings(deadline=None, max_examples=50)
@given(criteria_and_answers())
def test_once_ineligible_no_further_answer_makes_it_otherwise(
    drawn: tuple[tuple[Criterion, ...], dict[str, str]],
) -> None:
    """Questions are asked in order and screening stops at the first ineligible: more answers would not have helped."""
    criteria, given_answers = drawn
    before: Verdict = Eligible()
    for number in range(len(criteria) + 1):
        first = {one.key: given_answers[one.key] for one in criteria[:number]}
        found = verdict(AgeRule(), criteria, birth=ADULT, answers=first, today=TODAY)
        if isinstance(before, Ineligible):
            assert before == found
        if isinstance(before, Refer):
            assert not isinstance(found, Eligible)
        before = found
