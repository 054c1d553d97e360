"""Whose a number is: the year of birth of somebody on record shows it, a few guesses a day; else it starts afresh."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain import identity
from domain.context import Context
from domain.telephone import is_number

#: Who was silent for so long on a number may be somebody else.
SILENCE = timedelta(days=90)
YEARS = 3  # guesses
LOCK = timedelta(days=1)


async def handle_proving(command: object, context: Context) -> object:
    """Carry out a command about whose a contact is."""
    match command:
        case identity.WhoIsOnRecord():
            births = await context.store.proofs.births(context.contact)
            can_change = context.origin is None or is_number(context.origin.address)
            return identity.OnRecord(bool(births), await locked(context), can_change_hands=can_change)
        case identity.ProveYear():
            return await _prove(command, context)
        case identity.StartAfresh():
            return await _start_afresh(context)
        case _:
            raise TypeError(f"no handler for {type(command).__name__}")


async def locked(context: Context) -> datetime | None:
    """Return until when nothing more is looked at that is guessed from this contact, where too much was."""
    until = (await context.store.proofs.standing(context.contact)).locked_until
    return until if until is not None and until > context.now else None


async def missed(context: Context, most: int) -> tuple[int, datetime | None]:
    """Count a wrong guess of *most*; return how many are left, and until when there are none."""
    misses = (await context.store.proofs.standing(context.contact)).misses + 1
    until = context.now + LOCK if misses >= most else None
    await context.store.proofs.keep_misses(context.contact, 0 if until else misses, until)
    return most - misses, until


async def missed_year(context: Context) -> identity.WrongYear | identity.Locked:
    """Count a wrong year."""
    left, until = await missed(context, YEARS)
    return identity.Locked(until) if until is not None else identity.WrongYear(left)


async def _prove(
    command: identity.ProveYear, context: Context
) -> identity.Proven | identity.WrongYear | identity.Locked:
    if (until := await locked(context)) is not None:
        return identity.Locked(until)
    births = await context.store.proofs.births(context.contact)
    if command.year not in {birth.year for birth in births}:
        return await missed_year(context)
    await context.store.proofs.prove([context.contact])
    return identity.Proven()


async def _start_afresh(context: Context) -> identity.StartedAfresh:
    """Give the number to the new person; who was on record keeps all but the number, and staff are told.

    That counts for SMS and WhatsApp alike: reminders must not reach the number in either way.
    """
    store, contacts = context.store, [context.contact]
    if context.origin is not None and is_number(context.origin.address):
        found = await store.codes.at_number(context.origin.address, secret=context.origin.secret, make=None)
        contacts += [one.contact for one in found if one.contact != context.contact]
    for contact in contacts:
        claims = await store.appointments.appointments_of(contact, context.now)
        if claims or contact == context.contact:
            note = ", ".join(claim.reference for claim in claims)
            await store.people.open_task("number-changed", contact, f"contact:{contact}", note)
    for contact in contacts:
        await store.joining.leave(contact)
    return identity.StartedAfresh()
