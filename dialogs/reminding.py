"""What is said of a visit unasked, and what an answer to it means.

Others may see the phone: neither what the visit is for is said, nor anything about the person but, where somebody
looks after several, a first name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from dialogs.courtesies import courtesy_of
from dialogs.intents import Intent, intent_of, wants_change
from dialogs.questions import Hearing, Missed, Reading, Took
from dialogs.readers import choices
from dialogs.readers.fold import fold
from dialogs.said import Said
from dialogs.text import Joined, Text, Writable, joined, render, say
from dialogs.times import at_centre
from domain.commands import Claim
from domain.policies import MISSED


class Wish(StrEnum):
    """What a person wants of a visit that they were told of."""

    COME = "come"
    MOVE = "move"
    CANCEL = "cancel"
    QUIET = "quiet"
    AGAIN = "again"
    LEAVE = "leave"


_OFFERED: Mapping[Wish, Text] = {
    Wish.COME: say("I will come"),
    Wish.MOVE: say("Another time"),
    Wish.CANCEL: say("I cannot come"),
}
_AFTER_MISSED: Mapping[Wish, Text] = {
    Wish.AGAIN: say("Find another time"),
    Wish.LEAVE: say("No, thank you"),
}
QUIET = say("No more reminders")
AS_TOLD = say("Please bring what you were asked to bring when you booked.")

#: The whole of what was said, folded; numbers and labels are known besides.
_PHRASES: dict[Wish, str] = {
    Wish.COME: "yes|y|yep|yeah|ok|okay|k|c|confirm|confirmed|i confirm|i come|i ll come|i ll be there|i will be there|"
    "coming|i am coming|i m coming|see you there|sure|of course|will do|got it|"
    "oui|o|d accord|je viens|je serai la|je viendrai|je confirme|confirme|confirmer|j y serai|bien sur|entendu|"
    "si|s|claro|confirmo|confirmar|confirmado|voy|ire|alli estare|ahi estare|asistire|de acuerdo|vale|por supuesto",
    Wish.MOVE: "another day|other time|different time|different day|later|not then|change it|change|"
    "une autre date|autre date|un autre moment|un autre jour|autre jour|plus tard|changer|"
    "otra hora|otro dia|otra fecha|mas tarde|cambiar|cambiarla",
    Wish.CANCEL: "no|n|nope|can t|cannot|can not|i can t|i cannot|i can t come|i cannot come|i can t make it|"
    "can t make it|not coming|i am not coming|i m not coming|i won t come|i will not come|"
    "non|je ne peux pas|je ne peux pas venir|je ne viens pas|je ne viendrai pas|impossible|"
    "no puedo|no puedo ir|no voy|no ire|no podre ir|no puedo asistir|imposible",
}
_INTENTS = {
    Intent.MOVE: Wish.MOVE,
    Intent.CANCEL: Wish.CANCEL,
    Intent.SET_ASIDE: Wish.CANCEL,
    Intent.QUIET: Wish.QUIET,
}


def offered(kind: str) -> Mapping[Wish, Text]:
    """Return what a message of *kind* offers, in its order."""
    return _AFTER_MISSED if kind == MISSED else _OFFERED


def wish_at(kind: str, number: int) -> Wish | None:
    """Return what was wished by picking the *number*-th thing offered, from 0."""
    wishes = list(offered(kind))
    return wishes[number] if 0 <= number < len(wishes) else None


def wish_in(text: str, kind: str, language: str) -> Wish | None:
    """Return what *text* wishes of a visit, by number, label or words of any language; None when it is no answer."""
    said = _by_phrase().get(fold(text))
    if said is not None:
        return _AS_MISSED.get(said, said) if kind == MISSED else said
    labels = [render(label, language) for label in offered(kind).values()]
    picked = choices.pick(text, labels, language=language)
    if isinstance(picked, int):
        return wish_at(kind, picked)
    return _loosely(text) if kind != MISSED else None


def _loosely(text: str) -> Wish | None:
    """Read a sentence: what it says no to goes before what it says yes to, and a question says neither."""
    folded = fold(text)
    intent = intent_of(text)
    if intent in _INTENTS:
        return _INTENTS[intent]
    if len(folded.split()) > _LONGEST:
        return None
    if intent is not None or courtesy_of(text) is not None:
        return None
    about = wants_change(folded)
    if _CANNOT.search(folded) or about == Intent.CANCEL:
        return Wish.CANCEL
    if about == Intent.MOVE:
        return Wish.MOVE
    return Wish.COME if _COMES.search(folded) and "?" not in text else None


_LONGEST = 12
_CANNOT = re.compile(
    r"\b(?:(?:can t|cant|cannot|can not|won t|will not|not able to|unable to) (?:come|make|be there|attend|go)"
    r"|not (?:be )?(?:coming|there)|(?:peux|pourrai|pourrais|viens|viendrai) (?:pas|plus)"
    r"|no (?:puedo|podre|podemos|voy|ire|iremos)(?: a)?(?: (?:ir|venir|asistir|poder))?)\b"
)
_COMES = re.compile(
    r"\b(?:i (?:will|ll|am|m|can) (?:come|coming|be there|there|make it)|we (?:will|ll) (?:come|be there)|see you"
    r"|je (?:viens|viendrai|serai la|confirme)|nous (?:viendrons|serons la)|a demain"
    r"|(?:si )?(?:voy a ir|alli estare|ahi estare|estare alli|ire manana|iremos)|hasta manana|confirm\w*)\b"
)


class WishReader:
    """Reads the words that answer a reminder."""

    def read(self, said: Said, hearing: Hearing) -> Reading[str]:
        """Return the wish in what was said."""
        wish = wish_in(said.text, "", hearing.language)
        return Took(wish.value) if wish is not None else Missed()


_AS_MISSED = {Wish.COME: Wish.AGAIN, Wish.MOVE: Wish.AGAIN, Wish.CANCEL: Wish.LEAVE}


@functools.cache
def _by_phrase() -> dict[str, Wish]:
    return {phrase: wish for wish, phrases in _PHRASES.items() for phrase in phrases.split("|")}


# ---- what is said


def reminded(claim: Claim, note: Writable | None, *, by_name: bool) -> Joined:
    """Return the words of a reminder; *note* is what the clinic adds."""
    time = at_centre(claim.starts_at, claim.centre)
    if by_name:
        first = say("Reserved for {name}: {time}.", name=first_name(claim), time=time)
    else:
        first = say("Reserved for you: {time}.", time=time)
    reference = say("Reference {reference}.", reference=claim.reference)
    return joined(first, where(claim), *seen_by(claim), reference, note, between="\n")


def seen_by(claim: Claim) -> list[Writable]:
    """Return whom one is to see by name, never what that one is for."""
    return [say("With {practitioner}", practitioner=claim.practitioner.name)] if claim.practitioner else []


def missed(claim: Claim, note: Writable | None) -> Joined:
    """Return the words to somebody who did not come."""
    time = at_centre(claim.starts_at, claim.centre)
    return joined(
        say("We did not see you on {time}. That can happen to anybody. Shall we find another time?", time=time),
        note,
        between="\n",
    )


def values(kind: str, claim: Claim, note: Writable | None) -> tuple[Writable, ...]:
    """Return what is filled into words that were agreed upon: when, where, the reference, what is added."""
    time = at_centre(claim.starts_at, claim.centre)
    if kind == MISSED:
        return (time, claim.centre.name)
    return (time, where(claim), claim.reference, note or say("If you cannot come, somebody else is glad of the place."))


def agreed(kind: str, blanks: Sequence[str]) -> Joined:
    """Return the words that are agreed upon for a message of *kind*, *blanks* standing in place of its `values`."""
    if kind == MISSED:
        time, centre = blanks
        return joined(
            say("We did not see you on {time}. That can happen to anybody. Shall we find another time?", time=time),
            say("It is about your visit at {centre}. You can also write to us here.", centre=centre),
            between="\n",
        )
    time, place, reference, note = blanks
    return joined(
        say("This is a reminder of your visit. Reserved for you: {time}.", time=time),
        say("Where: {place}.", place=place),
        say("Reference {reference}.", reference=reference),
        say("Please note: {note}", note=note),
        say("Please answer with one of the buttons, or write to us here."),
        between="\n",
    )


def where(claim: Claim) -> Joined:
    """Return name and address in one line."""
    centre = claim.centre
    town = " ".join(part for part in (centre.postcode, centre.town) if part)
    return joined(centre.name, centre.address or None, town, between=", ")


def first_name(claim: Claim) -> str:
    """Return by what somebody is called among their own people."""
    return claim.patient_name.split()[0]
