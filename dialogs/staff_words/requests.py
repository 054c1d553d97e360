"""Words about requests, and being there for a visit by video."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.script import Goto

PHRASES: dict[str, str] = {
    "requests": "requests|open requests|my requests|who asks|demandes|mes demandes|les demandes|demandes en attente|"
    "solicitudes|mis solicitudes|las solicitudes|solicitudes pendientes",
    "present": "i am here|i m here|i am there|i am ready|ready|je suis la|je suis pret|je suis prete|pret|prete|"
    "estoy aqui|ya estoy aqui|estoy listo|estoy lista|listo|lista",
}
READERS: tuple[Callable[[str, str], Goto | None], ...] = ()
