"""The scripts: each reads like the conversation it leads. `SCRIPTS` names them all."""

from __future__ import annotations

from dialogs.scripts.book import book
from dialogs.scripts.booked import instead
from dialogs.scripts.displaced import displaced
from dialogs.scripts.email import email
from dialogs.scripts.here import here
from dialogs.scripts.home import home
from dialogs.scripts.language import language
from dialogs.scripts.link import link
from dialogs.scripts.manage import manage
from dialogs.scripts.past import past
from dialogs.scripts.person import person
from dialogs.scripts.prove import prove
from dialogs.scripts.reminder import reminder
from dialogs.scripts.silence import silence
from dialogs.scripts.staff import STAFF_SCRIPTS
from dialogs.stage import Maker

SCRIPTS: dict[str, Maker] = {
    "home": home,
    "here": here,
    "book": book,
    "manage": manage,
    "past": past,
    "email": email,
    "language": language,
    "person": person,
    "reminder": reminder,
    "displaced": displaced,
    "link": link,
    "prove": prove,
    "silence": silence,
    "instead": instead,
    **STAFF_SCRIPTS,
}
