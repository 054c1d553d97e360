"""The alphabet of text messages: what is folded into it, what cannot be, and what a text is charged as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import gsm
from webhooks.simulator.segments import GSM, GSM_DOUBLE, Encoding, size

FOLDED = {
    "Ana Silva": "Ana Silva",
    "à é è ì ò ù ä ö ü ñ å æ ø ß": "à é è ì ò ù ä ö ü ñ å æ ø ß",
    "Ç É Ä Ö Ü Ñ Å Æ Ø": "Ç É Ä Ö Ü Ñ Å Æ Ø",
    "Où êtes-vous né ?": "Où etes-vous né ?",
    "garçon, Noël, île, août": "garcon, Noel, ile, aout",
    "À bientôt, Ève": "A bientot, Eve",
    "¿Cómo está? ¡Mañana!": "¿Como esta? ¡Mañana!",
    "Málaga, Ávila, Ú": "Malaga, Avila, U",
    "l’œuvre d’Œdipe": "l'oeuvre d'OEdipe",
    "“un” « deux » „drei”": '"un" " deux " "drei"',
    "9–12 — 13": "9-12 - 13",
    "wait…": "wait...",
    "10\u202f%\u00a0off\u2009": "10 % off ",
    "1.º, 2.ª": "1.o, 2.a",
    "a\tb": "a b",
    "12 € [a] {b} ~ ^ \\ |": "12 € [a] {b} ~ ^ \\ |",
    "• one · two": "- one - two",
}
#: What the alphabet has no place for is sent as it is, so that nothing is lost.
KEPT = ["Привет", "日本", "مرحبا", "👍 merci", "Ана’s"]


@pytest.mark.parametrize("text", FOLDED)
def test_look_alikes_are_folded_into_the_alphabet(text: str) -> None:
    assert FOLDED[text] == gsm.plain(text)
    assert Encoding.GSM_7 == size(gsm.plain(text)).encoding


@pytest.mark.parametrize("text", KEPT)
def test_what_has_no_look_alike_is_kept(text: str) -> None:
    assert text == gsm.plain(text)
    assert not gsm.is_gsm(text)


def test_the_alphabet_is_the_carriers() -> None:
    assert (GSM, GSM_DOUBLE) == (gsm.BASIC, gsm.EXTENDED)


@given(st.text())
def test_what_was_folded_is_folded(text: str) -> None:
    assert gsm.plain(text) == gsm.plain(gsm.plain(text))


SEGMENTS = {
    "a" * 160: 1,
    "a" * 161: 2,
    "a" * 306: 2,
    "a" * 307: 3,
    "€" * 80: 1,
    "€" * 81: 2,
    "я" * 70: 1,
    "я" * 71: 2,
    "я" * 134: 2,
    "я" * 135: 3,
    "👍" * 35: 1,
    "👍" * 36: 2,
    "": 1,
    "a" * 152 + "€" + "a" * 152: 3,
    "я" * 66 + "👍" + "я" * 66: 3,
}


@pytest.mark.parametrize("text", SEGMENTS, ids=lambda text: f"{len(text)} times {text[:1]}")
def test_a_text_is_charged_by_the_segment(text: str) -> None:
    assert SEGMENTS[text] == gsm.segments(text) == size(text).segments


@given(st.text(alphabet=[*sorted(gsm.BASIC | gsm.EXTENDED), "я", "👍"], max_size=500))
def test_segments_are_counted_as_the_carrier_counts_them(text: str) -> None:
    assert size(text).segments == gsm.segments(text)
