"""What people write beside numbers and labels: who, where and when in whole sentences, thanks, wishes, half answers."""

from __future__ import annotations

from datetime import date

import pytest

from dialogs.outcomes import CENTRE, CHILD, ME
from dialogs.prompt import Prompt
from dialogs.state import State
from domain.centres import Centre
from domain.commands import Caller, CentreFound, FindPlace, Mine, NoSuchPlace
from domain.staff.handover_commands import CallPerson, Why
from tests.dialogs.world import FakeWorld, Person, text_of

#: How somebody new comes to each question, in every language.
TO: dict[str, tuple[str, ...]] = {
    "consent": ("menu",),
    "programme": ("menu", "1"),
    "name": ("menu", "1", "1"),
    "birth": ("menu", "1", "1", "Ana Silva"),
    "where": ("menu", "1", "1", "Ana Silva, 31/12/1950", "1"),
    "centre": ("menu", "1", "1", "Ana Silva, 31/12/1950", "1", "Bristol"),
    "slot": ("menu", "1", "1", "Ana Silva, 31/12/1950", "1", "Bristol", "1"),
}
LAST_AT_BATH = Caller(consented=True, me=ME)


async def at(key: str, language: str = "en", world: FakeWorld | None = None) -> Person:
    """Return somebody new who is asked *key* in *language*."""
    person = Person(world or FakeWorld(), State(language=language))
    for reply in TO[key]:
        await person.says(reply)
    assert key == person.asked
    return person


def answer(person: Person, key: str) -> object:
    """Return what is known of *key*."""
    return dict(person.state.frames[-1].ledger.answers())[key].value


def tasks(person: Person) -> list[CallPerson]:
    return [command for command in person.world.done if isinstance(command, CallPerson)]


# ---- places in a menu


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        *(
            ("en", text)
            for text in ("option 2", "number 2", "2 please", "the 2", "the 2nd one", "numero 2", "I take 2")
        ),
        *(("en", text) for text in ("the second", "2nd", "two", "I'd like the second one please")),
        *(("fr", text) for text in ("option 2", "numéro 2", "le 2", "le 2e", "je prends le 2", "le deuxième")),
        *(("es", text) for text in ("opción 2", "número 2", "el 2", "el segundo", "quiero la 2", "tomo la segunda")),
    ],
)
async def test_a_place_in_the_menu_is_no_postcode(language: str, reply: str) -> None:
    person = await at("centre", language)
    await person.says(reply)
    assert "slot" == person.asked
    assert "Centre 2" == dict(person.state.frames[-1].ledger.answers())["centre"].label


@pytest.mark.parametrize("reply", ["BS8 9XX", "bs89xx", "SW1A", "75011", "2500", "1000-001", "1011 AB", "K1A 0B1"])
async def test_a_postcode_at_the_centre_question_is_looked_up(reply: str) -> None:
    person = await at("centre")
    await person.says(reply)
    assert FindPlace(reply) == [command for command in person.world.done if isinstance(command, FindPlace)][-1]


@pytest.mark.parametrize("reply", ["route66", "take 2 tablets", "option 22", "centre2b", "at 10 or 11", "3rd or 4th"])
async def test_what_only_has_a_number_in_it_is_no_postcode(reply: str) -> None:
    person = await at("centre")
    before = answer(person, "where")
    await person.says(reply)
    assert ("centre", before) == (person.asked, answer(person, "where"))


@pytest.mark.parametrize(
    ("language", "reply", "index"),
    [
        *(("en", text, 0) for text in ("the first", "first", "1st", "the first one", "I'll take the first", "one")),
        *(("en", text, 1) for text in ("the second one", "second option", "number two", "option 2")),
        *(("fr", text, 0) for text in ("le premier", "premier", "le 1er", "la première", "je prends le premier")),
        *(("es", text, 0) for text in ("el primero", "primero", "la primera", "quiero el primero", "el 1º")),
        ("en", "third", None),
        ("en", "the 3rd", None),
        ("en", "on the first", None),
        ("en", "at two", None),
        ("en", "may 3", None),
        ("fr", "le 3", None),
        ("es", "el tercero", 2),
        ("es", "el 3", None),
    ],
)
async def test_an_ordinal_picks_a_time_unless_a_shown_day_bears_it(
    language: str, reply: str, index: int | None
) -> None:
    person = await at("slot", language)
    menu = person.state.menu
    assert menu is not None
    assert any("3 " in one.label for one in menu.shown[:5])  # it shows the 2nd, 3rd and 4th of March
    await person.says(reply)
    if index is None:
        assert "slot" == person.asked
    else:
        assert "review" == person.asked
        assert menu.shown[index].label == dict(person.state.frames[-1].ledger.answers())["slot"].label


