"""Copies by e-mail: offered where there is a mail server, confirmed by a code, and ended by a word."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.intents import Intent, intent_of
from dialogs.outcomes import CLAIM, ME
from dialogs.prompt import Message, Prompt
from domain import mail_commands as commands
from domain.commands import Caller, Mine, Past
from tests.dialogs.world import FakeWorld, Person, text_of

ADDRESS = "ana@example.org"


class Writer:
    """Somebody who writes to the desk."""

    def __init__(self, world: FakeWorld) -> None:
        self.person = Person(world)

    async def says(self, *texts: str) -> list[Message]:
        """Write one message after another, and return the answers to the last."""
        return [await self.person.says(text) for text in texts][-1]

    @property
    def done(self) -> list[Any]:
        return [one for one in self.person.world.done if isinstance(one, commands.EmailCommand)]


def somebody(known: str | None = None, *, has: bool = True, **results: Any) -> Writer:
    own = {"WhoIsThis": Caller(consented=True, me=ME), "FindEmail": commands.EmailFound(known)}
    return Writer(FakeWorld(results={**own, **results}, mails=has))


async def test_an_address_counts_only_once_its_code_was_typed() -> None:
    ana = somebody()
    asked = text_of(await ana.says("email"))
    assert "calendar file" in asked
    assert "less private" in asked
    assert f"six digits to {ADDRESS}" in text_of(await ana.says(f"it is {ADDRESS}, thanks"))
    assert [commands.FindEmail(), commands.SendCode(ADDRESS)] == ana.done
    assert f"go to {ADDRESS}" in text_of(await ana.says("code: 482 913"))
    assert commands.ConfirmEmail(ADDRESS, "482913") == ana.done[-1]


async def test_what_is_no_address_is_asked_again() -> None:
    ana = somebody()
    await ana.says("email")
    for text in ("ana@example", "ana at example.org", "ana@@example.org", "a@b.org or c@d.org", "x" * 250 + "@b.org"):
        assert "name@example.org" in text_of(await ana.says(text)), text
        assert [commands.FindEmail()] == ana.done
        ana.person.state.misreads = 0


async def test_a_wrong_code_can_be_typed_again_and_each_try_counts() -> None:
    ana = somebody(ConfirmEmail=commands.WrongCode())
    await ana.says("email", ADDRESS)
    for _ in range(2):
        assert "not the code" in text_of(await ana.says("111111"))
    assert 2 == ana.done.count(commands.ConfirmEmail(ADDRESS, "111111"))


async def test_a_code_that_is_not_good_any_more_is_followed_by_another() -> None:
    ana = somebody(ConfirmEmail=commands.CodeGone())
    assert "not good any more" in text_of(await ana.says("email", ADDRESS, "111111"))
    assert 2 == ana.done.count(commands.SendCode(ADDRESS))


async def test_a_new_code_or_another_address_can_be_had() -> None:
    ana = somebody()
    await ana.says("email", ADDRESS, "send a new code", "another address", "ben@example.org")
    sent = [one.address for one in ana.done if isinstance(one, commands.SendCode)]
    assert [ADDRESS, ADDRESS, "ben@example.org"] == sent


async def test_no_more_codes_are_sent_than_may_be() -> None:
    ana = somebody(SendCode=commands.TooManyCodes())
    assert "tomorrow" in text_of(await ana.says("email", ADDRESS))


@pytest.mark.parametrize("words", [("no e-mail",), ("email", "no e-mail"), ("email", ADDRESS, "no e-mail")])
async def test_one_can_do_without_at_any_point(words: tuple[str, ...]) -> None:
    ana = somebody()
    assert "send nothing there" in text_of(await ana.says(*words))
    assert commands.ForgetEmail() == ana.done[-1]


async def test_a_known_address_can_be_kept_changed_and_taken_back() -> None:
    assert "stays as it is" in text_of(await somebody(ADDRESS).says("email", "leave it as it is"))
    assert "six digits to b@b.org" in text_of(await somebody(ADDRESS).says("email", "another address", "b@b.org"))
    assert "forgotten" in text_of(await somebody(ADDRESS).says("email", "no e-mail"))


async def test_without_a_mail_server_nothing_is_offered_but_an_address_can_still_be_taken_back() -> None:
    ana = somebody(ADDRESS, has=False, MyAppointments=Mine((CLAIM,)), PastAppointments=Past(()))
    assert "cannot send e-mails" in text_of(await ana.says("email"))
    assert "forgotten" in text_of(await ana.says("no e-mail"))
    assert "Copies by e-mail" not in labels(await ana.says("my bookings"))


async def test_they_are_offered_among_ones_bookings() -> None:
    ana = somebody(MyAppointments=Mine((CLAIM,)), PastAppointments=Past(()))
    assert "Copies by e-mail" in labels(await ana.says("my bookings"))
    assert "To which address" in text_of(await ana.says("copies by e-mail"))


def labels(messages: list[Message]) -> list[str]:
    return [choice.label for message in messages if isinstance(message, Prompt) for choice in message.choices]


async def test_a_booking_under_way_goes_on_afterwards() -> None:
    ana = somebody()
    asked = text_of(await ana.says("book", "for me"))
    said = text_of(await ana.says("send me a copy by e-mail", ADDRESS, "482913"))
    assert "Back to where we were" in said
    assert asked.splitlines()[-1].split(" (")[0] in said


WORDS = {
    Intent.EMAIL: ("email", "E-mail please", "send me a copy by e-mail", "Envoyez-moi une copie par e-mail", "correo",
                   "quiero una copia por correo electrónico", "mon adresse e-mail"),
    Intent.NO_EMAIL: ("no e-mail", "no more emails", "don't send me emails", "pas d'e-mail", "plus de mails",
                      "ne m'envoyez plus d'e-mails", "sin correo", "no quiero correos"),
    None: ("ana@example.org", "send it to ana@example.org by e-mail", "Emilia Mailer", "send me a pin"),
}  # fmt: skip


@pytest.mark.parametrize(("intent", "words"), [(intent, one) for intent, several in WORDS.items() for one in several])
def test_words_about_it_are_understood_in_any_language(intent: Intent | None, words: str) -> None:
    assert intent == intent_of(words)
