"""What an e-mail looks like when it arrives at a real server, and what is made of a server's refusals."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import icalendar
import pytest
import pytest_asyncio

from bot.channels.base import RefusedError, SendError, ThrottledError, UnreachableError
from bot.channels.mail import MailChannel
from bot.mail_server import MailServer, mail_server
from bot.messages import Mail, dump_outgoing, load_outgoing
from dialogs.prompt import Line
from tests.bot.test_calendars import CANCELLED, VISIT
from tests.conftest import Clock
from tests.post import HERE, PASSWORD, USER, Post, certificate, parts, posting

MAIL = Mail(to="ana@example.org", subject="Your appointment on Tue 2 Mar, 09:00", text="À bientôt.", visit=VISIT)


@pytest_asyncio.fixture
async def post() -> AsyncIterator[Post]:
    async with posting() as running:
        yield running


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path)


def channel(post: Post, *, trusted: ssl.SSLContext | None = None, **more: Any) -> MailChannel:
    """Return the channel to *post*; *more* says what is otherwise about the server."""
    plain: dict[str, Any] = {"host": HERE, "port": post.port, "user": None, "password": None, "tls": False}
    server = MailServer(**plain | more)
    return MailChannel(server, sender="desk@example.org", name="Clinique du Nord, Lille", clock=Clock(), tls=trusted)


async def failure(sends: MailChannel) -> SendError:
    with pytest.raises(SendError) as caught:
        await sends.send("", MAIL, None)
    return caught.value


async def test_text_and_calendar_file_arrive(post: Post) -> None:
    (shaped,) = channel(post).shape([MAIL])
    assert shaped == load_outgoing(dump_outgoing(shaped)), "the outbox gives it back as it was"
    sent = await channel(post).send("", shaped, None)

    (mail,) = post.mails
    text, file = parts(mail)
    assert ("ana@example.org", MAIL.subject, "auto-generated") == (mail["To"], mail["Subject"], mail["Auto-Submitted"])
    assert '"Clinique du Nord, Lille" <desk@example.org>' == mail["From"]
    assert (["desk@example.org"], f"<{sent}@example.org>") == (post.senders, mail["Message-ID"])
    assert "Mon, 01 Mar 2027 09:00:00 +0000" == mail["Date"]
    assert "À bientôt." == text.strip()
    assert file is not None
    assert ("text/calendar", "appointment.ics") == (file.get_content_type(), file.get_filename())
    assert "PUBLISH" == file["Content-Type"].params["method"]
    (event,) = icalendar.Calendar.from_ical(str(file.get_content())).walk("VEVENT")
    assert ("ABC234@frontdesk", "mailto:desk@example.org") == (str(event["UID"]), str(event["ORGANIZER"]))


async def test_what_is_cancelled_says_so_to_the_mailbox(post: Post) -> None:
    await channel(post).send("", replace(MAIL, visit=CANCELLED), None)
    _, file = parts(post.mails[0])
    assert file is not None
    assert "CANCEL" == file["Content-Type"].params["method"]
    assert "CANCEL" == str(icalendar.Calendar.from_ical(str(file.get_content()))["METHOD"])


async def test_a_mail_without_a_visit_has_no_file(post: Post) -> None:
    await channel(post).send("", replace(MAIL, visit=None), None)
    assert parts(post.mails[0])[1] is None


async def test_the_same_mail_is_known_by_the_same_name(post: Post) -> None:
    sends = channel(post)
    first, second = [await sends.send("", MAIL, None) for _ in range(2)]
    other = await sends.send("", replace(MAIL, text="Other."), None)
    assert first == second != other
    assert first is not None
    assert len(first) <= 80


#: What the server says where, and what becomes of the mail.
ANSWERS: dict[tuple[str, str], type[SendError]] = {
    ("RCPT", "550 no such user"): RefusedError,
    ("RCPT", "450 try again later"): ThrottledError,
    ("RCPT", "452 too many"): ThrottledError,
    ("RCPT", "421 going down"): UnreachableError,
    ("DATA", "554 looks bad"): RefusedError,
    ("DATA", "451 not now"): ThrottledError,
    ("RCPT", "530 log in first"): UnreachableError,
}


@pytest.mark.parametrize(("step", "answer"), ANSWERS)
async def test_an_answer_means_one_of_four_failures(post: Post, step: str, answer: str) -> None:
    post.answers[step] = answer
    found = await failure(channel(post))
    assert (ANSWERS[step, answer], answer[:3]) == (type(found), found.code)
    assert [] == post.mails


async def test_who_is_told_to_wait_waits_a_minute(post: Post) -> None:
    post.answers["RCPT"] = "450 greylisted"
    found = await failure(channel(post))
    assert isinstance(found, ThrottledError)
    assert timedelta(minutes=1) == found.retry_after


async def test_a_server_that_is_away_is_unreachable(post: Post) -> None:
    await post.close()
    assert isinstance(await failure(channel(post)), UnreachableError)


async def test_a_server_that_hangs_holds_up_four_sends_and_no_more(post: Post) -> None:
    post.going_on, sends = asyncio.Event(), channel(post)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for number in range(4):
            group.create_task(sends.send("", replace(MAIL, text=str(number)), None))
        for _ in range(4):
            await post.arrived.acquire()
        found = await failure(sends)
        post.going_on.set()
    assert (ThrottledError, "busy", 4) == (type(found), found.code, len(post.mails))


async def test_a_message_of_a_chat_is_not_mailed(post: Post) -> None:
    with pytest.raises(TypeError):
        await channel(post).send("", Line(text="Hello"), None)


# ---- encryption


async def test_a_server_that_offers_it_gets_the_mail_encrypted_after_logging_in(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    shows, trusts = tls
    async with posting(tls_context=shows, auth_required=True) as post:
        await channel(post, trusted=trusts, user=USER, password=PASSWORD).send("", MAIL, None)
        assert ([True], [USER], 1) == (post.encrypted, post.users, len(post.mails))
        found = await failure(channel(post, trusted=trusts, user=USER, password="wrong"))
        assert (UnreachableError, "535") == (type(found), found.code)


async def test_a_server_may_speak_encrypted_from_the_first_byte_on(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    shows, trusts = tls
    async with posting(tls_first=shows) as post:
        await channel(post, trusted=trusts, tls=True).send("", MAIL, None)
        assert ([True], 1) == (post.encrypted, len(post.mails))


async def test_nothing_goes_to_a_server_that_shows_a_certificate_nobody_trusts(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    shows, _ = tls
    async with posting(tls_context=shows) as post:
        assert isinstance(await failure(channel(post)), UnreachableError)
        assert [] == post.mails


async def test_a_password_is_never_shown_on_the_way(post: Post) -> None:
    beyond = channel(post, host="0.0.0.0", user=USER, password=PASSWORD)  # an address that is not known as our own
    assert isinstance(await failure(beyond), UnreachableError)
    assert ([], []) == (post.users, post.mails)


# ---- the setting

SERVERS = {
    "smtp://mail.example.org": MailServer(host="mail.example.org", port=587, user=None, password=None, tls=False),
    "smtp://mail.example.org:25/": MailServer(host="mail.example.org", port=25, user=None, password=None, tls=False),
    f"smtps://{quote(USER)}:{quote(PASSWORD, safe='')}@[::1]": MailServer(
        host="::1", port=465, user=USER, password=PASSWORD, tls=True
    ),
}


@pytest.mark.parametrize("url", SERVERS)
def test_a_server_is_read_from_its_address(url: str) -> None:
    assert SERVERS[url] == mail_server(url)


@pytest.mark.parametrize(
    ("url", "must"),
    [
        ("smtp://a:b@mail.example.org", True),
        ("smtps://a:b@mail.example.org", False),
        ("smtp://mail.example.org", False),
        ("smtp://a:b@localhost", False),
        ("smtp://a:b@127.0.0.1:25", False),
    ],
)
def test_a_password_goes_over_the_net_only_encrypted(url: str, must: bool) -> None:
    assert must == mail_server(url).must_encrypt