# ---- where


@pytest.mark.parametrize(
    ("language", "town"),
    [
        ("fr", "Tours"),
        ("fr", "Lens"),
        ("fr", "Alès"),
        ("en", "Hall"),
        ("es", "Toros"),
        ("en", "Bath"),
        ("en", "Lastingham"),
    ],
)
async def test_a_town_is_not_taken_for_an_option_like_it(language: str, town: str) -> None:
    bath = CENTRE.__class__(
        id=CENTRE.id,
        name="Bath Clinic",
        address=CENTRE.address,
        town=CENTRE.town,
        postcode=CENTRE.postcode,
        position=CENTRE.position,
        tz=CENTRE.tz,
    )
    results = {"WhoIsThis": LAST_AT_BATH, "MyAppointments": Mine(()), "FindCentre": lambda _: _found(bath)}
    world = FakeWorld(results=results)
    person = Person(world, State(language=language))
    for reply in ("menu", "2", "1", "1", "1"):
        await person.says(reply)
    assert "where" == person.asked
    await person.says(town)
    assert FindPlace(town) in world.done


def _found(centre: object) -> object:

    assert isinstance(centre, Centre)
    return CentreFound(centre)


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        *(("en", text) for text in ("Show all centres", "show all centres.", "1", "option 1", "the first one", "all")),
        ("en", "anywhere"),
        *(("fr", text) for text in ("tous les centres", "le premier", "le 1", "n'importe où")),
        *(("es", text) for text in ("todos los centros", "el 1", "la primera", "donde sea")),
    ],
)
async def test_all_centres_are_shown_for_the_whole_label_or_its_place(language: str, reply: str) -> None:
    person = await at("where", language)
    await person.says(reply)
    assert "centre" == person.asked
    assert not any(isinstance(command, FindPlace) for command in person.world.done)


@pytest.mark.parametrize(
    ("language", "reply", "town"),
    [
        ("en", "I live in Bristol", "Bristol"),
        ("en", "near Bristol please", "Bristol"),
        ("en", "Close to BS8 9XX.", "BS8 9XX"),
        ("fr", "j'habite à Lyon", "Lyon"),
        ("fr", "J’habite près d’Alès", "Alès"),
        ("fr", "à côté de Tours", "Tours"),
        ("fr", "à Lens", "Lens"),
        ("fr", "Vers", "Vers"),
        ("es", "vivo en Sevilla", "Sevilla"),
        ("es", "cerca de Mérida", "Mérida"),
        ("es", "A Coruña", "A Coruña"),
        ("es", "estoy cerca de La Línea", "La Línea"),
        ("en", "Innerleithen", "Innerleithen"),
    ],
)
async def test_a_town_is_found_in_what_leads_to_it(language: str, reply: str, town: str) -> None:
    person = await at("where", language)
    await person.says(reply)
    assert FindPlace(town) in person.world.done


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "another place"),
        ("en", "somewhere else"),
        ("fr", "un autre endroit"),
        ("fr", "ailleurs"),
        ("es", "otro lugar"),
        ("es", "en otro sitio"),
    ],
)
async def test_another_place_is_no_town(language: str, reply: str) -> None:
    person = await at("where", language)
    person.world.results["FindPlace"] = NoSuchPlace()
    await person.says(reply)
    assert "where" == person.asked
    assert not any(isinstance(command, FindPlace) for command in person.world.done)


# ---- who


@pytest.mark.parametrize(
    ("language", "reply", "whom"),
    [
        *(("en", text, "other") for text in ("for my son", "someone else", "for my wife", "it's for my old mother")),
        *(("fr", text, "other") for text in ("pour ma mère", "quelqu'un d'autre", "pour mon mari", "pas pour moi")),
        *(("es", text, "other") for text in ("para mi hijo", "para otra persona", "es para mi abuela", "alguien más")),
        *(("en", text, "me") for text in ("myself", "for me", "for myself", "me please", "yes for me", "it's for me")),
        *(("fr", text, "me") for text in ("pour moi", "moi", "c'est pour moi", "moi-même")),
        *(("es", text, "me") for text in ("yo", "para mí", "sí, para mí", "para mí mismo")),
    ],
)
async def test_for_whom_it_is_may_be_said_in_words(language: str, reply: str, whom: str) -> None:
    person = await at("consent", language)
    await person.says(reply)
    assert "programme" == person.asked
    assert whom == answer(person, "consent")


