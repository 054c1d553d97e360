"""Copies by e-mail over a real mail server: after a booking, a move and a cancellation, to who showed the address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
import pytest_asyncio

from domain.store.database import Database
from tests.conftest import NOW, Clock
from tests.e2e.clinic import Clinic, clinic_at_work, write_small
from tests.e2e.people import Phone, received, write_all
from tests.post import HERE, Post, parts, posting

ADDRESS = "ana@example.org"
CHANNELS = ("telegram", "whatsapp", "sms")


@pytest_asyncio.fixture
async def post() -> AsyncIterator[Post]:
    async with posting() as running:
        yield running


@pytest_asyncio.fixture
async def desk(database: Database, database_url: str, clock: Clock, post: Post) -> AsyncIterator[Clinic]:
    """The small practice with a mail server, where nothing goes out until a test says so."""
    await write_small(database, today=NOW.date())
    mail: dict[str, Any] = {"smtp_url": f"smtp://{HERE}:{post.port}", "smtp_from": "desk@example.org"}
    async with clinic_at_work(database_url, clock, works=False, **mail) as at_work:
        yield at_work


async def says(desk: Clinic, phone: Phone, *words: str) -> str:
    """Write one after another, and return what came last."""
    for text in words:
        assert 200 == await phone.say(text)
        await desk.deliver()
    return received(phone)[-1]


def code_in(mail: EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", parts(mail)[0])
    assert found is not None
    return found[0]


async def give_address(desk: Clinic, post: Post, phone: Phone, address: str = ADDRESS) -> None:
    """Give an address and type the code that came there."""
    await says(desk, phone, "email", address)
    assert f"go to {address}" in await says(desk, phone, code_in(post.mails[-1]))


def entry_in(mail: EmailMessage) -> tuple[str, Any]:
    """Return what the calendar file asks for, and its event."""
    file = parts(mail)[1]
    assert file is not None
    calendar = icalendar.Calendar.from_ical(str(file.get_content()))
    assert file["Content-Type"].params["method"] == str(calendar["METHOD"])
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


async def pass_and_send(desk: Clinic, clock: Clock, by: timedelta) -> None:
    clock.move(by)
    await desk.deliver()


async def states(desk: Clinic) -> list[str]:
    return await desk.column("SELECT state FROM outbox WHERE channel = 'email' ORDER BY id")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_copy_follows_a_booking_its_move_and_its_end(desk: Clinic, post: Post, channel: str) -> None:
    phone = desk.phone(channel)
    await says(desk, phone, "hello", "Yes, for me")
    await give_address(desk, post, phone)
    for words in ("Ana Silva, 3 April 1950", "I feel well", "Bristol", "Harbour Practice", "1", "Yes, book it"):
        await says(desk, phone, words)
    await says(desk, phone, "move my booking", "2", "Yes, move it")
    await says(desk, phone, "cancel my booking", "Yes, cancel it")

    _, booked, moved, cancelled = post.mails
    assert [ADDRESS] * 4 == [mail["To"] for mail in post.mails]
    assert "Your appointment on Tue 2 Mar, 09:00" == booked["Subject"]
    assert "Moved: your appointment on Wed 3 Mar, 09:00" == moved["Subject"]
    assert "Cancelled: your appointment on Wed 3 Mar, 09:00" == cancelled["Subject"]
    entries = [entry_in(mail) for mail in (booked, moved, cancelled)]
    assert ["PUBLISH", "PUBLISH", "CANCEL"] == [method for method, _ in entries]
    assert 1 == len({str(event["UID"]) for _, event in entries})
    sequences = [int(event["SEQUENCE"]) for _, event in entries]
    assert sequences == sorted(set(sequences))
    assert {"mailto:desk@example.org"} == {str(event["ORGANIZER"]) for _, event in entries}
    assert {} == await desk.breaches()
    assert [] == desk.telegram.refused + desk.twilio.refused


async def test_a_copy_says_when_and_where_and_neither_for_whom_nor_what_for(desk: Clinic, post: Post) -> None:
    phone = desk.telegram_phone()
    await write_all(phone, "booked")
    await give_address(desk, post, phone)
    code, copy = post.mails
    text = parts(copy)[0]
    for wanted in ("Tue 2 Mar, 09:00", "Harbour Practice, 1 Quay Street, BS1 1XX Bristol", "Reference ", "no e-mail"):
        assert wanted in text
    for mail in (code, copy):
        whole = mail.as_string() + parts(mail)[0]
        assert not re.search(r"\b(?:flu|vaccin\w*|ana silva|1950)\b", whole, re.IGNORECASE)


async def test_nothing_but_the_code_goes_to_an_address_that_nobody_confirmed(desk: Clinic, post: Post) -> None:
    phone = desk.telegram_phone()
    await write_all(phone, "review")
    await says(desk, phone, "email", ADDRESS)
    wrong = "111111" if code_in(post.mails[0]) != "111111" else "222222"
    assert "not the code" in await says(desk, phone, wrong)
    await says(desk, phone, "back", "book", "Yes, book it")
    assert 1 == await desk.value("SELECT count(*) FROM v_appointment WHERE status = 'booked'")
    (only,) = post.mails
    assert ("Your code", None) == (only["Subject"], parts(only)[1])
    assert await desk.value("SELECT email FROM contact") is None
    sealed = await desk.value("SELECT address FROM mail_code")
    assert ADDRESS.encode() not in bytes(sealed)


async def test_without_a_mail_server_nothing_is_offered_or_sent(idle: Clinic) -> None:
    phone = idle.telegram_phone()
    await write_all(phone, "booked")
    assert "cannot send e-mails" in await says(idle, phone, "email")
    await says(idle, phone, "my bookings")
    assert "Copies by e-mail" not in phone.buttons
    assert [] == await states(idle)


async def test_who_wants_none_any_more_gets_none(desk: Clinic, post: Post) -> None:
    phone = desk.telegram_phone()
    await says(desk, phone, "hello", "Yes, for me")
    await give_address(desk, post, phone)
    assert "forgotten" in await says(desk, phone, "no e-mail")
    await says(
        desk, phone, "Ana Silva, 3 April 1950", "I feel well", "Bristol", "Harbour Practice", "1", "Yes, book it"
    )
    assert ["Your code"] == [mail["Subject"] for mail in post.mails]
    assert await desk.value("SELECT email FROM contact") is None


async def booked_with_address(desk: Clinic, post: Post) -> Phone:
    """Let somebody with an address be at the last look."""
    phone = desk.telegram_phone()
    await says(desk, phone, "hello", "Yes, for me")
    await give_address(desk, post, phone)
    await says(desk, phone, "Ana Silva, 3 April 1950", "I feel well", "Bristol", "Harbour Practice", "1")
    post.mails.clear()
    return phone


async def test_a_server_that_is_away_holds_up_no_chat_and_gets_the_mail_once(
    desk: Clinic, post: Post, clock: Clock
) -> None:
    phone = await booked_with_address(desk, post)
    await post.close()
    assert "Booked." in "\n".join([await says(desk, phone, "Yes, book it"), *received(phone)[-4:]])
    for _ in range(10):
        await pass_and_send(desk, clock, timedelta(minutes=1))
    assert "Reference" in await says(desk, phone, "my bookings")
    assert (["queued"], []) == ((await states(desk))[-1:], post.mails)

    await post.open()
    for _ in range(3):
        await pass_and_send(desk, clock, timedelta(minutes=2))
    assert (["sent"], 1) == ((await states(desk))[-1:], len(post.mails))
    assert 0 == await desk.value("SELECT count(*) FROM task")


async def test_a_mail_that_is_refused_becomes_a_task_and_stops_nothing(desk: Clinic, post: Post) -> None:
    phone = await booked_with_address(desk, post)
    post.answers["RCPT"] = "550 no such user"
    await says(desk, phone, "Yes, book it")
    assert ["undeliverable"] == await desk.column("SELECT kind FROM task")
    assert "dead" == (await states(desk))[-1]
    assert await desk.value("SELECT stopped_at FROM contact") is None
    assert "Reference" in await says(desk, phone, "my bookings")


async def test_a_server_that_stays_away_for_a_day_becomes_a_task(desk: Clinic, post: Post, clock: Clock) -> None:
    phone = await booked_with_address(desk, post)
    await post.close()
    await says(desk, phone, "Yes, book it")
    await pass_and_send(desk, clock, timedelta(hours=24, minutes=1))
    assert ("dead", ["undeliverable"]) == ((await states(desk))[-1], await desk.column("SELECT kind FROM task"))


async def test_a_copy_of_what_has_moved_on_is_not_sent(desk: Clinic, post: Post, clock: Clock) -> None:
    phone = await booked_with_address(desk, post)
    await post.close()
    await says(desk, phone, "Yes, book it", "cancel my booking", "Yes, cancel it")
    await post.open()
    await pass_and_send(desk, clock, timedelta(minutes=2))
    await pass_and_send(desk, clock, timedelta(minutes=2))
    assert ["dropped", "sent"] == (await states(desk))[-2:]
    assert ["CANCEL"] == [entry_in(mail)[0] for mail in post.mails]


async def test_a_copy_that_comes_after_the_visit_is_not_sent(desk: Clinic, post: Post, clock: Clock) -> None:
    phone = await booked_with_address(desk, post)
    clock.now = NOW + timedelta(hours=23, minutes=30)
    await post.close()
    await says(desk, phone, "Yes, book it")
    await post.open()
    await pass_and_send(desk, clock, timedelta(hours=3))
    assert ("dropped", []) == ((await states(desk))[-1], post.mails)


async def test_stop_in_the_chat_stops_mails_too(desk: Clinic, post: Post, clock: Clock) -> None:
    phone = await booked_with_address(desk, post)
    await post.close()
    await says(desk, phone, "Yes, book it")
    assert "no more messages" in await says(desk, phone, "stop")
    await post.open()
    await pass_and_send(desk, clock, timedelta(minutes=5))
    assert ("dropped", []) == ((await states(desk))[-1], post.mails)
    assert {} == await desk.breaches()


async def test_stop_on_one_phone_stops_mails_about_what_the_other_one_booked(
    desk: Clinic, post: Post, clock: Clock
) -> None:
    phone, other = await booked_with_address(desk, post), desk.twilio_phone(whatsapp=False)
    await says(desk, other, "hello")
    async with desk.app.database.begin() as connection:
        await connection.exec_driver_sql("UPDATE contact SET conversation_id = (SELECT min(id) FROM conversation)")
    await post.close()
    await says(desk, phone, "Yes, book it")
    assert 200 == await other.say("arret")
    await post.open()
    await pass_and_send(desk, clock, timedelta(minutes=5))
    await says(desk, phone, "cancel my booking", "Yes, cancel it")
    assert [] == post.mails
    assert "queued" not in await states(desk)


async def test_a_turn_that_comes_twice_is_mailed_once(desk: Clinic, post: Post) -> None:
    phone = await booked_with_address(desk, post)
    await says(desk, phone, "Yes, book it", "Yes, book it")
    assert 1 == len(post.mails)


@pytest.mark.parametrize(
    ("language", "email", "yes", "said"),
    [
        ("fr", "envoyez-moi une copie par e-mail", "Oui, pour moi", "Votre code"),
        ("es", "quiero una copia por correo", "Sí, para mí", "Su código"),
    ],
)
async def test_mails_are_written_in_the_language_of_the_chat(
    desk: Clinic, post: Post, language: str, email: str, yes: str, said: str
) -> None:
    phone = desk.telegram_phone(language)
    await says(desk, phone, "/start", yes, email, ADDRESS)
    assert said == post.mails[-1]["Subject"]
    assert ADDRESS in await says(desk, phone, code_in(post.mails[-1]))
