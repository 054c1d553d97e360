"""Names out of what is written around them, and sentences that are no names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.readers.names import is_surely_name, read_name

NAMES = [
    ("Ana Silva", "Ana Silva"),
    ("ana silva", "Ana Silva"),
    ("My name is Ann Lee", "Ann Lee"),
    ("Hello, my name is Ann Lee.", "Ann Lee"),
    ("I am Ann Lee", "Ann Lee"),
    ("I'm Ann Lee", "Ann Lee"),
    ("im ann lee", "Ann Lee"),
    ("Ann Lee please", "Ann Lee"),
    ("her name is Ann Lee", "Ann Lee"),
    ("my mum Ann Lee", "Ann Lee"),
    ("my mum's name is Ann Lee", "Ann Lee"),
    ("it's for my son, Tom Lee", "Tom Lee"),
    ("Name: Ann Lee", "Ann Lee"),
    ("Je m'appelle Anne Leroy", "Anne Leroy"),
    ("je suis Anne Leroy", "Anne Leroy"),
    ("ma mère Anne Leroy", "Anne Leroy"),
    ("Bonjour, moi c’est Anne Leroy, merci", "Anne Leroy"),
    ("mon nom est Anne L'Heureux", "Anne L'Heureux"),
    ("me llamo Ana Ruiz", "Ana Ruiz"),
    ("Soy Ana Ruiz", "Ana Ruiz"),
    ("mi madre se llama Ana Ruiz", "Ana Ruiz"),
    ("mi nombre es Ana Ruiz", "Ana Ruiz"),
    ("Jose\u0301 Nu\u0301n\u0303ez", "José Núñez"),
    ("अना सिल्वा", "अना सिल्वा"),
    ("கவிதா ராமன்", "கவிதா ராமன்"),
    ("مریم\u200cالسادات", "مریم\u200cالسادات"),
    ("Νίκος Παππάς", "Νίκος Παππάς"),
    ("王小明", "王小明"),
    ("Will May", "Will May"),
    ("Im Yoon Ah", "Im Yoon Ah"),
    ("Do Thi Mai", "Do Thi Mai"),
    ("Le Van An", "Le Van An"),
    ("You Jin Park", "You Jin Park"),
    ("I Wayan Sudirta", "I Wayan Sudirta"),
    ("Grace Book", "Grace Book"),
    ("Merci Cruz", "Merci Cruz"),
    ("Fine O'Brien-Hope", "Fine O'Brien-Hope"),
    ("Mary-Ann St. John (Smith)", "Mary-Ann St. John (Smith)"),
    ("Yes Ali", "Yes Ali"),
    ("Soyinka Ade", "Soyinka Ade"),
    ("Forrest Pourquet", "Forrest Pourquet"),
]
NO_NAMES = [
    "",
    "yes",
    "ok",
    "thanks",
    "no",
    "oui",
    "non merci",
    "sí",
    "not now",
    "ahora no",
    "pas maintenant",
    "I don't understand",
    "I dont know",
    "what?",
    "who are you",
    "no do not book",
    "parlez français svp",
    "parlez-vous français ?",
    "je ne comprends pas",
    "j'ai mal",
    "est-ce que c'est gratuit",
    "no entiendo",
    "no quiero",
    "quiero una cita",
    "¿qué es",
    "I want to book an appointment",
    "can you call me",
    "how are you",
    "My name is",
    "my mum",
    "ma mère",
    "mi madre",
    "for my son",
    "je m'appelle",
    "soy",
    "me",
    "moi",
    "yo",
    "Ann2",
    "R2 D2",
    "A",
    ".",
    "--",
    "I already told you",
    "why do you ask",
    "it is for my mother please",
    "Ann Lee?",
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_is_read_out_of_what_leads_to_it(text: str, name: str) -> None:
    assert name == read_name(text)


@pytest.mark.parametrize("text", NO_NAMES)
def test_a_sentence_or_an_answer_is_no_name(text: str) -> None:
    assert read_name(text) is None


@given(text=st.text(max_size=250))
def test_no_text_raises_and_a_name_read_twice_stays(text: str) -> None:
    name = read_name(text)
    if name is not None:
        assert name == " ".join(name.split())
        is_surely_name(name)
