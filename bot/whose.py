"""Whose a message is: each contact of a person was heard at a time of its own, and a number may change hands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from dialogs.said import Kind, Said
from dialogs.state import State
from domain.proving import SILENCE
from domain.store.conversations import Opened
from domain.store.work import Work
from domain.telephone import is_number

_NUMBER = re.compile(r"\s*\d{1,2}\s*[.)]?\s*")  # of something in a menu


def heard_in(opened: Opened) -> dict[str, str]:
    """Return when each contact of a conversation was heard, where there are several."""
    return dict((opened.state or {}).get("heard", {}))


def heard_now(heard: Mapping[str, str], opened: Opened, now: datetime) -> dict[str, str]:
    """Return *heard* with the contact that is heard now, where there are several."""
    is_other = opened.last_contact not in (None, opened.contact)
    return {**heard, str(opened.contact): now.isoformat()} if heard or is_other else {}


async def may_be_somebody_else(opened: Opened, heard: Mapping[str, str], work: Work, now: datetime) -> bool:
    """Say whether a number was silent for so long that somebody else may have it, and people are on record with it."""
    if not is_number(opened.address) or opened.state is None:
        return False
    known = heard.get(str(opened.contact))
    heard_at = datetime.fromisoformat(known) if known else opened.heard_at
    if now - max(heard_at, opened.proven_at or heard_at) < SILENCE:
        return False
    return bool(await work.proofs.births(opened.contact))


def as_here(said: Said, opened: Opened, state: State) -> Said:
    """Return *said*, or a choice from no menu: a number alone means what was shown in this very chat."""
    if said.kind != Kind.TEXT or _NUMBER.fullmatch(said.text) is None:
        return said
    notice = state.last_shown()
    if notice is not None and notice.contact is not None:
        return said if notice.contact == opened.contact else Said(kind=Kind.TAP)
    is_elsewhere = opened.last_contact not in (None, opened.contact)
    if is_elsewhere and state.menu is not None and state.menu.shown:
        return Said(kind=Kind.TAP)
    return said
