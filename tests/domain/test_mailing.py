"""An e-mail address is kept once the code that was sent there came back, for all contacts of the person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.commands import Booked
from domain.context import Context
from domain.handlers import handle
from domain.mail import CodeLetter, CopyLetter, Letter, tidy_email
from domain.mail_commands import (
    CodeGone,
    CodeSent,
    ConfirmEmail,
    EmailCommand,
    EmailConfirmed,
    EmailForgotten,
    EmailFound,
    FindEmail,
    ForgetEmail,
    SendCode,
    TooManyCodes,
    WrongCode,
)
from domain.patients import Channel, ContactId
from domain.store import conversations, mails, outbox, tables
from domain.store.outbox import Priority, Queued
from tests.domain.clinic import Clinic

ADDRESS = "ana@example.org"


async def asked(clinic: Clinic, command: EmailCommand, contact: ContactId) -> tuple[object, list[Letter]]:
    """Carry out *command*; return its result, and the letters that follow from it."""
    async with clinic.database.begin() as connection:
        work = clinic.work(connection, contact)
        context = Context(store=work, contact=contact, now=clinic.clock(), key="test")
        return await handle(command, context), work.mails.letters


async def sent_code(clinic: Clinic, contact: ContactId, address: str = ADDRESS) -> str:
    result, letters = await asked(clinic, SendCode(address), contact)
    assert CodeSent() == result
    (letter,) = letters
    assert isinstance(letter, CodeLetter)
    assert address == letter.address
    return letter.code


async def confirmed(clinic: Clinic, contact: ContactId, address: str = ADDRESS) -> None:
    code = await sent_code(clinic, contact, address)
    assert EmailConfirmed() == (await asked(clinic, ConfirmEmail(address, code), contact))[0]


async def found(clinic: Clinic, contact: ContactId) -> str | None:
    result = await clinic.do(FindEmail(), contact)
    assert isinstance(result, EmailFound)
    return result.address


def other_than(code: str) -> str:
    return "111111" if code != "111111" else "222222"


async def test_an_address_is_kept_when_its_code_comes_back_and_not_before(clinic: Clinic) -> None:
    ana, ben = await clinic.people(2)
    code = await sent_code(clinic, ana.contact)
    assert (6, True) == (len(code), code.isdecimal())
    assert await found(clinic, ana.contact) is None
    assert WrongCode() == await clinic.do(ConfirmEmail(ADDRESS, other_than(code)), ana.contact)
    assert CodeGone() == await clinic.do(ConfirmEmail(ADDRESS, code), ben.contact), "it is nobody else's"
    assert CodeGone() == await clinic.do(ConfirmEmail("ben@example.org", code), ana.contact)
    assert EmailConfirmed() == await clinic.do(ConfirmEmail(ADDRESS, code), ana.contact)
    assert (ADDRESS, None) == (await found(clinic, ana.contact), await found(clinic, ben.contact))
    assert CodeGone() == await clinic.do(ConfirmEmail(ADDRESS, code), ana.contact), "a code is good once"


async def test_neither_address_nor_code_can_be_read_in_the_database(clinic: Clinic) -> None:
    ana = await clinic.someone()
    await confirmed(clinic, ana.contact)
    code = await sent_code(clinic, ana.contact)
    async with clinic.database.read() as connection:
        rows = [
            *await connection.exec_driver_sql("SELECT email FROM contact WHERE email IS NOT NULL"),
            *await connection.exec_driver_sql("SELECT digest, address FROM mail_code"),
        ]
    kept = b"".join(bytes(value) for row in rows for value in row if value is not None)
    assert kept
    assert ADDRESS.encode() not in kept
    assert code.encode() not in kept


async def test_five_misses_are_enough(clinic: Clinic) -> None:
    ana = await clinic.someone()
    code = await sent_code(clinic, ana.contact)
    wrong = ConfirmEmail(ADDRESS, other_than(code))
    assert [WrongCode()] * 5 + [CodeGone()] == [await clinic.do(wrong, ana.contact) for _ in range(6)]
    assert CodeGone() == await clinic.do(ConfirmEmail(ADDRESS, code), ana.contact)


async def test_a_code_is_good_for_half_an_hour(clinic: Clinic) -> None:
    ana = await clinic.someone()
    code = await sent_code(clinic, ana.contact)
    clinic.clock.move(timedelta(minutes=30))
    assert CodeGone() == await clinic.do(ConfirmEmail(ADDRESS, code), ana.contact)


async def test_only_the_newest_code_counts(clinic: Clinic) -> None:
    ana = await clinic.someone()
    first, second = await sent_code(clinic, ana.contact), await sent_code(clinic, ana.contact)
    if first != second:
        assert WrongCode() == await clinic.do(ConfirmEmail(ADDRESS, first), ana.contact)
    assert EmailConfirmed() == await clinic.do(ConfirmEmail(ADDRESS, second), ana.contact)


async def test_five_codes_are_sent_in_a_day(clinic: Clinic) -> None:
    ana = await clinic.someone()
    for number in range(5):
        await sent_code(clinic, ana.contact, f"a{number}@example.org")
    assert (TooManyCodes(), []) == await asked(clinic, SendCode(ADDRESS), ana.contact)
    clinic.clock.move(timedelta(days=1))
    await sent_code(clinic, ana.contact)


async def test_all_contacts_of_a_person_share_the_address(clinic: Clinic) -> None:
    ana, ben, eve = await clinic.people(3)
    contact = tables.contact
    async with clinic.database.begin() as connection:
        one = select(contact.c.conversation_id).where(contact.c.id == ana.contact).scalar_subquery()
        await connection.execute(update(contact).where(contact.c.id == ben.contact).values(conversation_id=one))
    await confirmed(clinic, ana.contact)
    assert ADDRESS == await found(clinic, ben.contact)
    await confirmed(clinic, ben.contact, "new@example.org")
    assert "new@example.org" == await found(clinic, ana.contact)
    assert ["new@example.org", "new@example.org", None] == [
        await where_copies_go(clinic, one.contact) for one in (ana, ben, eve)
    ]
    assert EmailForgotten() == await clinic.do(ForgetEmail(), ana.contact)
    assert await found(clinic, ben.contact) is None


async def where_copies_go(clinic: Clinic, contact: ContactId) -> str | None:
    async with clinic.database.begin() as connection:
        return (await conversations.open_by_contact(connection, contact)).email


async def test_copies_go_nowhere_once_somebody_has_stopped_our_messages(clinic: Clinic) -> None:
    ana = await clinic.someone()
    await confirmed(clinic, ana.contact)
    async with clinic.database.begin() as connection:
        await conversations.stop(connection, ana.contact, at=clinic.clock(), reason="person")
    assert await where_copies_go(clinic, ana.contact) is None
    async with clinic.database.begin() as connection:
        await conversations.take_up(connection, ana.contact, at=clinic.clock(), how="START")
    assert ADDRESS == await where_copies_go(clinic, ana.contact)


async def test_what_is_booked_already_is_copied_when_an_address_is_confirmed(clinic: Clinic) -> None:
    ana, ben = await clinic.people(2)
    for someone, in_days in ((ana, 2), (ben, 3)):
        slot = await clinic.slot(in_days)
        assert isinstance(await clinic.do(someone.book(slot), someone.contact), Booked)
    code = await sent_code(clinic, ana.contact)
    _, letters = await asked(clinic, ConfirmEmail(ADDRESS, code), ana.contact)
    assert [(ADDRESS, ana.patient)] == [
        (one.address, one.claim.patient) for one in letters if isinstance(one, CopyLetter)
    ]


async def test_who_wants_none_gets_nothing_that_is_queued_either(clinic: Clinic) -> None:
    ana, ben = await clinic.people(2)
    async with clinic.database.begin() as connection:
        for channel, someone in ((Channel.EMAIL, ana), (Channel.SMS, ana), (Channel.EMAIL, ben)):
            await outbox.queue(
                connection,
                contact_id=someone.contact,
                channel=channel,
                messages=[Queued(payload={})],
                now=clinic.clock(),
                priority=Priority.MAIL,
            )
    await clinic.do(ForgetEmail(), ana.contact)
    async with clinic.database.read() as connection:
        states = await connection.execute(select(tables.outbox.c.state).order_by(tables.outbox.c.id))
        assert ["dropped", "queued", "queued"] == list(states.scalars())


async def test_an_address_that_nobody_confirmed_is_forgotten_after_a_day(clinic: Clinic) -> None:
    ana = await clinic.someone()
    await sent_code(clinic, ana.contact)
    for passed, left in ((timedelta(hours=23), 1), (timedelta(hours=1), 0)):
        clinic.clock.move(passed)
        async with clinic.database.begin() as connection:
            await mails.forget_codes(connection, clinic.clock())
        assert left == await clinic.count("mail_code")


#: What was written, and the address that it is.
ADDRESSES = {
    "ana@example.org": "ana@example.org",
    " Ana.O'Neil+clinic@Mail.Example.CO.UK ": "Ana.O'Neil+clinic@mail.example.co.uk",
    "a" * 64 + "@example.org": "a" * 64 + "@example.org",
    "ana@xn--bcher-kva.example": "ana@xn--bcher-kva.example",
    "a" * 65 + "@example.org": None,
    "a@" + "b." * 125 + "org": None,
    "ana": None,
    "ana@localhost": None,
    "ana@example.1": None,
    "ana@@example.org": None,
    "ana@exa mple.org": None,
    "ana@-example.org": None,
    ".ana@example.org": None,
    "ana@example..org": None,
    "ana@example.org\nBcc: eve@example.org": None,
    "ana@example.org,eve@example.org": None,
    "<ana@example.org>": None,
    "ána@example.org": None,
    "": None,
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_one_that_mail_servers_take(text: str) -> None:
    assert ADDRESSES[text] == tidy_email(text)
