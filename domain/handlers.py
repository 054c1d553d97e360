"""Commands carried out: each handler reads and writes through the store's ports, inside the caller's transaction.

A person's own appointments are locked first, then slots in order of id, so that two people who want each other's
places wait instead of deadlocking; lapsed holds of others are freed only where nobody else has them locked.
Stock is locked after slots. A place or a dose is promised only while its row is locked; the database's own
constraints stand behind (I1, I2, I5).
"""

from __future__ import annotations

from typing import Any

from domain import commands, displaced_commands, identity, mail_commands, presence_commands
from domain.booking import book_slots, find_follow_up, hold_slots
from domain.changing import cancel_appointment, handle_visits, move_appointment
from domain.choosing import FindPractitioners, find_practitioners
from domain.context import Context, claim_of
from domain.displaced import handle_displaced
from domain.linking import handle_linking
from domain.mailing import handle_email
from domain.places import places_called
from domain.presence import say_arrived
from domain.proving import handle_proving
from domain.staff.handlers import handle_staff
from domain.video import SayHere, say_here


async def handle(command: commands.Command[Any], context: Context) -> object:
    """Carry out *command* and return one of its results."""
    match command:
        case commands.HoldSlots():
            return await hold_slots(command, context)
        case commands.BookSlots():
            return await book_slots(command, context)
        case commands.MoveAppointment():
            return await move_appointment(command, context)
        case commands.CancelAppointment():
            return await cancel_appointment(command, context)
        case commands.MyAppointments():
            found = await context.store.appointments.appointments_of(context.contact, context.now)
            return commands.Mine(tuple(claim_of(one) for one in found))
        case commands.PastAppointments(page, at_once):
            over = await context.store.appointments.past_of(
                context.contact, context.now, limit=at_once + 1, offset=page * at_once
            )
            return commands.Past(tuple(map(claim_of, over[:at_once])), has_more=len(over) > at_once)
        case commands.FindFollowUp():
            return await find_follow_up(command, context)
        case commands.FindVisit() | commands.AcceptAppointment() | commands.SilenceAppointment():
            return await handle_visits(command, context)
        case identity.WhoIsOnRecord() | identity.ProveYear() | identity.StartAfresh():
            return await handle_proving(command, context)
        case _:
            return await _handle_people(command, context)


async def _handle_people(command: commands.Command[Any], context: Context) -> object:
    store = context.store
    match command:
        case commands.WhoIsThis():
            return await store.people.caller(context.contact)
        case commands.KeepConsent():
            await store.people.keep_consent(context.contact)
            return commands.ConsentKept()
        case commands.KeepPatient():
            return await keep_patient(command, context)
        case commands.FindPlace():
            return _as_result(await places_called(command.text, store.centres, context.country()))
        case commands.FindCentre():
            centre = await store.centres.centre(command.centre)
            return commands.CentreFound(centre) if centre else commands.NoSuchCentre()
        case SayHere():
            return await say_here(command, context)
        case FindPractitioners():
            return await find_practitioners(command, context)
        case commands.OpenTask():
            subject = f"contact:{context.contact}"
            await store.people.open_task(command.kind, context.contact, subject, command.note)
            return commands.TaskOpened()
        case commands.Explain():
            return await store.communications.explained(context.contact)
        case commands.RememberRecommendation():
            due_on = await store.recommendations.remember(context.contact, command.programme, command.due_on)
            return commands.Remembered(due_on)
        case _:
            return await _handle_others(command, context)


async def _handle_others(command: commands.Command[Any], context: Context) -> object:
    match command:
        case mail_commands.FindEmail() | mail_commands.SendCode():
            return await handle_email(command, context)
        case mail_commands.ConfirmEmail() | mail_commands.ForgetEmail():
            return await handle_email(command, context)
        case identity.WaysToLink() | identity.SendCode() | identity.ShowCode():
            return await handle_linking(command, context)
        case identity.CheckCode() | identity.LinkContacts():
            return await handle_linking(command, context)
        case presence_commands.SayArrived():
            return await say_arrived(command, context)
        case displaced_commands.FindAlternatives() | displaced_commands.TakeAlternative():
            return await handle_displaced(command, context)
        case _:
            return await handle_staff(command, context)


def _as_result(
    places: list[commands.Place],
) -> commands.PlaceFound | commands.SeveralPlaces | commands.NoSuchPlace:
    match places:
        case []:
            return commands.NoSuchPlace()
        case [one]:
            return commands.PlaceFound(one)
        case _:
            return commands.SeveralPlaces(tuple(places))


async def keep_patient(command: commands.KeepPatient, context: Context) -> commands.PatientKept:
    """Put the person on record, or bring the record up to date."""
    people = context.store.people
    known = command.patient
    if known is None and command.is_me and (me := (await people.caller(context.contact)).me) is not None:
        known = me.id
    if known is not None:
        await people.change_patient(context.contact, known, name=command.name, birth=command.birth, facts=command.facts)
    else:
        known = await people.add_patient(
            context.contact, is_me=command.is_me, name=command.name, birth=command.birth, facts=command.facts
        )
    return commands.PatientKept(known, command.is_me)