@pytest.mark.parametrize(("language", "reply"), [("en", "yes"), ("fr", "oui"), ("es", "sí"), ("en", "ok thanks")])
async def test_a_plain_yes_agrees_but_does_not_say_for_whom_so_that_is_asked(language: str, reply: str) -> None:
    """A parent who answers the first half only would else be booked in the child's place; one more tap is cheap."""
    person = await at("consent", language)
    assert " / " in text_of(await person.says(reply))
    assert "consent" == person.asked


@pytest.mark.parametrize("reply", ["for me and my wife", "no, for my son", "for whom?", "son", "otro día"])
async def test_what_may_mean_both_or_a_refusal_is_asked_about(reply: str) -> None:
    person = await at("consent")
    await person.says(reply)
    assert "consent" == person.asked


@pytest.mark.parametrize(
    ("reply", "whom"), [("my son", None), ("someone else", "other"), ("myself", "me"), ("Tom Silva", "2")]
)
async def test_a_relative_may_be_one_of_the_household_and_is_asked_about(reply: str, whom: str | None) -> None:
    caller = Caller(consented=True, me=ME, household=(CHILD,))
    person = Person(FakeWorld(results={"WhoIsThis": caller}))
    await person.says("book")
    assert "whom" == person.asked
    await person.says(reply)
    assert whom == (None if person.asked == "whom" else answer(person, "whom"))


@pytest.mark.parametrize(
    "reply",
    ["yes", "ok", "not now", "I don't understand", "no do not book", "I want a vaccine", "my mum"],
)
async def test_what_is_no_name_is_not_kept_as_one(reply: str) -> None:
    person = await at("name")
    await person.says(reply)
    assert "name" == person.asked


@pytest.mark.parametrize(
    ("reply", "name"), [("Ann Lee 1.1.50", "Ann Lee"), ("my birthday is 1.1.50", "Ana Silva"), ("1.1.50", "Ana Silva")]
)
async def test_a_name_written_with_the_birth_date_is_taken_too(reply: str, name: str) -> None:
    person = await at("birth")
    await person.says(reply)
    assert "screening-job" == person.asked
    assert (name, "1950-01-01") == (answer(person, "name"), answer(person, "birth"))


@pytest.mark.parametrize(
    ("language", "reply", "birth", "said_back"),
    [
        ("en", "12/31/1945", date(1945, 12, 31), "31 December 1945"),
        ("fr", "12/31/1945", date(1945, 12, 31), "31 décembre 1945"),
        ("en", "3/4/1950", date(1950, 4, 3), "3 April 1950"),
        ("es", "03041950", date(1950, 4, 3), "3 de abril de 1950"),
        ("en", "31/12/1945", date(1945, 12, 31), None),
        ("en", "3 April 1950", date(1950, 4, 3), None),
        ("en", "1950-04-03", date(1950, 4, 3), None),
        ("en", "4/4/1950", date(1950, 4, 4), None),
    ],
)
@pytest.mark.parametrize("key", ["name", "birth"])
async def test_a_date_whose_order_was_guessed_is_said_back(
    key: str, language: str, reply: str, birth: date, said_back: str | None
) -> None:
    person = await at(key, language)
    text = text_of(await person.says(f"Ann Lee {reply}" if key == "name" else reply))
    assert birth.isoformat() == answer(person, "birth")
    assert (said_back or "") in text
    assert said_back is not None or "1945" not in text


@pytest.mark.parametrize(
    ("language", "reply", "hint"),
    [
        ("en", "1950", "I need the day and the month too."),
        ("en", "in 1950", "I need the day and the month too."),
        ("en", "31/02/1950", "There is no 31 February 1950."),
        ("en", "29 Feb 1951", "There is no 29 February 1951."),
        ("fr", "31/02/50", "La date du 31 février 1950 n'existe pas."),
        ("es", "31 de abril de 1928", "La fecha 31 de abril de 1928 no existe."),
        ("en", "3 april 2030", "That is in the future."),
        ("en", "13/13/1950", "I could not read that as a date of birth."),
        ("en", "long ago", "I could not read that as a date of birth."),
    ],
)
async def test_what_is_wrong_with_a_birth_date_is_said(language: str, reply: str, hint: str) -> None:
    person = await at("birth", language)
    assert hint in text_of(await person.says(reply))
    assert "birth" == person.asked


