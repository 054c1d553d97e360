"""Choices from menus, in the ways people answer them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.readers.choices import Close, pick
from dialogs.readers.fold import fold

CENTRES = ("Riverside Clinic", "Old Town Health Centre", "Harbour View Clinic", "Santé Montréal")
DAYS = ("Tue 24 Nov", "Wed 25 Nov", "3 Dec", "Thu 3 Dec, 9:30")
CONFIRM = ("Yes, book it", "No, show others", "Talk to somebody")
CONFIRMER = ("Oui, je confirme", "Non, un autre jour")
CONFIRMAR = ("Sí, reservar", "No, otro día")
DOSES = ("Second dose", "First dose", "Booster")
SYMPTOMS = ("Chest pain", "No symptoms", "Cough")
WISHES = ("Book an appointment", "My bookings", "Another language", "Talk to a person")
LABELS = st.lists(st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip())), min_size=1, max_size=12)
LANGUAGES = st.sampled_from(("en", "fr", "es", "pt"))

SECOND = {
    "en": "2|2.|2)|(2)|#2|no 2|No. 2|option 2|number two|number 2 please|nr 2|two|two please|２|٢|२|②|2️⃣|second|2nd"
    "|the second one|the second|second option|I'll take the second one|can I have the second one please|old town"
    "|Old Town Health Centre|OLD TOWN|oldtown|health|centre|hlth centre|I want old town please",
    "fr": "2|nº 2|numéro 2|le 2|la 2|le deuxième|deuxième|la seconde|2e|2ème|deux|option 2|je voudrais le deuxième"
    "|le numéro 2 s'il vous plaît|l'option deux",
    "es": "2|nº 2|número 2|el 2|la 2|el segundo|la segunda|2º|2a|dos|opción 2|quiero la segunda|el número 2, por favor"
    "|la segunda opción|no 2",
}

Row = tuple[str, Sequence[str], str, int | Close | None]


def answers(language: str, labels: Sequence[str], index: int, texts: str) -> list[Row]:
    """Return a row for each of *texts*, which all pick the same."""
    return [(language, labels, text, index) for text in texts.split("|")]


ROWS: list[Row] = [
    ("en", CENTRES, "riverside", 0),
    ("en", CENTRES, "river", 0),
    ("en", CENTRES, "river side", 0),
    ("en", CENTRES, "Riversde", 0),
    ("en", CENTRES, "the first", 0),
    ("en", CENTRES, "harbor", 2),
    ("en", CENTRES, "sante montreal", 3),
    ("en", CENTRES, "MONTREAL", 3),
    ("en", CENTRES, "last", 3),
    ("en", CENTRES, "the last one", 3),
    ("en", CENTRES, "clinic", Close((0, 2))),
    ("en", CENTRES, "cliinc", Close((0, 2))),
    ("en", CENTRES, "ri", None),
    ("en", CENTRES, "5", None),
    ("en", CENTRES, "0", None),
    ("en", CENTRES, "99", None),
    ("en", CENTRES, "1234", None),
    ("en", CENTRES, "2.5", None),
    ("en", CENTRES, "2 or 3", None),
    ("en", CENTRES, "not 2", None),
    ("en", CENTRES, "no two", None),
    ("en", CENTRES, "no option 2", None),
    ("en", CENTRES, "not riverside", None),
    ("en", CENTRES, "harbour riverside", None),
    ("en", CENTRES, "take 2 tablets", None),
    ("en", CENTRES, "both", None),
    ("en", CENTRES, "the other one", None),
    ("en", CENTRES, "yes", None),
    ("en", CENTRES, "no", None),
    ("en", CENTRES, "hello", None),
    ("en", CENTRES, "the", None),
    ("en", CENTRES, "", None),
    ("en", CENTRES, "👍", None),
    ("en", DAYS, "3", 2),
    ("en", DAYS, "24", None),
    ("en", DAYS, "the 24th", 0),
    ("en", DAYS, "the 3rd", Close((2, 3))),
    ("en", DAYS, "the 4th", 3),
    ("en", DAYS, "3 dec", 2),
    ("en", DAYS, "3 december", Close((2, 3))),
    ("en", DAYS, "tuesday", 0),
    ("en", DAYS, "tues", 0),
    ("en", DAYS, "thrusday", 3),
    ("en", DAYS, "wednesday 25", 1),
    ("en", DAYS, "tuesday 25", None),
    ("en", DAYS, "24 nov", 0),
    ("en", DAYS, "nov", Close((0, 1))),
    ("en", DAYS, "9:30", 3),
    ("en", DAYS, "09.30", 3),
    ("fr", DAYS, "9h30", 3),
    ("en", DAYS, "thursday at 9:30", 3),
    ("en", ("Tuesday", "Thursday"), "thuesday", None),
    ("en", ("Tuesday", "Thursday"), "thrsday", 1),
    ("en", ("Thursday 9:00",), "tuesday", None),
    ("es", ("lunes 23 nov", "martes 24 nov"), "martes", 1),
    ("es", ("lunes 23 nov", "martes 24 nov"), "el 24", 1),
    ("es", ("lunes 23 nov", "martes 24 nov"), "el 2", 1),
    *answers("en", CONFIRM, 0, "yes|y|Yeah|yep|ok|okay|sure|yes please|ok thanks|👍|👍🏽|✅|1"),
    *answers("en", CONFIRM, 1, "no|n|nope|no thanks|👎|❌|no 2|others"),
    ("en", CONFIRM, "talk", 2),
    ("en", CONFIRM, "oui", None),
    *answers("fr", CONFIRMER, 0, "oui|Oui !|ouais|d'accord|ok|bien sûr|👍|je confirme"),
    *answers("fr", CONFIRMER, 1, "non|non merci|nope|👎|le dernier|autre jour"),
    *answers("es", CONFIRMAR, 0, "sí|si|SÍ|vale|claro|ok|sí, por favor|👍|la primera"),
    *answers("es", CONFIRMAR, 1, "no|no gracias|otro día|👎|la última"),
    ("es", CONFIRMAR, "no quiero la 2", None),
    ("en", ("Yes", "Yes, but later", "No"), "yeah", Close((0, 1))),
    ("en", ("Yes", "Yes, but later", "No"), "yes", 0),
    ("en", DOSES, "second", Close((0, 1))),
    ("en", DOSES, "second dose", 0),
    ("en", DOSES, "dose", Close((0, 1))),
    ("en", DOSES, "boster", 2),
    ("en", DOSES, "1", 0),
    ("en", SYMPTOMS, "symptoms", Close((1,))),
    ("en", SYMPTOMS, "no symptoms", 1),
    ("en", SYMPTOMS, "none", None),
    ("en", SYMPTOMS, "pain", 0),
    ("en", ("Right arm", "Left arm"), "right", 0),
    ("en", ("Anna", "Anna"), "anna", Close((0, 1))),
    ("en", ("Anna", "Anna"), "1", 0),
    ("en", ("2", "1", "0"), "2", Close((0, 1))),
    ("en", ("2", "1", "0"), "0", 2),
    ("en", ("👍", "👎"), "👎", 1),
    ("en", WISHES, "another time", None),
    ("en", WISHES, "change my time", None),
    ("en", WISHES, "another lang", 2),
    ("en", WISHES, "langauge", 2),
    ("en", WISHES, "book slot", 0),
    ("en", WISHES, "bookings please", 1),
    ("fr", ("Mar 3 mars, 09:00", "Voir plus"), "au revoir", None),
    ("fr", ("Pour les enfants", "Un autre endroit"), "Lens", None),
    ("en", ("Show all centres",), "Hall", None),
    ("en", (), "1", None),
    ("en", (), "last", None),
]


@pytest.mark.parametrize(("language", "text"), [(code, text) for code in SECOND for text in SECOND[code].split("|")])
def test_the_second_choice_is_told_in_many_ways(language: str, text: str) -> None:
    assert 1 == pick(text, CENTRES, language=language)


@pytest.mark.parametrize(("language", "labels", "text", "expected"), ROWS)
def test_an_answer_picks_this(language: str, labels: Sequence[str], text: str, expected: int | Close | None) -> None:
    assert expected == pick(text, labels, language=language)


@given(labels=LABELS, language=LANGUAGES, data=st.data())
def test_an_exact_label_picks_itself(labels: list[str], language: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(labels) - 1))
    chosen = pick(labels[index], labels, language=language)
    same = tuple(n for n, label in enumerate(labels) if label.strip() == labels[index].strip())
    if fold(labels[index]).isdecimal():
        assert chosen == index or (isinstance(chosen, Close) and index in chosen.indexes)
    else:
        assert chosen == (index if len(same) == 1 else Close(same))


@given(labels=LABELS, language=LANGUAGES)
def test_every_number_picks_its_place(labels: list[str], language: str) -> None:
    labels = [f"{label} clinic" for label in labels]
    for number in range(1, len(labels) + 1):
        assert number - 1 == pick(str(number), labels, language=language)
        assert number - 1 == pick(f" #{number}. ", labels, language=language)
    assert pick(str(len(labels) + 1), labels, language=language) is None


@given(text=st.text(max_size=300), labels=LABELS, language=LANGUAGES)
def test_no_text_raises_or_picks_what_is_not_there(text: str, labels: list[str], language: str) -> None:
    match pick(text, labels, language=language):
        case Close(indexes):
            assert indexes == tuple(sorted(set(indexes)))
            assert set(indexes) <= set(range(len(labels)))
        case int(index):
            assert 0 <= index < len(labels)
        case None:
            pass
