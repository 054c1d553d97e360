"""What a member of staff meets first: what can be done here, as far as they may."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.desk import Desk
from dialogs.script import End, Goto, Offer
from dialogs.scripts.staff.common import HELP
from dialogs.text import joined, say
from domain.staff.rights import Right

_OFFERS: tuple[tuple[Right, Offer], ...] = (
    (Right.SEE_DAY, Offer(label=say("Today"), goto=Goto(script="day"))),
    (Right.SEE_DAY, Offer(label=say("Next visits"), goto=Goto(script="visits"))),
    (Right.RECEIVE, Offer(label=say("Somebody walks in"), goto=Goto(script="walk-in"))),
    (Right.STOCK, Offer(label=say("Stock"), goto=Goto(script="stock"))),
    (Right.TASKS, Offer(label=say("Tasks"), goto=Goto(script="tasks"))),
    (Right.HOURS, Offer(label=say("Close slots"), goto=Goto(script="close"))),
    (Right.HOURS, Offer(label=say("Closures"), goto=Goto(script="closures"))),
    (Right.INVITE, Offer(label=say("Invite a colleague"), goto=Goto(script="invite"))),
    (Right.INVITE, Offer(label=say("Team"), goto=Goto(script="team"))),
    (Right.SEE_DAY, Offer(label=say("Daily digest"), goto=Goto(script="digest"))),
    (Right.BROADCAST, Offer(label=say("Message to patients"), goto=Goto(script="broadcast"))),
    (Right.REPORTS, Offer(label=say("Report"), goto=Goto(script="report"))),
)
_AS_PATIENT = Offer(label=say("My own visits"), goto=Goto(script="home"))


async def staff(desk: Desk, _args: Mapping[str, str]) -> End:
    """Offer what is theirs to do."""
    member = desk.staff
    if member is None:
        return End(then=Goto(script="home"))
    offers = [offer for right, offer in _OFFERS if member.may_somewhere(right)]
    if not member.is_in_group:
        offers.append(_AS_PATIENT)
    greeting = say("Hello {name}. This is the desk for staff.", name=member.name) if member.name else None
    return End(text=joined(greeting or say("This is the desk for staff."), HELP), offers=tuple(offers))
