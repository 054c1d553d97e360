"""Words about whose a chat is, how codes, numbers and years are read, and what is put aside until it is clear."""

from __future__ import annotations

import pytest

from dialogs.intents import Intent, code_in, intent_of
from dialogs.joining import joined
from dialogs.ledger import Entry, Ledger
from dialogs.outcomes import ME
from dialogs.proof_readers import CodeReader, OwnNumberReader, YearReader
from dialogs.questions import Hearing, Missed, Took
from dialogs.said import Kind, Said
from dialogs.script import dump_result
from dialogs.scripts import SCRIPTS
from dialogs.state import Frame, State
from domain.commands import Caller, ConsentKept, PatientKept
from domain.identity import OnRecord, WrongYear
from domain.patients import PatientId
from tests.dialogs.world import MORNING, FakeWorld, Person, text_of

HEARING = Hearing(language="en", now=MORNING, today=MORNING.date())


@pytest.mark.parametrize(
    "words",
    [
        "link", "Link my phone", "connect my telegram", "I also use Telegram", "i also use whatsapp",
        "link my WhatsApp", "link another number", "please link my chats", "lier", "lier mon téléphone",
        "j'utilise aussi telegram",
        "relier mon numéro", "connecter mon Telegram",
        "vincular", "vincular mi teléfono", "también uso WhatsApp",
        "conectar mi telegram",
    ],
)  # fmt: skip
def test_who_wants_to_link_is_understood(words: str) -> None:
    assert Intent.LINK == intent_of(words)


@pytest.mark.parametrize(
    "words",
    [
        "wrong number", "This is not me", "that's not me", "I have a new number", "mauvais numéro", "Ce n'est pas moi",
        "j'ai un nouveau numéro", "número equivocado", "no soy yo", "tengo un número nuevo",
    ],
)  # fmt: skip
def test_who_says_that_it_is_somebody_elses_number_is_understood(words: str) -> None:
    assert Intent.NOT_ME == intent_of(words)


@pytest.mark.parametrize(
    "words", ["Linkous", "link road clinic", "not me", "somebody else", "for somebody else", "Connect"]
)
def test_other_words_are_neither(words: str) -> None:
    expected = (Intent.LINK,) if words == "Connect" else (None,)
    assert intent_of(words) in expected


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("link 123456", "123456"),
        ("Link 123 456", "123456"),
        ("lier 000001", "000001"),
        ("vincular 123456", "123456"),
        ("link 12345", None),
        ("123456", None),
        ("link 1234567", None),
    ],
)
def test_a_code_is_found_behind_the_word(words: str, code: str | None) -> None:
    assert code == code_in(words)


@pytest.mark.parametrize(("words", "code"), [("123456", "123456"), ("123 456", "123456"), ("it is 123-456", "123456")])
def test_a_code_is_read_however_it_is_spaced(words: str, code: str) -> None:
    assert Took(code) == CodeReader().read(Said(text=words), HEARING)


@pytest.mark.parametrize("words", ["12345", "1234567", "", "abc"])
def test_what_has_not_six_digits_is_no_code(words: str) -> None:
    assert isinstance(CodeReader().read(Said(text=words), HEARING), Missed)


@pytest.mark.parametrize(
    "words", ["+33 1 99 00 11 22", "0199001122", "(555) 010-0002", "00 33 1 99 00 11 22", "555.010.0002"]
)
def test_a_number_is_taken_as_it_is_written(words: str) -> None:
    assert Took(words) == OwnNumberReader().read(Said(text=words), HEARING)


def test_a_number_is_taken_as_it_is_shared_if_it_is_ones_own() -> None:
    assert Took("+33199001122") == OwnNumberReader().read(Said(kind=Kind.CONTACT, text="33199001122"), HEARING)
    assert isinstance(OwnNumberReader().read(Said(kind=Kind.CONTACT), HEARING), Missed)
    assert isinstance(OwnNumberReader().read(Said(text="my number"), HEARING), Missed)


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("1950", "1950"),
        ("I was born in 1950", "1950"),
        ("3 April 1950", "1950"),
        ("03.04.1950", "1950"),
        ("3.4.50", "1950"),
        ("in 2026", "2026"),
    ],
)
def test_a_year_is_read_alone_in_a_sentence_or_in_a_date(words: str, year: str) -> None:
    assert Took(year) == YearReader().read(Said(text=words), HEARING)


