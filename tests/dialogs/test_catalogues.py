"""French and Spanish: every sentence is there, can be read on an old phone, and tells people to write what is read."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import dialogs
from bot.channels.gsm import is_gsm, plain
from bot.channels.whatsapp import LIST_ITEM, QUICK_TITLE
from bot.subscription import as_subscription
from dialogs import sentences
from dialogs.catalogues import faults
from dialogs.intents import Intent, intent_of
from dialogs.past_days import PastDayReader
from dialogs.questions import Hearing, Took
from dialogs.readers.birth import split_name_and_birth
from dialogs.readers.choices import pick
from dialogs.readers.limits import Limits, read_limits
from dialogs.readers.when import When, read_when
from dialogs.said import Kind, Said
from dialogs.scripts.staff.common import HELP as STAFF_HELP
from dialogs.staff_words import wish_in
from dialogs.text import Text, catalogue_path, render, say
from domain.patients import Channel
from tests.dialogs.readers.expected import NOW, on

LANGUAGES = ("fr", "es")

# The words that people are told to write, and what they are to mean.
WRITTEN = [
    ("fr", "retour", Intent.BACK),
    ("fr", "menu", Intent.MENU),
    ("fr", "langue", Intent.LANGUAGE),
    ("fr", "mes rendez-vous", Intent.BOOKINGS),
    ("fr", "annuler mon rendez-vous", Intent.CANCEL),
    ("fr", "déplacer mon rendez-vous", Intent.MOVE),
    ("fr", "parler à une personne", Intent.PERSON),
    ("fr", "réserver", Intent.BOOK),
    ("fr", "plus", Intent.MORE),
    ("fr", "lier", Intent.LINK),
    ("fr", "pas d'e-mail", Intent.NO_EMAIL),
    ("es", "atrás", Intent.BACK),
    ("es", "menú", Intent.MENU),
    ("es", "idioma", Intent.LANGUAGE),
    ("es", "mis citas", Intent.BOOKINGS),
    ("es", "cancelar mi cita", Intent.CANCEL),
    ("es", "cambiar mi cita", Intent.MOVE),
    ("es", "hablar con una persona", Intent.PERSON),
    ("es", "reservar", Intent.BOOK),
    ("es", "más", Intent.MORE),
    ("es", "vincular", Intent.LINK),
    ("es", "sin correo", Intent.NO_EMAIL),
]
BEFORE_WRITTEN = re.compile(r"(?:écrivez|écrire|escriba|escribir)(?:,? (?:par exemple|por ejemplo))? ?: ([^.]+)\.")

THE_DAY = date(1950, 4, 3)
# Names and dates of birth given as examples: the name that is read.
BIRTHS = [
    ("fr", "Ana Silva, 3 avril 1950", "Ana Silva"),
    ("fr", "3 avril 1950", ""),
    ("fr", "03 04 1950", ""),
    ("es", "Ana Silva, 3 de abril de 1950", "Ana Silva"),
    ("es", "3 de abril de 1950", ""),
    ("es", "03 04 1950", ""),
]
# Days in the past given as examples.
PAST = [
    ("fr", "3 avril 2026"),
    ("fr", "03 04 2026"),
    ("es", "3 de abril de 2026"),
    ("es", "03 04 2026"),
]
# Times given as examples, said on Wednesday 18 November.
TIMES = [
    ("fr", "demain après-midi", on("11-19", from_time="12:00", until_time="18:00")),
    ("fr", "mardi matin", on("11-24", until_time="12:00")),
    ("es", "mañana por la tarde", on("11-19", from_time="12:00", until_time="20:00")),
    ("es", "martes por la mañana", on("11-24", until_time="12:00")),
]
# What a centre must have, given as examples.
LIMITS = [("fr", "ouvert le samedi, sans marche"), ("es", "abierto el sábado, sin escalones")]
EXAMPLE = re.compile(r"[Pp](?:ar exemple|or ejemplo) ?: ([^.]+)\.")
NO_EXAMPLE_OF_TIME = {"Ana Silva", "mes rendez-vous", "mis citas"}


def catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translations(language: str) -> dict[str, str]:
    """Return the sentences of *language* by the English ones; plural forms one below the other."""
    found = {}
    for message in catalogue(language):
        key = message.id if isinstance(message.id, str) else message.id[0]
        found[key] = message.string if isinstance(message.string, str) else "\n".join(message.string or ())
    return {key: text for key, text in found.items() if key}


def all_found(pattern: re.Pattern[str], language: str) -> set[str]:
    return {found for text in translations(language).values() for found in pattern.findall(text)}


def labels() -> set[str]:
    """Return the English labels of what can be picked, but for names and values."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(dialogs.__file__).parent.rglob("*.py")]
    options = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and _is("Option", node)]
    given = [keyword.value for option in options for keyword in option.keywords if keyword.arg == "label"]
    said = [label.args[0] for label in given if isinstance(label, ast.Call) and _is("say", label)]
    return {text.value for text in said if isinstance(text, ast.Constant) and isinstance(text.value, str)} | {
        sentences.MORE.template,
        sentences.PICK.template,
    }


