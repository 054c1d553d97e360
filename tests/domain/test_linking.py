"""Contacts of one person are linked by a code, which is kept as a digest, lasts ten minutes and is used once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from domain.commands import Booked, Caller, KeepPatient, Mine, MyAppointments, WhoIsThis
from domain.context import LetterKind
from domain.identity import (
    AlreadyOne,
    CheckCode,
    CodeOver,
    CodeRight,
    CodeSent,
    CodeShown,
    CodeWrong,
    LinkContacts,
    Linked,
    Locked,
    NoNumber,
    OwnContact,
    SendCode,
    ShowCode,
    TooManyCodes,
    Ways,
    WaysToLink,
    WrongYear,
)
from domain.joining import ElsewhereBusyError
from domain.linking import CODES, GUESSES, LASTS
from domain.patients import Channel, ContactId, PatientId
from domain.store import conversations, tables
from tests.domain.clinic import BIRTH, Clinic, Someone, together

POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
NUMBER = "+15550100001"
OTHER = "+15550100002"
YEAR = BIRTH.year


async def contact(clinic: Clinic, channel: Channel = Channel.TELEGRAM, address: str = "1001") -> ContactId:
    """Return the contact at an address, heard just now."""
    async with clinic.database.begin() as connection:
        opened = await conversations.open_by_address(
            connection, secret=clinic.database.index_secret, channel=channel, address=address, now=clinic.clock()
        )
        await conversations.save(
            connection, opened.id, turn=opened.turn + 1, state={"language": "fr"}, heard_at=clinic.clock(),
            nudge_at=None, last_contact=opened.contact,
        )  # fmt: skip
        return opened.contact


async def person(
    clinic: Clinic, of: ContactId, name: str = "Ana Lopez", birth: date = BIRTH, *, is_me: bool = True
) -> PatientId:
    command = KeepPatient(patient=None, is_me=is_me, name=name, birth=birth, facts=(("job", name.lower()),))
    return (await clinic.do(command, of)).patient


async def sent(clinic: Clinic, to: ContactId, number: str = NUMBER, channel: str = "sms") -> str:
    """Have a code sent, and return it; nothing where none was sent."""
    before = len(clinic.letters)
    assert CodeSent(number) == await clinic.do(SendCode(to=channel, number=number), to)
    return clinic.letters[-1].code if len(clinic.letters) > before else ""


async def link(clinic: Clinic, one: ContactId, year: int | None = YEAR, number: str = NUMBER) -> None:
    """Link *one* with who has *number* on SMS."""
    code = await sent(clinic, one, number)
    assert Linked() == await clinic.do(LinkContacts(code=code, year=year), one)


async def mine(clinic: Clinic, of: ContactId) -> list[tuple[str, str]]:
    found = await clinic.do(MyAppointments(), of)
    assert isinstance(found, Mine)
    return [(claim.reference, claim.patient_name) for claim in found.claims]


async def booked(clinic: Clinic, of: ContactId, patient: PatientId, in_days: float = 2, programme: str = "flu") -> str:
    slot = await clinic.slot(in_days, programme=programme)
    found = await clinic.do(Someone(of, patient).book(slot, programme=programme), of)
    assert isinstance(found, Booked)
    return found.claims[0].reference


async def names(clinic: Clinic, of: ContactId) -> tuple[str | None, list[str]]:
    """Return who writes, and whom they look after."""
    caller = await clinic.do(WhoIsThis(), of)
    assert isinstance(caller, Caller)
    return caller.me.name if caller.me else None, [one.name for one in caller.household]


# ---- codes


async def test_a_code_goes_to_the_other_contact_in_its_language_and_only_a_digest_is_kept(clinic: Clinic) -> None:
    one, other = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    code = await sent(clinic, one)
    (letter,) = clinic.letters
    assert (LetterKind.CODE_THERE, other, Channel.SMS, "fr") == (
        letter.kind,
        letter.to,
        letter.channel,
        letter.language,
    )
    assert clinic.clock() + LASTS == letter.until
    assert 6 == len(code)
    assert code.isdecimal()
    async with clinic.database.read() as connection:
        row = (await connection.execute(select(tables.link_code))).one()
    assert code not in str(tuple(row))
    assert CodeRight(needs_year=False) == await clinic.do(CheckCode(code), one)


@pytest.mark.parametrize("written", ["+1 555 010 0002", "001 555 010 0002", "(555) 010-0002", "555.010.0002"])
async def test_a_number_is_read_as_people_write_it(clinic: Clinic, written: str) -> None:
    one = await contact(clinic, Channel.SMS, NUMBER)
    country = "US" if not written.startswith("00") else ""
    assert CodeSent("+15550100002") == await clinic.do(SendCode(to="sms", number=written), one, country=country)


async def test_what_is_no_number_or_is_oneself_gets_no_code(clinic: Clinic) -> None:
    one = await contact(clinic, Channel.SMS, NUMBER)
    assert NoNumber() == await clinic.do(SendCode(to="sms", number="12"), one)
    assert OwnContact() == await clinic.do(SendCode(to="sms", number=NUMBER), one)
    assert [] == clinic.letters


async def test_the_ways_depend_on_where_one_writes_from(clinic: Clinic) -> None:
    telegram, sms = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    assert Ways(others=("whatsapp", "sms")) == await clinic.do(WaysToLink(), telegram)
    expected = Ways(others=("telegram", "whatsapp", "sms"), write_first=("telegram",), same_number=("whatsapp",))
    assert expected == await clinic.do(WaysToLink(), sms)


async def test_who_asks_for_a_code_never_learns_whether_a_number_is_known(clinic: Clinic) -> None:
    """Not of one that is unknown, wants no messages, or was silent on WhatsApp; wrong codes are counted alike."""
    stopped = await contact(clinic, Channel.SMS, NUMBER)
    async with clinic.database.begin() as connection:
        await conversations.stop(connection, stopped, at=clinic.clock(), reason="person")
    await contact(clinic, Channel.WHATSAPP, OTHER)
    clinic.clock.move(timedelta(hours=24))
    for count, (channel, number) in enumerate((("sms", NUMBER), ("whatsapp", OTHER), ("whatsapp", "+15550100009"))):
        one = await contact(clinic, address=f"20{count}")
        assert "" == await sent(clinic, one, number, channel)
        for _ in range(GUESSES - 1):
            assert CodeWrong() == await clinic.do(CheckCode("123456"), one)
        assert CodeOver() == await clinic.do(CheckCode("123456"), one)
    assert "" != await sent(clinic, await contact(clinic, address="300"), "+15550100009")


async def test_whatsapp_is_written_to_within_a_day(clinic: Clinic) -> None:
    other = await contact(clinic, Channel.WHATSAPP, NUMBER)
    one = await contact(clinic)
    assert await sent(clinic, one, NUMBER, "whatsapp")
    assert other == clinic.letters[-1].to


async def test_nobody_is_sent_more_than_three_codes_a_day_whoever_asks(clinic: Clinic) -> None:
    """By SMS and WhatsApp together."""
    await contact(clinic, Channel.WHATSAPP, NUMBER)
    codes = [
        await sent(clinic, await contact(clinic, address=f"20{count}"), NUMBER, channel)
        for count, channel in enumerate(("sms", "whatsapp", "sms", "sms", "whatsapp"))
    ]
    assert [True] * CODES + [False] * 2 == list(map(bool, codes))
    clinic.clock.move(timedelta(hours=25))
    assert await sent(clinic, await contact(clinic, address="209"))


async def test_many_who_ask_at_once_cannot_send_more(clinic: Clinic) -> None:
    people = [await contact(clinic, address=f"30{count}") for count in range(6)]
    await together(*(clinic.do(SendCode(to="sms", number=NUMBER), one) for one in people))
    assert CODES == len(clinic.letters)


async def test_nobody_asks_for_more_than_three_codes_a_day(clinic: Clinic) -> None:
    one = await contact(clinic, Channel.SMS, NUMBER)
    for count in range(CODES):
        await sent(clinic, one, f"+1555020000{count}")
    assert TooManyCodes() == await clinic.do(SendCode(to="sms", number=OTHER), one)
    assert TooManyCodes() == await clinic.do(ShowCode(), one)
    clinic.clock.move(timedelta(hours=25))
    assert CodeShown() == await clinic.do(ShowCode(), one)


async def test_a_code_is_over_after_ten_minutes_five_guesses_or_a_newer_one(clinic: Clinic) -> None:
    one = await contact(clinic)
    first, second = await sent(clinic, one), await sent(clinic, one)
    if first != second:
        assert CodeWrong() == await clinic.do(CheckCode(first), one)
    assert isinstance(await clinic.do(CheckCode(second), one), CodeRight)
    clinic.clock.move(LASTS)
    assert CodeWrong() == await clinic.do(CheckCode(second), one)
    third = await sent(clinic, one)
    wrong = f"{(int(third) + 1) % 10**6:06}"
    results = [await clinic.do(CheckCode(wrong), one) for _ in range(GUESSES)]
    assert [*[CodeWrong()] * (GUESSES - 1), CodeOver()] == results
    assert CodeOver() == await clinic.do(LinkContacts(code=third, year=None), one)


async def test_a_code_is_used_once(clinic: Clinic) -> None:
    one = await contact(clinic)
    code = await sent(clinic, one)
    assert Linked() == await clinic.do(LinkContacts(code=code, year=None), one)
    assert CodeOver() == await clinic.do(LinkContacts(code=code, year=None), one)
    assert AlreadyOne() == await clinic.do(SendCode(to="sms", number=NUMBER), one)


async def test_a_code_that_was_sent_for_one_contact_is_none_at_another(clinic: Clinic) -> None:
    one, thief = await contact(clinic), await contact(clinic, address="666")
    code = await sent(clinic, one)
    assert CodeWrong() == await clinic.do(CheckCode(code), thief)
    assert CodeOver() == await clinic.do(LinkContacts(code=code, year=YEAR), thief)


async def test_a_code_that_is_shown_links_the_contact_from_which_it_is_typed(clinic: Clinic) -> None:
    sms, telegram = await contact(clinic, Channel.SMS, NUMBER), await contact(clinic)
    await person(clinic, telegram)
    assert CodeShown() == await clinic.do(ShowCode(), sms)
    letter = clinic.letters[-1]
    assert (LetterKind.CODE_HERE, sms) == (letter.kind, letter.to)
    assert OwnContact() == await clinic.do(CheckCode(letter.code), sms)
    assert CodeRight(needs_year=False, shown_to=NUMBER[-3:]) == await clinic.do(CheckCode(letter.code), telegram)
    assert Linked() == await clinic.do(LinkContacts(code=letter.code, year=None), telegram)
    assert await names(clinic, telegram) == await names(clinic, sms) == ("Ana Lopez", [])


async def test_who_guesses_at_codes_of_nobody_in_particular_is_locked_for_a_day(clinic: Clinic) -> None:
    thief = await contact(clinic)
    for _ in range(GUESSES - 1):
        assert CodeWrong() == await clinic.do(CheckCode("123456"), thief)
    until = clinic.clock() + timedelta(days=1)
    assert Locked(until) == await clinic.do(CheckCode("123456"), thief)
    clinic.clock.move(timedelta(hours=23))
    assert Locked(until) == await clinic.do(CheckCode("123456"), thief)
    clinic.clock.move(timedelta(hours=1))
    assert CodeWrong() == await clinic.do(CheckCode("123456"), thief)


async def test_a_code_alone_does_not_open_a_record(clinic: Clinic) -> None:
    """Who tricks somebody into telling it is asked for the year of birth, and locked after three guesses."""
    victim, thief = await contact(clinic, Channel.SMS, NUMBER), await contact(clinic)
    await person(clinic, victim)
    code = await sent(clinic, thief)
    assert CodeRight(needs_year=True) == await clinic.do(CheckCode(code), thief)
    for year, left in ((None, 2), (1950, 1)):
        assert WrongYear(left) == await clinic.do(LinkContacts(code=code, year=year), thief)
    assert isinstance(await clinic.do(LinkContacts(code=code, year=1951), thief), Locked)
    assert isinstance(await clinic.do(LinkContacts(code=code, year=YEAR), thief), Locked)
    assert (None, []) == await names(clinic, thief)


# ---- what is one then


async def test_bookings_and_people_of_both_are_seen_from_both(clinic: Clinic) -> None:
    telegram, sms = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    ana, ben = await person(clinic, telegram), await person(clinic, sms, "Ben Diaz", date(1975, 2, 1))
    child = await person(clinic, sms, "Eva Diaz", date(2019, 7, 9), is_me=False)
    made = {
        await booked(clinic, telegram, ana),
        await booked(clinic, sms, ben, 3),
        await booked(clinic, sms, child, 4),
    }
    await link(clinic, telegram, 1975)
    for of in (telegram, sms):
        assert made == {reference for reference, _ in await mine(clinic, of)}
        assert ("Ana Lopez", ["Ben Diaz", "Eva Diaz"]) == await names(clinic, of)
    assert LetterKind.LINKED == clinic.letters[-1].kind
    assert {} == await clinic.broken()


async def test_who_is_on_record_twice_becomes_one_with_all_bookings(clinic: Clinic) -> None:
    """Capitals and accents do not matter; what waits to be said of a booking goes along, and so does a yes."""
    sms, telegram = await contact(clinic, Channel.SMS, NUMBER), await contact(clinic)
    ana = await person(clinic, sms, "Ana López")
    first = await booked(clinic, sms, ana)
    twin = await person(clinic, telegram, "ana lopez")
    second = await booked(clinic, telegram, twin, 3, "travel")
    before = await reminders_waiting(clinic)
    await link(clinic, telegram)
    assert [first, second] == [reference for reference, _ in await mine(clinic, telegram)]
    assert [first, second] == [reference for reference, _ in await mine(clinic, sms)]
    assert ("Ana López", []) == await names(clinic, telegram)
    assert 1 == await clinic.count("patient")
    assert before == await reminders_waiting(clinic)
    assert {} == await clinic.broken()


async def reminders_waiting(clinic: Clinic) -> int:
    """Return how many reminders wait for an appointment as it stands."""
    async with clinic.database.read() as connection:
        found = select(tables.reminder.c.id).join_from(
            tables.reminder,
            tables.appointment,
            (tables.appointment.c.id == tables.reminder.c.appointment_id)
            & (tables.appointment.c.version == tables.reminder.c.version),
        )
        rows = await connection.execute(found.where(tables.reminder.c.state == "waiting"))
        return len(rows.all())


async def test_who_has_the_same_course_twice_stays_two(clinic: Clinic) -> None:
    telegram, sms = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    for days, of in enumerate((sms, telegram), start=2):
        await booked(clinic, of, await person(clinic, of), days)
    await link(clinic, telegram)
    assert 2 == len(await mine(clinic, telegram)) == len(await mine(clinic, sms))
    assert ("Ana Lopez", ["Ana Lopez"]) == await names(clinic, telegram)
    assert {} == await clinic.broken()


async def test_consent_is_for_both_and_a_stop_stays_with_its_contact(clinic: Clinic) -> None:
    telegram, sms = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    agreed = clinic.clock()
    contacts = tables.contact
    async with clinic.database.begin() as connection:
        await connection.execute(update(contacts).where(contacts.c.id == telegram).values(consented_at=agreed))
    await link(clinic, telegram)
    async with clinic.database.begin() as connection:
        await conversations.stop(connection, sms, at=agreed, reason="person")
        rows = await connection.execute(select(contacts.c.consented_at, contacts.c.stop_reason).order_by(contacts.c.id))
        assert [(agreed, None), (agreed, "person")] == [tuple(row) for row in rows]


@pytest.mark.parametrize("has_bookings", [True, False])
async def test_the_conversation_with_bookings_goes_on_else_that_which_is_known_longer(
    clinic: Clinic, has_bookings: bool
) -> None:
    sms = await contact(clinic, Channel.SMS, NUMBER)
    clinic.clock.move(timedelta(hours=1))
    telegram = await contact(clinic)
    if has_bookings:
        await booked(clinic, telegram, await person(clinic, telegram))
    wanted = telegram if has_bookings else sms
    before = await conversation_of(clinic, wanted)
    await link(clinic, telegram)
    assert [before] * 2 == [await conversation_of(clinic, one) for one in (telegram, sms)]
    assert 1 == await clinic.count("conversation")


async def conversation_of(clinic: Clinic, of: ContactId) -> int:
    async with clinic.database.begin() as connection:
        return (await conversations.open_by_contact(connection, of)).id


async def test_two_contacts_that_link_each_other_at_once_end_as_one(clinic: Clinic) -> None:
    """Nobody waits for the other in a circle; who found the other busy tries again, as a turn does."""
    telegram, sms = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    ana, ben = await person(clinic, telegram), await person(clinic, sms, "Ben Diaz")
    references = {await booked(clinic, telegram, ana), await booked(clinic, sms, ben, 3)}
    await clinic.do(ShowCode(), sms)
    shown = clinic.letters[-1].code  # to be typed on Telegram
    await clinic.do(ShowCode(), telegram)
    asked = clinic.letters[-1].code  # to be typed by SMS

    async def turn(of: ContactId, code: str) -> object:
        try:
            return await clinic.as_turn(LinkContacts(code=code, year=YEAR), of)
        except ElsewhereBusyError as busy:
            return busy

    async with asyncio.timeout(20):
        results = await together(*(turn(*each) for _ in range(4) for each in ((telegram, shown), (sms, asked))))
    assert {type(one) for one in results} <= {Linked, ElsewhereBusyError, CodeOver}
    if Linked() not in results:  # each found the other busy: whoever is first now is alone
        assert Linked() == await turn(telegram, shown)
    assert references == {reference for reference, _ in await mine(clinic, sms)}
    assert 1 == await clinic.count("conversation")
    assert {} == await clinic.broken()


@POSTGRESQL
async def test_who_is_being_talked_to_is_not_waited_for(clinic: Clinic) -> None:
    telegram, sms = await contact(clinic), await contact(clinic, Channel.SMS, NUMBER)
    code = await sent(clinic, telegram)
    async with clinic.database.begin() as connection:
        await conversations.open_by_contact(connection, sms)
        with pytest.raises(ElsewhereBusyError):
            await clinic.as_turn(LinkContacts(code=code, year=None), telegram)
    assert Linked() == await clinic.as_turn(LinkContacts(code=code, year=None), telegram)
