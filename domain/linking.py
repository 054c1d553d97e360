"""Contacts of one person linked: codes given out, checked, and both conversations made one.

A code is six digits, lasts ten minutes and is used once; what is kept of it is a digest under the database's secret.
Who asks for a code never learns whether a number is known here: the answer is the same whatever becomes of it.
A code alone opens nobody's record: where people are on record with the other contact, the year of birth of one of
them is wanted too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from domain import identity
from domain.context import Context, Letter, LetterKind, Origin
from domain.joining import join
from domain.linked import Addressed, OpenCode
from domain.patients import CHATS, Channel, ContactId
from domain.proving import locked, missed, missed_year
from domain.telephone import is_number, read_number

LASTS = timedelta(minutes=10)
GUESSES = 5
CODES = 3  # a day, for who asks and for who is sent them
A_DAY = timedelta(days=1)
#: WhatsApp takes free words for 24 hours after somebody wrote; some minutes are for the way.
WINDOW = A_DAY - timedelta(minutes=10)
_NUMBERS = (Channel.SMS, Channel.WHATSAPP)


async def handle_linking(command: object, context: Context) -> object:
    """Carry out a command about linking."""
    match command:
        case identity.WaysToLink():
            return _ways(_origin(context))
        case identity.SendCode():
            return await _send_code(command, context)
        case identity.ShowCode():
            return await _show_code(context)
        case identity.CheckCode():
            return await _check_code(command, context)
        case identity.LinkContacts():
            return await _link(command, context)
        case _:
            raise TypeError(f"no handler for {type(command).__name__}")


def _origin(context: Context) -> Origin:
    if context.origin is None:
        raise LookupError("only who writes from somewhere can be linked")
    return context.origin


def _ways(origin: Origin) -> identity.Ways:
    others = [one for one in CHATS if one in origin.on and (one in _NUMBERS or origin.channel in _NUMBERS)]
    same = [one for one in others if one in _NUMBERS and one != origin.channel and is_number(origin.address)]
    first = [one for one in others if one not in _NUMBERS]
    return identity.Ways(others=tuple(others), write_first=tuple(first), same_number=tuple(same))


# ---- codes given out


def digest(secret: bytes, contact: ContactId | None, code: str) -> str:
    """Return what is kept of *code*, which is to be typed at *contact*, or anywhere else."""
    return hmac.new(secret, f"link\0{contact or ''}\0{code}".encode(), hashlib.sha256).hexdigest()


def _new_code() -> str:
    return f"{secrets.randbelow(10**6):06}"


async def _send_code(
    command: identity.SendCode, context: Context
) -> identity.CodeSent | identity.NoNumber | identity.OwnContact | identity.AlreadyOne | identity.TooManyCodes:
    origin = _origin(context)
    number = await _number(command.number, origin, context)
    if number is None:
        return identity.NoNumber()
    if (Channel(command.to), number) == (origin.channel, origin.address):
        return identity.OwnContact()
    if await context.store.codes.asked_by(context.contact, context.now - A_DAY) >= CODES:
        return identity.TooManyCodes()
    target = await _target(Channel(command.to), number, context)
    if target is not None and await _is_one(target.contact, context):
        return identity.AlreadyOne()
    code = _new_code()
    other = target.contact if target is not None else context.contact  # to nobody: it is never told
    await context.store.codes.add(
        context.contact, other, digest=digest(origin.secret, context.contact, code), lasts=LASTS
    )
    if target is not None:
        context.post(_letter(LetterKind.CODE_THERE, target, code, context.now))
    return identity.CodeSent(number)


async def _number(written: str, origin: Origin, context: Context) -> str | None:
    if not written:
        return origin.address if is_number(origin.address) else None
    country = context.country() or next(iter(await context.store.centres.countries()), "")
    return read_number(written, country)


async def _target(to: Channel, number: str, context: Context) -> Addressed | None:
    """Return where a code may be sent; None where it may not, which nobody is told."""
    make = to if to == Channel.SMS else None
    found = await context.store.codes.at_number(number, secret=_origin(context).secret, make=make)
    sent = await context.store.codes.sent_to([one.contact for one in found], context.now - A_DAY)
    target = next((one for one in found if one.channel == to), None)
    if target is None or target.is_stopped or sent >= CODES:
        return None
    if to == Channel.WHATSAPP and (target.heard_at is None or context.now - target.heard_at >= WINDOW):
        return None
    return target


async def _is_one(other: ContactId, context: Context) -> bool:
    codes = context.store.codes
    return (await codes.contact(other)).conversation == (await codes.contact(context.contact)).conversation


def _letter(kind: LetterKind, to: Addressed, code: str, now: datetime) -> Letter:
    return Letter(kind=kind, to=to.contact, channel=to.channel, language=to.language, code=code, until=now + LASTS)


async def _show_code(context: Context) -> identity.CodeShown | identity.TooManyCodes:
    origin, codes = _origin(context), context.store.codes
    if await codes.asked_by(context.contact, context.now - A_DAY) >= CODES:
        return identity.TooManyCodes()
    code = _new_code()
    while await codes.for_anybody(digest(origin.secret, None, code)) is not None:
        code = _new_code()
    await codes.add(context.contact, None, digest=digest(origin.secret, None, code), lasts=LASTS)
    here = Letter(
        kind=LetterKind.CODE_HERE, to=context.contact, channel=origin.channel, code=code, until=context.now + LASTS
    )
    context.post(here)
    return identity.CodeShown()


# ---- codes typed


async def _check_code(
    command: identity.CheckCode, context: Context
) -> (
    identity.CodeRight
    | identity.CodeWrong
    | identity.CodeOver
    | identity.OwnContact
    | identity.AlreadyOne
    | identity.Locked
):
    if (until := await locked(context)) is not None:
        return identity.Locked(until)
    found = await _right(command.code, context)
    if found is None:
        return await _wrong(context)
    if found.contact == found.other or (found.other is None and found.contact == context.contact):
        return identity.OwnContact()
    other = _other_of(found, context)
    if await _is_one(other, context):
        return identity.AlreadyOne()
    needs_year = bool(await context.store.proofs.births(other))
    return identity.CodeRight(needs_year, await _shown_to(found, context))


async def _right(code: str, context: Context) -> OpenCode | None:
    """Return the code that this is: one sent on behalf of this contact, or shown to be typed elsewhere."""
    secret, codes = _origin(context).secret, context.store.codes
    sent = await codes.for_contact(context.contact, GUESSES)
    if sent is not None and hmac.compare_digest(sent.digest, digest(secret, context.contact, code)):
        return sent
    shown = digest(secret, None, code)
    found = await codes.for_anybody(shown)
    return found if found is not None and hmac.compare_digest(found.digest, shown) else None


async def _wrong(context: Context) -> identity.CodeWrong | identity.CodeOver | identity.Locked:
    """Count a wrong code: for the code that was sent, else for the contact."""
    sent = await context.store.codes.for_contact(context.contact, GUESSES)
    if sent is not None:
        await context.store.codes.missed(sent.id)
        return identity.CodeWrong() if sent.misses + 1 < GUESSES else identity.CodeOver()
    _, until = await missed(context, GUESSES)
    return identity.Locked(until) if until is not None else identity.CodeWrong()


def _other_of(code: OpenCode, context: Context) -> ContactId:
    return code.contact if code.contact != context.contact else code.other or context.contact


async def _shown_to(code: OpenCode, context: Context) -> str:
    """Return how the number ends that will see people on record here, where the person has not named it."""
    if code.other is not None or not await context.store.proofs.births(context.contact):
        return ""
    return (await context.store.codes.contact(code.contact)).address[-3:]


async def _link(
    command: identity.LinkContacts, context: Context
) -> identity.Linked | identity.WrongYear | identity.CodeOver | identity.Locked:
    store = context.store
    if (until := await locked(context)) is not None:
        return identity.Locked(until)
    code = await _right(command.code, context)
    if code is None:
        return identity.CodeOver()
    other = _other_of(code, context)
    if await _is_one(other, context):
        await store.codes.use(code.id)
        return identity.Linked()
    births = await store.proofs.births(other)
    if births and command.year not in {birth.year for birth in births}:
        return await missed_year(context)
    await store.codes.use(code.id)
    await join(other, context)
    await store.proofs.prove([context.contact, other])
    there = await store.codes.contact(other)
    if not there.is_stopped:
        context.post(_letter(LetterKind.LINKED, there, "", context.now))
    return identity.Linked()