def _is(name: str, call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == name


def test_no_sentence_is_missing_and_none_is_left_over() -> None:
    assert [] == list(faults())


@pytest.mark.parametrize(("language", "plural"), [("fr", "(n > 1)"), ("es", "(n != 1)")])
def test_a_catalogue_says_which_language_it_is(language: str, plural: str) -> None:
    found = catalogue(language)
    header = dict(found.mime_headers)
    assert language == header["Language"]
    assert "text/plain; charset=utf-8" == header["Content-Type"].lower()
    assert (2, plural) == (found.num_plurals, found.plural_expr)
    assert [] == [error for message in found for error in message.check(found)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_holds_a_letter_that_makes_a_text_message_cost_double(language: str) -> None:
    dear = "\u00a0\u202f\u2009‘’“”„«»…–—"
    for text in translations(language).values():
        assert not set(text) & set(dear), text
        assert is_gsm(plain(text)), text


def test_french_has_a_space_before_double_marks() -> None:
    assert [] == [text for text in translations("fr").values() if re.search(r"[^ \d][:;?!]", text)]


def test_spanish_opens_every_question() -> None:
    assert [] == [text for text in translations("es").values() if text.count("¿") != text.count("?")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_begins_and_ends_as_the_english_one(language: str) -> None:
    for english, text in translations(language).items():
        assert {english[-1], text[-1]} & set(".:?!") in (set(), {english[-1]}), text
        assert english[0].isupper() == text.lstrip("¿¡")[0].isupper() or "{" in (english[0], text[0]), text
        assert all(one == " ".join(one.split()) for one in text.splitlines()), "each form of a plural is a line"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_be_picked_fits_where_the_english_words_fit(language: str) -> None:
    known = translations(language)
    for english in labels():
        shown, meant = (text.replace("{number}", "2") for text in (known[english], english))
        assert len(shown) <= (QUICK_TITLE if len(meant) <= QUICK_TITLE else LIST_ITEM), shown


@pytest.mark.parametrize(("language", "yes", "no"), [("fr", "Oui", "Non"), ("es", "Sí", "No")])
def test_a_plain_yes_or_no_picks_the_same_as_in_english(language: str, yes: str, no: str) -> None:
    for english in (label for label in labels() if "{" not in label):
        text = render(Text(english), language)
        for word, said in (("Yes", yes), ("No", no)):
            if english.split(",")[0] == word:
                assert 1 == pick(said, ["...", text], language=language), text


@pytest.mark.parametrize(("language", "word", "intent"), WRITTEN)
def test_a_word_that_people_are_told_to_write_is_understood(language: str, word: str, intent: Intent) -> None:
    assert word in _told(language)
    assert intent == intent_of(word)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_to_write_another_word(language: str) -> None:
    assert {word for known, word, _ in WRITTEN if known == language} == _told(language)


def _told(language: str) -> set[str]:
    written = {word for words in all_found(BEFORE_WRITTEN, language) for word in words.split(", ")}
    return {word for word in written if wish_in(word) is None}  # what staff write is looked at below


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_to_write_and_no_label_is_one_that_the_carrier_acts_on(language: str) -> None:
    for word in (*_told(language), *(translations(language)[label] for label in labels())):
        assert as_subscription(word, Channel.SMS) is None, word


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_stop_and_start_are_written_in_capitals(language: str) -> None:
    shouted = all_found(re.compile(r"\b[A-ZÀ-Ý]{2,}\b"), language)
    assert {"START", "STOP"} == shouted
    start = as_subscription("START", Channel.SMS)
    assert start is not None
    assert Kind.RESUME == start.kind
    stop = as_subscription("STOP", Channel.SMS)
    assert stop is not None
    assert Kind.STOP == stop.kind


@pytest.mark.parametrize(("language", "text", "name"), BIRTHS)
def test_an_example_of_a_birth_date_is_read(language: str, text: str, name: str) -> None:
    assert any(text in sentence for sentence in translations(language).values())
    assert (name, THE_DAY) == split_name_and_birth(text, language=language, today=NOW.date())


@pytest.mark.parametrize(("language", "text"), PAST)
def test_an_example_of_a_day_in_the_past_is_read(language: str, text: str) -> None:
    assert any(text in sentence for sentence in translations(language).values())
    hearing = Hearing(language=language, now=NOW, today=NOW.date())
    assert Took("2026-04-03") == PastDayReader().read(Said(text=text), hearing)


@pytest.mark.parametrize(("language", "text", "expected"), TIMES)
def test_an_example_of_a_time_is_read(language: str, text: str, expected: When) -> None:
    assert text in all_found(EXAMPLE, language)
    assert expected == read_when(text, language=language, now=NOW)


@pytest.mark.parametrize(("language", "text"), LIMITS)
def test_an_example_of_what_a_centre_must_have_is_read(language: str, text: str) -> None:
    assert text in all_found(EXAMPLE, language)
    both = Limits(days=When(weekdays=frozenset({5})), step_free=True)
    assert both == read_limits(text, language=language, now=NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_examples_are_given(language: str) -> None:
    read = {text for known, text, *_ in (*BIRTHS, *PAST, *TIMES, *LIMITS) if known == language}
    others = {text for text in all_found(EXAMPLE, language) if not all(map(wish_in, text.split(", ")))}
    assert others <= read | NO_EXAMPLE_OF_TIME


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_what_members_of_staff_are_told_to_write_is_understood(language: str) -> None:
    words = render(STAFF_HELP, language).partition(":")[2].partition(".")[0].split(",")
    assert 6 <= len(words)
    assert [] == [word for word in words if wish_in(word) is None]


@pytest.mark.parametrize(
    ("language", "went_on", "reference"),
    [
        ("fr", "Nous continuons en français.", "Référence ABC234 :"),
        ("es", "Seguimos en español.", "Referencia ABC234:"),
    ],
)
def test_a_language_names_itself_and_a_reference_follows_its_word(language: str, went_on: str, reference: str) -> None:
    assert went_on == render(sentences.LANGUAGE_CHANGED, language)
    told = render(say("Reference {reference}: {time}", reference="ABC234", time="9:00"), language)
    assert f"{reference} 9:00" == told
    word = reference.partition(" ")[0]
    spoken = [text for text in translations(language).values() if "{reference}" in text]
    assert all(f"{word} {{reference}}" in text for text in spoken)
