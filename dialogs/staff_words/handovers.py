"""Words about people who want a person: take it, hand it back."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.script import Goto

PHRASES: dict[str, str] = {
    "handover-take": "take it|i take it|take|i take over|take over|who waits|"
    "je prends|je le prends|je la prends|je m en occupe|je m en charge|qui attend|"
    "lo tomo|la tomo|lo cojo|me encargo|yo me encargo|quien espera",
    "hand-back": "hand back|hand it back|hand over to the desk|give back|"
    "rendre|je rends|rendre la main|je rends la main|rends|"
    "devolver|devuelvo|lo devuelvo|devolver la conversacion",
}
READERS: tuple[Callable[[str, str], Goto | None], ...] = ()
