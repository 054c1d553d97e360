"""What members of staff write about messages to many and reports is understood, and so are the days that they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dialogs.broadcast_readers import LONGEST, Span, SpanReader, TextReader, Written
from dialogs.questions import Hearing, Missed, Took
from dialogs.said import Kind, Said
from dialogs.staff_words import wish_in

HEARING = Hearing(language="en", now=datetime(2027, 3, 1, 9, tzinfo=UTC), today=date(2027, 3, 1))


@pytest.mark.parametrize(
    ("words", "script", "args"),
    [
        ("Broadcast", "broadcast", ()),
        ("/broadcast", "broadcast", ()),
        ("message to patients", "broadcast", ()),
        ("Diffusion", "broadcast", ()),
        ("écrire aux patients", "broadcast", ()),
        ("envío masivo", "broadcast", ()),
        ("Stop the broadcast!", "stop-broadcast", ()),
        ("arrêter la diffusion", "stop-broadcast", ()),
        ("detener el envío", "stop-broadcast", ()),
        ("how far is the broadcast?", "broadcasts", ()),
        ("report", "report", ()),
        ("Weekly report", "report", (("period", "weekly"),)),
        ("rapport mensuel", "report", (("period", "monthly"),)),
        ("informe semanal", "report", (("period", "weekly"),)),
    ],
)
def test_words_begin_what_they_mean(words: str, script: str, args: tuple[tuple[str, str], ...]) -> None:
    found = wish_in(words)
    assert found is not None
    assert (script, args) == (found.script, found.args)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("tomorrow", date(2027, 3, 2), date(2027, 3, 2)),
        ("next week", date(2027, 3, 8), date(2027, 3, 14)),
        ("3 to 7 March", date(2027, 3, 3), date(2027, 3, 7)),
        ("1 February 2027", date(2027, 2, 1), date(2027, 2, 1)),
        ("1 February 2027 to 14 February 2027", date(2027, 2, 1), date(2027, 2, 14)),
    ],
)
def test_days_are_read(words: str, first: date, last: date) -> None:
    assert Took(Span(first, last)) == SpanReader().read(Said(kind=Kind.TEXT, text=words), HEARING)


def test_what_is_no_day_or_no_text_is_told_so() -> None:
    assert isinstance(SpanReader().read(Said(kind=Kind.TEXT, text="soonish"), HEARING), Missed)
    assert isinstance(TextReader().read(Said(kind=Kind.TEXT, text=" "), HEARING), Missed)
    assert isinstance(TextReader().read(Said(kind=Kind.TEXT, text="x" * (LONGEST + 1)), HEARING), Missed)
    taken = TextReader().read(Said(kind=Kind.TEXT, text=" Two\nlines, 50% off. "), HEARING)
    assert Took(Written("Two\nlines, 50% off.", "en")) == taken
