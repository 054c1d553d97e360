"""Opening hours are read for certain or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import LONGEST, MOST_SPANS, SHORTEST, NotSaid, Spans, Unread, read_hours, write_hours

MINUTES_A_DAY = 24 * 60

READ = (
    ("09:00-17:00", "09:00-17:00"),
    ("9:00-16:40", "09:00-16:40"),
    ("9h-17h", "09:00-17:00"),
    ("8H45-17h30", "08:45-17:30"),
    ("9h 17h", "09:00-17:00"),
    ("9h/17h", "09:00-17:00"),
    ("8.30/20.00", "08:30-20:00"),
    ("09h-17 h", "09:00-17:00"),
    ("\xa08 h 30 / 17 H 30", "08:30-17:30"),
    ("09: 00-16h 40", "09:00-16:40"),
    ("9h00 à 17h00 ", "09:00-17:00"),
    ("9h  à17h", "09:00-17:00"),
    ("9h a\u0300 17h", "09:00-17:00"),
    ("de 8h à 18h", "08:00-18:00"),
    ("Ouvert de 9h à midi", "09:00-12:00"),
    ("13:30 – 17:00", "13:30-17:00"),
    ("14:00−17:00.", "14:00-17:00"),
    ("14-17H", "14:00-17:00"),
    ("09:00-12", "09:00-12:00"),
    ("9 heures - 17 heures", "09:00-17:00"),
    ("14:00-17:OO", "14:00-17:00"),
    ("8h30-12h-30 / 14h00-18h00", "08:30-12:30 14:00-18:00"),
    ("9h-12h-45", "09:00-12:45"),
    ("08:00-13-00", "08:00-13:00"),
    ("08:00-13-00/14:00-18:00", "08:00-13:00 14:00-18:00"),
    ("8h30-12-00/14h30-18h", "08:30-12:00 14:30-18:00"),
    ("09:00-13:00/14:00-18:00", "09:00-13:00 14:00-18:00"),
    ("09:00-12:30 13:30-17:00", "09:00-12:30 13:30-17:00"),
    ("9h-12h / 14h-18h", "09:00-12:00 14:00-18:00"),
    ("9h-12h, 14h-18h", "09:00-12:00 14:00-18:00"),
    ("9h00 - 12h30 et 13h30 - 17h", "09:00-12:30 13:30-17:00"),
    ("de 8h à 12h et de 14h à 18h", "08:00-12:00 14:00-18:00"),
    ("09h à 13h puis 14h à 18h", "09:00-13:00 14:00-18:00"),
    ("9h/12h30 et 13h30/16h30", "09:00-12:30 13:30-16:30"),
    ("8h/12h-14h/20h", "08:00-12:00 14:00-20:00"),
    ("9h à 12h-14h à 17h", "09:00-12:00 14:00-17:00"),
    ("9:00 12:30 / 13:30 16:30", "09:00-12:30 13:30-16:30"),
    ("9:00-13:00-14:00-18:00", "09:00-13:00 14:00-18:00"),
    ("8:00-12:00/13:00-17:00/18:00-21:00", "08:00-12:00 13:00-17:00 18:00-21:00"),
    ("9h-12h/12h-18h", "09:00-12:00 12:00-18:00"),
    ("9:00 AM - 5:00 PM", "09:00-17:00"),
    ("9am to 5pm", "09:00-17:00"),
    ("9 a.m. - noon", "09:00-12:00"),
    ("9:00 AM - 1:30PM, 2:00 PM - 7:00 PM", "09:00-13:30 14:00-19:00"),
    ("10:00 AM - 12:00 AM", "10:00-00:00"),
    ("18h-minuit", "18:00-00:00"),
    ("18:00-24:00", "18:00-00:00"),
    ("9h-24", "09:00-00:00"),
    ("fermé", "closed"),
    ("FERME ", "closed"),
    ("Fermé au public", "closed"),
    ("Closed", "closed"),
)
NOT_SAID = ("", "  ", "-", "—", "?", "N/A", "nan", "non précisé", "Non précisé à ce jour", "non renseigné")
UNREAD = (
    ("ouvert", "it gives no hours"),
    ("Matin", "it gives no hours"),
    ("sur rdv", "it gives no hours"),
    ("A confirmer", "it says that the hours are still to be told"),
    ("En cours de précision", "it says that the hours are still to be told"),
    ("10h", "it is not made of openings and closings alone"),
    ("9h-12h /", "it is not made of openings and closings alone"),
    ("9h et 12h", "it is not made of openings and closings alone"),
    ("9h12h", "it is not made of openings and closings alone"),
    ("08-13-00", "it is not made of openings and closings alone"),
    ("08:00-13-30", "it is not made of openings and closings alone"),
    ("08:00-13-00h", "it is not made of openings and closings alone"),
    ("08:00-12-00-14:00", "it is not made of openings and closings alone"),
    ("08:00-13-00/14:00-18:0", "it is not made of openings and closings alone"),
    ("9h-12h-24", "it is not made of openings and closings alone"),
    ("9h-30h", "it is not made of openings and closings alone"),
    ("8h15-12h-15 / 14h00-18h00", "it is not made of openings and closings alone"),
    ("09:00-12:20/14:18:30", "it is not made of openings and closings alone"),
    ("14:00-18:0", "it is not made of openings and closings alone"),
    ("9:60-17:00", "it is not made of openings and closings alone"),
    ("9h-25h", "it is not made of openings and closings alone"),
    ("13pm-2pm", "it is not made of openings and closings alone"),
    ("fermé14:00-16:00", "it is not made of openings and closings alone"),
    ("8:00-12:00 ou 14:00-18:00", "it is not made of openings and closings alone"),
    ("14:00-18:00 à partir du 12/04", "it is not made of openings and closings alone"),
    ("Mardi 9 mars, 13:30-18:30", "it is not made of openings and closings alone"),
    ("01.10-05.10", "it is not made of openings and closings alone"),
    ("9-17", "it has numbers that may not be hours"),
    ("8H30 12", "it has numbers that may not be hours"),
    ("18/01 9h-17h", "it has numbers that may not be hours"),
    ("24h/24", "it has numbers that may not be hours"),
    ("9h 12h 14h 18h", "it does not tell which closing goes with which opening"),
    ("9h-2h/13h-17h", "it does not tell morning from afternoon"),
    ("9:00-12:00, 1:00-5:00", "it does not tell morning from afternoon"),
    ("9 - 5 PM", "it has AM or PM at some hours only"),
    ("17h-9h", "it closes before it opens"),
    ("14h-18h/9h-12h", "it opens again before it has closed"),
    ("09:00-18:00/13:00-16:00", "it opens again before it has closed"),
    ("18h-minuit/20h-21h", "it opens again before it has closed"),
    ("9h-9h10", "it is open for less than a quarter of an hour"),
    ("12:00 AM - 11:59 PM", "it is open for more than sixteen hours on end"),
    ("8h-9h/10h-11h/12h-13h/14h-15h", "it has more than 3 spans"),
)


@pytest.mark.parametrize(("typed", "expected"), READ)
def test_what_people_type_is_read(typed: str, expected: str) -> None:
    spans = read_hours(typed)
    assert isinstance(spans, tuple)
    assert expected == write_hours(spans)


@pytest.mark.parametrize("typed", NOT_SAID)
def test_a_blank_is_not_taken_for_closed(typed: str) -> None:
    assert NotSaid() == read_hours(typed)


@pytest.mark.parametrize(("typed", "why"), UNREAD)
def test_what_is_not_certain_is_left_unread(typed: str, why: str) -> None:
    assert Unread(typed, why) == read_hours(typed)


@st.composite
def a_day(draw: st.DrawFn) -> Spans:
    """Draw the spans of one day: apart, neither too short nor too long."""
    count = draw(st.integers(0, MOST_SPANS))
    ends = sorted(draw(st.sets(st.integers(0, MINUTES_A_DAY), min_size=2 * count, max_size=2 * count)))
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    return tuple((_wall(start), _wall(end)) for start, end in pairs if _is_plausible(start, end))


def _is_plausible(start: int, end: int) -> bool:
    return SHORTEST <= timedelta(minutes=end - start) <= LONGEST


def _wall(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _spellings(spans: Spans) -> Iterator[str]:
    yield write_hours(spans)
    if spans:
        yield " / ".join(f"{start:%H:%M} - {end:%H:%M}" for start, end in spans)
        yield " et ".join(f"de {start:%Hh%M} à {end:%Hh%M}" for start, end in spans)
        yield ", ".join(f"{start:%I:%M %p} – {end:%I:%M %p}" for start, end in spans)


@given(a_day())
def test_hours_written_in_any_way_read_back(spans: Spans) -> None:
    for spelling in _spellings(spans):
        assert spans == read_hours(spelling), spelling


@given(st.text() | st.text(alphabet="0123456789hH:./-– àaetpmdFO", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever it reads is a possible day."""
    read = read_hours(text)
    if isinstance(read, tuple):
        assert read == read_hours(write_hours(read))
