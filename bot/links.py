"""Links that open the chat at a centre, or with a code, and the words that such a link puts into somebody's mouth.

Telegram hands the payload of its links over by itself. On WhatsApp a link can only write a text for the person, who
then sends it; `centre_in` reads that text wherever it comes from, so that it works on SMS too.
"""

from __future__ import annotations

from urllib.parse import quote

from bot.settings import Settings
from dialogs.readers.fold import fold
from domain.centres import CentreId
from domain.patients import Channel

_WORDS = {
    "en": "Book at centre {centre}",
    "fr": "Réserver au centre {centre}",
    "es": "Reservar en el centro {centre}",
}
_SAID = frozenset(fold(words.format(centre="")) for words in _WORDS.values())


def chat_link(settings: Settings, centre: CentreId) -> str | None:
    """Return the address that opens the chat at *centre*; None where no channel that is on has such addresses."""
    off = settings.channels_off()
    if settings.telegram_bot_username and Channel.TELEGRAM not in off:
        return f"https://t.me/{settings.telegram_bot_username}?start={payload_of(centre)}"
    if settings.twilio_whatsapp_from and Channel.WHATSAPP not in off:
        words = _WORDS[settings.default_language].format(centre=centre)
        return f"https://wa.me/{settings.twilio_whatsapp_from.removeprefix('+')}?text={quote(words)}"
    return None


def linking_link(bot: str | None, code: str) -> str | None:
    """Return the address that types *code* on Telegram; None where the bot's name is not known."""
    return f"https://t.me/{bot}?start=link_{code}" if bot else None


def joining_link(bot: str | None, code: str) -> str | None:
    """Return the address that joins by *code* on Telegram; None where the bot's name is not known."""
    return f"https://t.me/{bot}?start=join_{code}" if bot else None


def desk_number(settings: Settings) -> str | None:
    """Return the telephone number that people can write to by SMS, where there is one."""
    return settings.twilio_sms_from if Channel.SMS not in settings.channels_off() else None


def payload_of(centre: CentreId) -> str:
    """Return what a conversation that begins at *centre* is told."""
    return f"centre_{centre}"


def centre_in(text: str) -> CentreId | None:
    """Return the centre of a text that one of our links wrote; None for any other text."""
    words, _, number = fold(text).rpartition(" ")
    is_ours = words in _SAID and number.isascii() and number.isdecimal() and len(number) < 19
    return CentreId(int(number)) if is_ours else None
