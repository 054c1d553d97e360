"""Links that open the chat at a centre: what each channel's link says comes back as that centre."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import centre_in, chat_link
from bot.settings import Settings, read_settings
from domain.centres import CentreId
from domain.words import LANGUAGES

CENTRE = CentreId(42)


def settings(**given: str) -> Settings:
    return read_settings(
        _env_file=None,
        telegram_bot_token="1:x",
        telegram_webhook_secret="x",
        public_url="https://desk.example.org",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="x",
        twilio_whatsapp_from="+15550000002",
        **given,
    )


def test_a_bots_name_may_be_written_with_its_sign() -> None:
    assert "https://t.me/desk_bot?start=centre_42" == chat_link(settings(telegram_bot_username="@desk_bot"), CENTRE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_whatsapp_link_mean_its_centre_in_each_language(language: str) -> None:
    link = chat_link(settings(default_language=language), CENTRE)
    assert link is not None
    assert ("wa.me", "/15550000002") == (urlsplit(link).netloc, urlsplit(link).path)
    [words] = parse_qs(urlsplit(link).query)["text"]
    assert CENTRE == centre_in(words)


#: What somebody wrote, and the centre that is meant.
SAID = {
    "Book at centre 42": 42,
    "book at centre 42.": 42,
    " BOOK AT CENTRE 007 ": 7,
    "reserver au centre 3": 3,
    "Book at centre": None,
    "Book at centre two": None,
    "Book at centre 4 2": None,
    "Book at centre 1234567890123456789": None,
    "book": None,
    "centre 42": None,
    "please book at centre 42": None,
    "42": None,
    "": None,
}


@pytest.mark.parametrize("text", SAID)
def test_only_the_words_of_a_link_mean_a_centre(text: str) -> None:
    assert SAID[text] == centre_in(text)


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    assert centre_in(text) is None or any(character.isdigit() for character in text)
