"""Visits that are over, of one's own people: when, where, for whom, what it was, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogs import sentences
from dialogs.desk import Desk
from dialogs.questions import Option, Question
from dialogs.script import End, ask, do, fingerprint
from dialogs.scripts.told import title_of
from dialogs.text import Clock, Day, Joined, Text, joined, say
from domain.appointments import Status
from domain.commands import Claim, Past, PastAppointments

MORE, ENOUGH = "more", "enough"
_NONE = say("There are no past visits.")
_AGAIN = say("To book another one, write: book.")


async def past(desk: Desk, _args: Mapping[str, str]) -> End:
    """Show them newest first, a page at a time."""
    page = 0
    found = await do("page-0", PastAppointments())
    if not found.claims:
        return End(text=_NONE)
    while found.has_more:
        if await ask(_more(desk, found, page)) == ENOUGH:
            return End(text=_AGAIN)
        page += 1
        found = await do(f"page-{page}", PastAppointments(page))
    return End(text=joined(_listed(desk, found), _AGAIN))


def _more(desk: Desk, found: Past, page: int) -> Question[str]:
    return Question(
        key=f"older-{page}",
        text=_listed(desk, found),
        type=str,
        options=(
            Option(label=sentences.MORE, value=MORE),
            Option(label=say("That is enough"), value=ENOUGH),
        ),
        given=fingerprint([(claim.reference, claim.version) for claim in found.claims]),
        is_private=True,
    )


def _listed(desk: Desk, found: Past) -> Joined:
    return joined(say("Past visits:"), joined(*(_line(desk, claim) for claim in found.claims), between="\n"))


def _line(desk: Desk, claim: Claim) -> Text:
    local = claim.centre.local(claim.starts_at)
    values = (
        ("day", Day(local.date())),
        ("time", Clock(local)),
        ("centre", claim.centre.name),
        ("programme", title_of(desk, claim)),
        ("name", claim.patient_name),
    )
    return replace(_ENDED.get(claim.status, _OVER), values=values)


_BEEN = say("{day}, {time}, {centre}: {programme} for {name}. Been there.")
_OVER = say("{day}, {time}, {centre}: {programme} for {name}. It is over.")
_ENDED: Mapping[Status, Text] = {
    Status.FULFILLED: _BEEN,
    Status.ARRIVED: _BEEN,
    Status.NOSHOW: say("{day}, {time}, {centre}: {programme} for {name}. Missed."),
    Status.CANCELLED: say("{day}, {time}, {centre}: {programme} for {name}. Cancelled."),
}