@pytest.mark.parametrize(
    ("language", "reply", "hint"),
    [
        ("en", "Ana Silva, 31 April 1950", "There is no 31 April 1950."),
        ("fr", "Ana Silva, 31/02/50", "La date du 31 février 1950 n'existe pas."),
        ("es", "Ana Silva, 3 de abril de 2030", "futuro"),
    ],
)
async def test_a_name_is_taken_and_what_is_wrong_with_the_date_behind_it_is_said(
    language: str, reply: str, hint: str
) -> None:
    person = await at("name", language)
    assert hint in text_of(await person.says(reply))
    assert ("birth", "Ana Silva") == (person.asked, answer(person, "name"))


# ---- courtesies and wishes


@pytest.mark.parametrize("key", TO)
@pytest.mark.parametrize(
    ("language", "reply", "kindly"),
    [
        ("en", "thank you", "You are welcome."),
        ("en", "Thanks a lot!", "You are welcome."),
        ("fr", "merci beaucoup", "Je vous en prie."),
        ("es", "Muchas gracias", "De nada."),
        ("en", "bye", "Goodbye."),
        ("fr", "au revoir", "Au revoir."),
        ("es", "adiós", "Adiós."),
        ("en", "stop please", "write STOP"),
        ("fr", "arrêtez de m'écrire svp", "STOP"),
        ("es", "deje de escribirme, por favor", "STOP"),
    ],
)
async def test_a_courtesy_is_answered_and_changes_nothing(key: str, language: str, reply: str, kindly: str) -> None:
    person = await at(key, language)
    before = person.state.frames[-1].ledger.to_json()
    for _ in range(4):
        assert kindly in text_of(await person.says(reply))
    assert (key, 0, before) == (person.asked, person.state.misreads, person.state.frames[-1].ledger.to_json())
    assert [] == tasks(person)


async def test_thanks_after_all_is_done_begin_nothing() -> None:
    person = Person(FakeWorld(results={"WhoIsThis": Caller(consented=True, me=ME)}))
    messages = await person.says("thank you")
    assert "You are welcome." == text_of(messages)
    assert not any(isinstance(message, Prompt) for message in messages)


@pytest.mark.parametrize("key", TO)
@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "I want to talk to a human being please"),
        ("en", "can I speak with someone"),
        ("fr", "Non merci je veux parler à quelqu'un"),
        ("es", "quiero hablar con una persona"),
    ],
)
async def test_a_person_is_asked_for_within_a_sentence(key: str, language: str, reply: str) -> None:
    person = await at(key, language)
    await person.says(reply)
    assert [Why.ASKED] == [command.why for command in tasks(person)]
    assert key == person.asked


@pytest.mark.parametrize("reply", ["help me please", "I am lost, please help me", "j'ai besoin d'aide", "ayúdeme"])
async def test_help_is_asked_for_politely(reply: str) -> None:
    person = await at("name")
    assert "At any point you can write" in text_of(await person.says(reply))
    assert "name" == person.asked


@pytest.mark.parametrize(
    ("key", "reply"),
    [
        ("where", "Personne"),
        ("where", "Human"),
        ("name", "Helpme Stopford"),
        ("slot", "I don't want to talk to a person"),
        ("slot", "je ne veux pas parler à quelqu'un"),
        ("slot", "I don't need help"),
        ("slot", "stop the clock"),
    ],
)
async def test_a_word_of_a_wish_is_not_yet_one(key: str, reply: str) -> None:
    person = await at(key)
    before = len(tasks(person))
    text = text_of(await person.says(reply))
    assert "STOP" not in text
    assert "At any point you can write" not in text
    assert reply in ("Personne", "Human") or before == len(tasks(person))


@pytest.mark.parametrize(
    ("language", "reply"),
    [("en", "another time"), ("en", "change my time"), ("fr", "changer l'heure"), ("es", "cambiar la hora")],
)
async def test_one_word_that_many_labels_have_picks_nothing(language: str, reply: str) -> None:
    person = Person(FakeWorld(results={"WhoIsThis": Caller(consented=True, me=ME)}), State(language=language))
    await person.says("menu")
    assert "wish" == person.asked
    await person.says(reply)
    assert "wish" == person.asked


async def test_a_word_that_begins_otherwise_is_no_near_miss() -> None:
    person = await at("slot", "fr")
    assert "Voir plus" not in text_of(await person.says("revoir")).split("Voulez")[0].split("?")[0]
