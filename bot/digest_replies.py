"""What is pressed under a digest that the conversation knows no more: it brings the day as it stands now."""

from __future__ import annotations

from bot.messages import Inbound
from dialogs.said import Kind
from dialogs.script import Goto
from dialogs.state import State
from domain.policies import DIGEST
from domain.store import digests
from domain.store.conversations import Opened
from domain.store.database import Connection


async def day_asked(connection: Connection, opened: Opened, message: Inbound, state: State) -> Goto | None:
    """Return what shows the day of the digest that *message* presses a button of; None where it does not so.

    Under an agreed message it is the button that brings the whole digest.
    """
    if message.template == DIGEST:
        sent = await digests.of_message(connection, opened.contact, message.answers)
        if sent is None:
            return Goto(script="day")
    else:
        menu = message.said.menu if message.said.kind == Kind.TAP else None
        if menu is None or menu < 0 or state.notice(menu) or (state.menu is not None and state.menu.number == menu):
            return None
        sent = await digests.of_menu(connection, opened.contact, menu)
        if sent is None:
            return None
    return Goto(script="day", args=(("centre", str(sent.centre)), ("day", sent.day.isoformat())))
