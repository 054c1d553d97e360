"""Copies by e-mail: an address is given, shown to be one's own by a code, changed, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.email_readers import AddressReader, CodeReader
from dialogs.questions import Option, Question
from dialogs.script import Again, End, ask, do
from dialogs.text import say
from domain.mail_commands import (
    CodeGone,
    CodeSent,
    ConfirmEmail,
    EmailConfirmed,
    FindEmail,
    ForgetEmail,
    SendCode,
    TooManyCodes,
    WrongCode,
)

NONE, KEEP, CHANGE = "none", "keep", "change"
_NO_EMAIL = say("No e-mail")
_ANOTHER = say("Another address")
OFF = say("I cannot send e-mails. All there is to know stands here in this chat.")


async def email(desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Ask for an address unless one is known, and send nothing there but a code until that has come back."""
    known = (await do("known", FindEmail())).address
    if args.get("wish") == NONE:
        return await _none(known)
    if not desk.mails:
        return End(text=OFF)
    if known is not None:
        what = await ask(_known(known))
        if what != CHANGE:
            return End(text=say("All right, it stays as it is.")) if what == KEEP else await _none(known)
    address = await ask(_ADDRESS)
    return await _none(known) if address == NONE else await _confirm(address, known)


async def _none(known: str | None) -> End:
    await do("forget", ForgetEmail())
    if known is None:
        return End(text=say("All right. I have no e-mail address of yours, and send nothing there."))
    return End(text=say("All right. I have forgotten your e-mail address, and send nothing there any more."))


async def _confirm(address: str, known: str | None) -> Again | End:
    match await do("code", SendCode(address)):
        case TooManyCodes():
            return End(text=say("I have sent several codes today already. Please try again tomorrow."))
        case CodeSent():
            typed = await ask(_code(address))
            return await _none(known) if typed == NONE else await _compared(address, typed)
        case never:
            assert_never(never)


async def _compared(address: str, typed: str) -> Again | End:
    match await do("confirm", ConfirmEmail(address, typed)):
        case WrongCode():
            return Again(("typed", "confirm"), say("That is not the code."))
        case CodeGone():
            return Again(("code", "typed", "confirm"), say("That code is not good any more."))
        case EmailConfirmed():
            done = say(
                "Thank you. Copies of your bookings, and of what changes, go to {address}. To end that, write:"
                " no e-mail.",
                address=address,
            )
            return End(text=done)
        case never:
            assert_never(never)


def _known(address: str) -> Question[str]:
    return Question(
        key="what",
        text=say("Copies of your bookings go to {address}. E-mail is less private than this chat.", address=address),
        type=str,
        options=(
            Option(label=say("Leave it as it is"), value=KEEP),
            Option(label=_ANOTHER, value=CHANGE),
            Option(label=_NO_EMAIL, value=NONE),
        ),
        given=address,
        is_private=True,
    )


_ADDRESS: Question[str] = Question(
    key="address",
    text=say(
        "To which address may I send copies of your bookings, moves and cancellations, each with a calendar file? They"
        " say when and where, not what it is for. E-mail is less private than this chat."
    ),
    type=str,
    options=(Option(label=_NO_EMAIL, value=NONE),),
    reader=AddressReader(),
    why=say("A copy in your mailbox and your calendar is a convenience; nothing depends on it."),
    help=(say("Please write the address like this: name@example.org"),),
    is_private=True,
    samples=("ana@example.org",),
)


def _code(address: str) -> Question[str]:
    return Question(
        key="typed",
        text=say("I have sent a code of six digits to {address}. Please write it here.", address=address),
        type=str,
        options=(
            Option(label=say("Send a new code"), reopens=("code",)),
            Option(label=_ANOTHER, reopens=("address", "code")),
            Option(label=_NO_EMAIL, value=NONE),
        ),
        reader=CodeReader(),
        why=say("It shows that the address is yours: until then nothing else goes there."),
        help=(say("It is in the e-mail that I have sent; it may lie among unwanted mail."),),
        given=address,
        is_private=True,
        samples=("123456",),
    )
