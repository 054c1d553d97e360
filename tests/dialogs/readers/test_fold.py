"""Folding: texts that people would call the same become the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.readers.fold import fold, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Riverside   CLINIC ", "riverside clinic"),
        ("L’après-midi, s'il vous plaît !", "l apres midi s il vous plait"),
        ("MIÉRCOLES", "miercoles"),
        ("mie\u0301rcoles", "miercoles"),
        ("Straße", "strasse"),
        ("Sœur Łucja", "soeur lucja"),
        ("O'Brien", "o brien"),
        ("#2)", "2"),
        ("２", "2"),
        ("٢", "2"),
        ("२", "2"),
        ("2️⃣", "2"),
        ("②", "2"),
        ("🔟", "10"),
        ("nº 2", "no 2"),
        ("हिन्दी", "हिन्दी"),
        ("कल सुबह", "कल सुबह"),
        ("شنبه\u200cها", "شنبهها"),
        ("👍", ""),
        ("a_b", "a b"),
        ("", ""),
    ],
)
def test_a_text_is_folded_so(text: str, expected: str) -> None:
    assert expected == fold(text)


def test_plain_text_keeps_the_marks_that_dates_are_written_with() -> None:
    assert "le 3/4 a 9:30-11.15" == plain("Le ３/4 À 9:30-11.15")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(text) == fold(fold(text))


def test_every_character_folds_to_what_stays() -> None:
    text = " ".join(chr(number) for number in range(0x20, 0x30000) if not 0xD800 <= number < 0xE000)
    assert fold(text) == fold(fold(text))


@given(st.text())
def test_a_folded_text_has_words_and_single_spaces_only(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == folded.casefold()
    assert not set(folded) & set(".,;:!?'’#()/-_")
