"""E-mails that follow from a turn: copies of what it booked, moved and cancelled, and codes to addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.messages import Mail, Outgoing, dump_outgoing
from dialogs import letters
from dialogs.prompt import Visit
from dialogs.scripts.told import visit_of
from dialogs.text import Writable, render
from domain.appointments import AppointmentId
from domain.mail import CODE_LASTS, CodeLetter, Letter
from domain.store.outbox import Queued

_MINUTES = CODE_LASTS // timedelta(minutes=1)


def written(
    messages: Iterable[Outgoing], more: Iterable[Letter], *, to: str | None, language: str, clinic: Writable
) -> list[Queued]:
    """Return what is to be e-mailed beside *messages*: copies of the visits in them, and *more* letters."""
    visits = [message for message in messages if isinstance(message, Visit)] if to else []
    copies = [_copy(visit, to or "", language) for visit in visits]
    return [*copies, *_letters(more, language, clinic)]


def _letters(more: Iterable[Letter], language: str, clinic: Writable) -> Iterator[Queued]:
    for letter in more:
        if isinstance(letter, CodeLetter):
            subject, text = letters.code(letter.code, clinic, _MINUTES)
            mail = Mail(to=letter.address, subject=render(subject, language), text=render(text, language))
            yield Queued(payload=dump_outgoing(mail), until=letter.until)
        else:
            yield _copy(visit_of(letter.claim), letter.address, language)


def _copy(visit: Visit, to: str, language: str) -> Queued:
    subject, text = letters.copy(visit)
    mail = Mail(to=to, subject=render(subject, language), text=render(text, language), visit=visit)
    of = (AppointmentId(visit.appointment), visit.sequence)
    return Queued(payload=dump_outgoing(mail), of=of, until=visit.ends_at)
