"""Words about messages to many: "broadcast", "stop the broadcast"."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.script import Goto

PHRASES: dict[str, str] = {
    "broadcast": "broadcast|new broadcast|message to patients|message patients|write to patients|message to all|"
    "diffusion|nouvelle diffusion|message aux patients|ecrire aux patients|envio masivo|difusion|mensaje a pacientes|"
    "mensaje a los pacientes|escribir a los pacientes",
    "broadcasts": "broadcasts|how far is the broadcast|how is the broadcast going|the broadcast|ou en est la diffusion|"
    "la diffusion|como va el envio|como va el envio masivo|el envio masivo",
    "stop-broadcast": "stop the broadcast|stop broadcast|end the broadcast|halt the broadcast|arreter la diffusion|"
    "stopper la diffusion|detener el envio|detener el envio masivo|parar el envio|parar el envio masivo",
}
READERS: tuple[Callable[[str, str], Goto | None], ...] = ()