@pytest.mark.parametrize("words", ["50", "1850", "2050", "1950 or 1951", "x"])
def test_what_may_be_several_years_or_none_is_not_read(words: str) -> None:
    assert isinstance(YearReader().read(Said(text=words), HEARING), Missed)


# ---- nothing is said before it is clear


RETURNING = Caller(consented=True, me=ME)
WISHES = [
    "menu",
    "book",
    "my bookings",
    "cancel my booking",
    "move my booking",
    "more",
    "cancel",
    "link",
    "link 123456",
]


@pytest.mark.parametrize("wish", WISHES)
async def test_whatever_is_wished_for_waits_until_it_is_clear_whose_the_number_is(wish: str) -> None:
    person = Person(FakeWorld(results={"WhoIsThis": RETURNING, "ProveYear": WrongYear(2)}))
    await person.says("wrong number")
    for words in (wish, "back", "hello", "1950"):
        said = text_of(await person.says(words))
        assert "Ana" not in said
        assert "year" == person.asked
    assert person.state.withheld is not None
    assert person.state.withheld.said == (Said(text=wish) if wish != "more" else None)


async def test_a_link_to_a_centre_waits_too() -> None:
    person = Person(FakeWorld(results={"WhoIsThis": RETURNING}))
    await person.says("wrong number")
    await person.does(Kind.BEGIN, text="centre_1")
    assert "year" == person.asked
    assert person.state.withheld is not None
    assert Said(kind=Kind.BEGIN, text="centre_1") == person.state.withheld.said


async def test_help_language_and_a_person_are_there_all_the_same() -> None:
    person = Person(FakeWorld(results={"WhoIsThis": RETURNING}))
    await person.says("wrong number")
    assert "At any point" in text_of(await person.says("help"))
    assert "asked a colleague" in text_of(await person.says("talk to a person"))
    await person.says("language")
    await person.says("2")
    assert ("fr", "year") == (person.state.language, person.asked)


async def test_where_nobody_is_on_record_all_goes_on() -> None:
    person = Person(FakeWorld(results={"WhoIsOnRecord": OnRecord(False)}))
    for words in ("hello", "1"):
        await person.says(words)
    assert "Nobody is on record" in text_of(await person.says("wrong number"))
    assert "programme" == person.asked


async def test_what_is_withheld_is_kept_in_the_database() -> None:
    person = Person(FakeWorld(results={"WhoIsThis": RETURNING}))
    for words in ("book", "wrong number", "my bookings"):
        await person.says(words)
    stored = person.state.to_json()
    assert stored == State.from_json(stored, frozenset(SCRIPTS)).to_json()
    await person.says("1950")
    assert "whom" == person.asked


# ---- two conversations made one


def _at(script: str, ledger: dict[str, Entry] | None = None, *, menus: int = 0) -> State:
    return State(frames=[Frame(script, {}, Ledger(dict(ledger or {})))], menus=menus)


def test_what_is_under_way_in_the_kept_conversation_goes_on() -> None:
    both = joined(_at("book", menus=3), _at("manage", menus=7))
    assert (["book"], 7) == ([frame.script for frame in both.frames], both.menus)


def test_what_is_under_way_in_the_other_goes_on_where_the_kept_one_rests() -> None:
    """What was said is kept, and what came of it for somebody on record is looked at anew."""
    known = {
        "caller": Entry(origin="result", value=dump_result(Caller(consented=False))),
        "consent": Entry(origin="answer", value="me"),
        "keep-consent": Entry(origin="result", value=dump_result(ConsentKept())),
        "patient": Entry(origin="result", value=dump_result(PatientKept(PatientId(1)))),
    }
    both = joined(_at("home"), _at("book", known))
    assert ["caller", "consent", "keep-consent"] == list(both.frames[0].ledger.entries)
    known["caller"] = Entry(origin="result", value=dump_result(RETURNING))
    both = joined(State(language="fr"), _at("book", known))
    assert ("fr", ["consent", "keep-consent"]) == (both.language, list(both.frames[0].ledger.entries))


def test_what_was_withheld_is_not_lost() -> None:
    kept = _at("book")
    kept.withhold()
    assert ["book"] == [frame.script for frame in joined(kept, State()).frames]
