"""People nobody knows, made up at random: Telegram accounts, and numbers that cannot exist."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import aiohttp

from domain.patients import Channel
from webhooks.simulator.phones import TelegramPhone, TwilioPhone
from webhooks.try_page.doubles import SMS_FROM, WHATSAPP_FROM, Doubles

Phone = TelegramPhone | TwilioPhone
#: By channel, and under `STAFF` that of somebody who works at the clinic.
Phones = dict[str, Phone]
STAFF = "staff"

#: Beginnings that no real number has: 555 is nobody's area code, and no number in France or Spain begins with 0.
_PREFIXES = {"en": "+1555", "fr": "+33000", "es": "+34000"}
_DIGITS = {"en": 7, "fr": 6, "es": 6}
_NAMES = {"en": "Sam", "fr": "Camille", "es": "Alex"}
_COLLEAGUES = {"en": "Robin", "fr": "Dominique", "es": "Cruz"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchboard:
    """Where new phones are connected: the doubles, and the desk at *address*, known outside as *public_url*."""

    doubles: Doubles
    session: aiohttp.ClientSession
    address: str
    public_url: str

    def phones(self, language: str) -> Phones:
        """Return a phone on each channel, of people who speak *language*; Telegram and WhatsApp have one number.

        The one who works at the clinic has Telegram.
        """
        smart, plain = _number(language), _number(language)
        return {
            Channel.TELEGRAM: self._telegram(language, _NAMES[language], smart),
            Channel.WHATSAPP: self._twilio(language, smart, whatsapp=True),
            Channel.SMS: self._twilio(language, plain, whatsapp=False),
            STAFF: self._telegram(language, _COLLEAGUES[language], _number(language)),
        }

    def _telegram(self, language: str, name: str, number: str) -> TelegramPhone:
        return TelegramPhone(
            self.session,
            f"{self.address}/webhooks/telegram",
            self.doubles.secret,
            self.doubles.telegram,
            7_000_000_000 + secrets.randbelow(10**9),
            name,
            language,
            phone_number=number.removeprefix("+"),
        )

    def _twilio(self, language: str, number: str, *, whatsapp: bool) -> TwilioPhone:
        return TwilioPhone(
            self.session,
            f"{self.address}/webhooks/twilio",
            f"{self.public_url}/webhooks/twilio",
            self.doubles.twilio,
            number,
            WHATSAPP_FROM if whatsapp else SMS_FROM,
            whatsapp,
            _NAMES[language],
        )


def _number(language: str) -> str:
    """Return a number; the first digit after the prefix is no 0, where the desk has its own."""
    digits = _DIGITS[language]
    return f"{_PREFIXES[language]}{10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1))}"
