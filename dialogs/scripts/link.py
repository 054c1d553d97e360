"""Linking another chat of the same person: by a code that is sent there, or shown here to be typed there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from dialogs.desk import Desk
from dialogs.prompt import Want
from dialogs.proof_readers import CodeReader, OwnNumberReader, YearReader
from dialogs.questions import Option, Question
from dialogs.script import Again, End, ask, do
from dialogs.text import Writable, say
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

SAME, NEW, LEAVE = "same", "new", "leave"
NAMES: dict[str, Writable] = {"telegram": "Telegram", "whatsapp": "WhatsApp", "sms": say("Text messages")}
DETAILS: dict[str, Writable] = {"whatsapp": say("if you wrote to us there in the last 24 hours")}

ALREADY = say("These two chats are linked already: you see the same bookings in both.")
LEFT = say("All right, nothing is linked.")
LINKED = say("Done. Both chats are linked now: bookings and open questions are the same in both.")
LOCKED = say("Too much was tried, so I look at no more codes from here today. For help, write: talk to a person.")
NOWHERE = say("There is no other chat that I could link with this one.")
OVER = say("That code does not hold any more. For a new one, write: link.")
TOO_MANY = say("You have had several codes today; the next one I can give you tomorrow.")
TYPE_THERE = say(
    "Once the code is written in the other chat, both show the same bookings, and you can go on in either."
)
HERE = say("That code is to be written in the other chat, not in this one.")


async def link(_desk: Desk, args: Mapping[str, str]) -> Again | End:
    """Link with another chat; with a *code* that was shown there, at once."""
    if "code" in args:
        return await _typed(args["code"], "")
    ways = await do("ways", WaysToLink())
    if not ways.others:
        return End(text=NOWHERE)
    to = await ask(_to(ways), ways.others[0] if len(ways.others) == 1 else None)
    if to in ways.write_first:
        return await _shown()
    number = await ask(_number(is_same=to in ways.same_number))
    match await do("code-sent", SendCode(to=to, number="" if number == SAME else number)):
        case CodeSent(sent_to):
            return await _typed(None, sent_to)
        case NoNumber():
            return Again(("number", "code-sent"), say("I could not read that as a telephone number."))
        case OwnContact():
            return Again(("number", "code-sent"), say("That is the number that you are writing from."))
        case AlreadyOne():
            return End(text=ALREADY)
        case TooManyCodes():
            return End(text=TOO_MANY)
        case never:
            assert_never(never)


async def _shown() -> End:
    match await do("code-shown", ShowCode()):
        case CodeShown():
            return End(text=TYPE_THERE)
        case TooManyCodes():
            return End(text=TOO_MANY)
        case never:
            assert_never(never)


async def _typed(known: str | None, sent_to: str) -> Again | End:
    code = await ask(_code(sent_to), known)
    if code == NEW:
        return Again(("code", "code-sent"))
    if code == LEAVE:
        return End(text=LEFT)
    match await do("code-checked", CheckCode(code)):
        case CodeRight(needs_year, shown_to):
            return await _linked(code, needs_year=needs_year, shown_to=shown_to)
        case CodeWrong():
            wrong = say("That is not the code, or its ten minutes are over.")
            return Again(("code", "code-checked"), wrong)
        case CodeOver():
            return End(text=OVER)
        case OwnContact():
            return End(text=HERE)
        case AlreadyOne():
            return End(text=ALREADY)
        case Locked():
            return End(text=LOCKED)
        case never:
            assert_never(never)


async def _linked(code: str, *, needs_year: bool, shown_to: str) -> Again | End:
    if shown_to and not await ask(_sure(shown_to)):
        return End(text=LEFT)
    year = await _year() if needs_year else None
    match await do("linked", LinkContacts(code=code, year=year)):
        case Linked():
            return End(text=LINKED, changes_hands=True)
        case WrongYear(left):
            return Again(("year", "linked"), wrong_year(left))
        case CodeOver():
            return End(text=OVER)
        case Locked():
            return End(text=LOCKED)
        case never:
            assert_never(never)


async def _year() -> int:
    year = await ask(YEAR)
    return int(year)


def wrong_year(left: int) -> Writable:
    """Say that a year is not right, and how often another can be tried."""
    if left == 1:
        return say("That is not what I have on record. You can try once more.")
    return say("That is not what I have on record. You can try {count} more times.", count=left)


def _to(ways: Ways) -> Question[str]:
    return Question(
        key="to",
        text=say("Which other chat of yours shall I link with this one? You will see the same bookings in both."),
        type=str,
        options=tuple(Option(label=NAMES[one], value=one, detail=DETAILS.get(one)) for one in ways.others),
        help=(say("Choose where else you write to us. A code will show that it is you."),),
        given=",".join(ways.others),
    )


def _number(*, is_same: bool) -> Question[str]:
    return Question(
        key="number",
        text=say("Which number do you have there? Share it, or write it."),
        type=str,
        options=(Option(label=say("The same number"), value=SAME),) if is_same else (),
        reader=OwnNumberReader(),
        wants=(Want.CONTACT,),
        why=say("I send a code to it, which shows that it is yours."),
        help=(say("Please write the number with its country code: +33 1 99 00 11 22."),),
        given=SAME if is_same else "",
        is_private=True,
        samples=("+33199001122",),
    )


def _code(sent_to: str) -> Question[str]:
    text = say(
        "I am sending a code to {number}, unless it wants no messages from us or has had several codes today."
        " Please write the code here within ten minutes.",
        number=sent_to,
    )
    again = (Option(label=say("Send a new code"), value=NEW),) if sent_to else ()
    return Question(
        key="code",
        text=text if sent_to else say("Please write the code that you see in the other chat."),
        type=str,
        options=(*again, Option(label=say("Link nothing"), value=LEAVE)),
        reader=CodeReader(),
        help=(say("The code has six digits and stands in a message from us in the other chat."),),
        given=sent_to,
        is_private=True,
        samples=("123456",),
    )


def _sure(shown_to: str) -> Question[bool]:
    return Question(
        key="sure-link",
        text=say(
            "Whoever has the number that ends in {digits} will see and change what is booked here. Is it yours?",
            digits=shown_to,
        ),
        type=bool,
        options=(
            Option(label=say("Yes, it is mine"), value=True),
            Option(label=say("No, link nothing"), value=False),
        ),
        given=shown_to,
        is_private=True,
    )


YEAR: Question[str] = Question(
    key="year",
    text=say("Somebody is on record there. In which year were you born, or one of those you book for?"),
    type=str,
    reader=YearReader(),
    why=say("A code can be got by a trick. The year shows that the bookings there are yours."),
    help=(say("Please write the year in four digits."),),
    is_private=True,
    samples=("1950",),
)
