"""The people's side: phones that talk to the product's webhooks over HTTP exactly as the providers do."""

from webhooks.simulator.choices import AnsweredTooLateError, NoSuchButtonError
from webhooks.simulator.telegram_phone import TelegramPhone
from webhooks.simulator.twilio_phone import TwilioPhone, WrongAnswerError

__all__ = [
    "AnsweredTooLateError",
    "NoSuchButtonError",
    "TelegramPhone",
    "TwilioPhone",
    "WrongAnswerError",
]
