"""Every reader in every language bears words that are a letter off, and texts that are no words at all."""

import random
import string
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.questions import Hearing
from dialogs.readers import choices
from dialogs.readers.lexicon import VOCABULARIES, calendar_word, lexicon, tokens_of
from dialogs.readers.tokens import UNREADABLE
from dialogs.readers.vocabulary import Vocabulary
from dialogs.readers.when import read_when, warm_up
from dialogs.said import Said
from dialogs.scripts.answers import BirthReader, CentreReader, NameReader, WhereReader
from tests.dialogs.readers.expected import NOW

LABELS = ("Tue 24 Nov, 9:30", "Riverside Clinic", "Yes, for me", "No", "Another place")
READERS = (NameReader(), BirthReader(), WhereReader(), CentreReader())
EACH = 400  # words a language


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    warm_up()


def read_by_all(text: str, language: str) -> None:
    """Read *text* in every way that there is."""
    choices.pick(text, LABELS, language=language)
    read_when(text, language=language, now=NOW)
    calendar_word(text, language, misspelled=True)
    hearing = Hearing(language=language, now=NOW, today=NOW.date())
    for reader in READERS:
        reader.read(Said(text=text), hearing)


def words_of(known: Vocabulary) -> set[str]:
    """Return each word of a vocabulary, and each of its phrases."""
    spelled = [text for by_number in known.phrases.values() for text in by_number.values()]
    others = (known.fillers, known.yes, known.no, known.ordinals, known.last, known.counting, known.negating)
    phrases = {
        phrase for text in (*spelled, *others, known.small, known.polite, known.born) for phrase in text.split("|")
    }
    return phrases | {word for phrase in phrases for word in phrase.split()}


def one_letter_off(word: str, chance: random.Random) -> Iterable[str]:
    """Return *word* with a letter dropped, doubled, changed, added, or two of them swapped."""
    place = chance.randrange(len(word))
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    other = chance.choice(string.ascii_lowercase)
    return (
        head + tail,
        head + letter * 2 + tail,
        head + other + tail,
        word + other,
        head + tail[:1] + letter + tail[1:],
    )


@pytest.mark.parametrize("language", VOCABULARIES)
def test_no_reader_fails_on_a_word_that_is_a_letter_off(language: str) -> None:
    chance = random.Random(language)
    words = sorted(words_of(VOCABULARIES[language]))
    for word in chance.sample(words, min(EACH, len(words))):
        for text in (word, *one_letter_off(word, chance)):
            read_by_all(text, language)
            tokens_of(f"{text} {word}", language)


@given(text=st.text(max_size=120), language=st.sampled_from(tuple(VOCABULARIES)))
def test_no_reader_fails_on_any_text(text: str, language: str) -> None:
    read_by_all(text, language)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "words"),
        ("en", "thank"),
        ("en", "pleese"),
        ("fr", "réservez"),
        ("fr", "disponibles"),
        ("es", "grasias"),
        ("es", "buena"),
        ("es", "fechas"),
    ],
)
def test_a_word_like_one_that_says_nothing_is_unknown_and_no_day(language: str, word: str) -> None:
    assert UNREADABLE in tokens_of(word, language)
    assert calendar_word(word, language, misspelled=True) is None


@pytest.mark.parametrize("language", VOCABULARIES)
def test_only_words_about_time_may_be_misspelled(language: str) -> None:
    known = lexicon(language)
    assert set("wWmrq") >= {token.kind for name in known.names for token in known.phrases[name]}
    assert all(known.phrases[name] for name in known.names)
