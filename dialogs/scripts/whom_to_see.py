"""Whom somebody wants to see: whoever is free first, or a practitioner by name, speciality or place."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dialogs.practitioner_readers import PractitionerReader
from dialogs.questions import Option, Question
from dialogs.script import ask, do, fingerprint, tell
from dialogs.text import DayAndTime, Writable, joined, say
from domain.centres import CentreId
from domain.choosing import FindPractitioners, PractitionersFound
from domain.practitioner_ports import PractitionerOffer
from domain.practitioners import Practitioner
from domain.priority import Terms
from domain.programmes import Programme

#: Whoever has a place.
ANYBODY = "any"
#: What is asked again for another one, besides where and when.
KEYS = ("practitioners", "practitioner")
_FEW = 5  # centres that can be shown at once, so that nobody need be asked near what place


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """A practitioner, or whoever has a place; *centre* is the only one that comes into question, *few*: few do."""

    practitioner: Practitioner | None = None
    centre: CentreId | None = None
    few: bool = False


async def find_practitioner(
    programme: Programme,
    *,
    terms: Terms,
    known: str | None = None,
    words: str = "",
    kept: Practitioner | None = None,
    at: CentreId | None = None,
) -> Whom | None:
    """Ask whom to see; None where nobody in particular gives the programme.

    *known* is an answer that was given beforehand, *words* were said before of whom; *kept* is whom it is with
    already, without a place or not.
    """
    if not programme.practitioners:
        return None
    words = await ask(_said(), words)
    found = await do(
        "practitioners",
        FindPractitioners(
            programme=programme.key,
            words=words,
            centre=at,
            lead_minutes=int(programme.lead.total_seconds() // 60),
            terms=terms,
        ),
    )
    if not found.offers:
        return None if kept is None else Whom(practitioner=kept, few=True)
    if words and not found.is_limited:
        await tell("nobody-so", say("I find nobody with a free place for: {words}. Here are all others.", words=words))
    if words and found.is_limited and len(found.offers) == 1:
        known = str(found.offers[0].practitioner.id)
    chosen = await ask(_whom(found, kept), known)
    offer = next((one for one in found.offers if str(one.practitioner.id) == chosen), None)
    if offer is not None:
        return _with(offer)
    if kept is not None and chosen == str(kept.id):
        return Whom(practitioner=kept, few=True)
    return Whom(few=len({centre for one in found.offers for centre in one.centres}) <= _FEW and not found.has_more)


def _with(offer: PractitionerOffer) -> Whom:
    only = offer.centres[0] if len(offer.centres) == 1 else None
    return Whom(practitioner=offer.practitioner, centre=only, few=True)


def _said() -> Question[str]:
    """What practitioners are looked for by: said where they are shown."""
    return Question(key="seen-for", text="", type=str, is_aside=True)


def _whom(found: PractitionersFound, kept: Practitioner | None) -> Question[str]:
    names = tuple(one.practitioner.name for one in found.offers)
    first = found.offers[0]
    options = [
        Option(
            label=say("First free"),
            value=ANYBODY,
            detail=joined(_first_at(first), first.practitioner.name, between=", "),
        ),
        *(
            Option(label=one.practitioner.name, value=str(one.practitioner.id), detail=_detail(one))
            for one in found.offers
        ),
    ]
    offered = [one.practitioner.id for one in found.offers]
    if kept is not None and kept.id not in offered:
        options.append(Option(label=kept.name, value=str(kept.id)))
    more = say("There are more: write a name, a speciality or a place.") if found.has_more else None
    return Question(
        key="practitioner",
        text=joined(say("Whom would you like to see? Choose, or write a name or a speciality."), more, between=" "),
        type=str,
        options=tuple(options),
        extras=(Option(label=say("Show everybody"), answers=(("seen-for", ""),)),) if found.is_limited else (),
        reader=PractitionerReader(names),
        why=say("You can see somebody you know, or whoever has a place first."),
        help=(say("Please send a number, or write for example: first free."),),
        given=fingerprint([*offered, kept.id if kept else 0]),
        is_private=True,
    )


def _detail(offer: PractitionerOffer) -> Writable:
    return joined(*offer.specialities[:2], _first_at(offer), between=", ")


def _first_at(offer: PractitionerOffer) -> DayAndTime:
    return DayAndTime(offer.first_at.astimezone(ZoneInfo(offer.tz)))
