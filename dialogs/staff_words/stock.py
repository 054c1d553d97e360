"""Words about stock: what there is, and that doses came, were used or were lost, with all that is said of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from dialogs.readers.expiry import read_expiry
from dialogs.readers.fold import fold
from dialogs.script import Goto
from domain.staff.stock_commands import Movement

PHRASES: dict[str, str] = {
    "stock": "stock|our stock|show stock|stocks|vaccine stock|doses|le stock|les stocks|notre stock|"
    "existencias|el stock|inventario|las dosis",
}
#: Words that doses are told with; those that may stand alone come first, before the bar.
_KINDS: dict[Movement, tuple[str, str]] = {
    Movement.DELIVERY: (
        (
            "stock in|received|delivery|delivered|recu|recue|recus|recues|livraison|stock recu|"
            "recibido|recibida|recibidos|"
            "recibidas|entrega|entrada de stock"
        ),
        "got|llegaron|recibimos",
    ),
    Movement.LOSS: (
        "wasted|stock lost|doses lost|doses perdues|desperdiciado|desperdiciada|desperdiciadas|dosis perdidas",
        (
            "lost|broken|discarded|thrown away|expired|spoilt|spoiled|perdu|perdus|perdue|perdues|gaspille|gaspilles|"
            "gaspillees|jete|jetes|jetees|casse|casses|cassees|perime|perimes|perimees|perdido|perdida|perdidos|perdidas|"
            "desechado|desechadas|roto|rota|rotas|caducado|caducadas|tirado|tiradas"
        ),
    ),
    Movement.USED: (
        "stock used|doses used|doses utilisees|dosis usadas",
        (
            "used|utilise|utilises|utilisee|utilisees|consomme|consommees|usado|usada|usados|usadas|usamos|utilizado|"
            "utilizadas"
        ),
    ),
}
_CENTURY = date(2026, 1, 1)  # years of two digits are of the same
_NUMBER = re.compile(r"\d{1,5}(?=\s|$)")
_LOT = re.compile(r"\b(?:lote|lots?|batch)\s*[:#]?\s*(?P<lot>[^\s,;]+)", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?:until|till|exp(?:iry|ires?|\.)?(?:\s+on)?|use by|jusqu['’]?(?:au|à|a)|exp(?:ire)?\s+le|p[ée]remption"
    r"|hasta(?:\s+el)?|vence|caduca|caducidad)\s*[:]?\s*(?P<until>.+)$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}/\d{4})\b")
_SMALL = frozenset(("dose", "doses", "dosis", "vial", "vials", "of", "de", "du", "d", "des", "the", "la", "le", "les"))


def _moved(folded: str, text: str) -> Goto | None:
    for kind, (alone, more) in _KINDS.items():
        if folded in alone.split("|"):
            return Goto(script="stock-move", args=(("kind", kind.value),))
        found = re.match(rf"(?:{alone}|{more}) (?=\d{{1,5}}(?: |$))", folded)
        if found is not None:
            rest = " ".join(text.split()[len(found[0].split()) :])
            return Goto(script="stock-move", args=(("kind", kind.value), *_told_in(rest)))
    return None


def _told_in(rest: str) -> Iterator[tuple[str, str]]:
    """Return what is told behind the verb: how many, of which lot, until when, and the words that are left."""
    number = _NUMBER.match(rest)
    if number is None or not int(number[0]):
        return
    yield "doses", str(int(number[0]))
    rest = rest[number.end() :]
    lot = _LOT.search(rest)
    if lot is not None:
        yield "lot", lot["lot"]
        rest = rest[: lot.start()] + rest[lot.end() :]
    told = _UNTIL.search(rest) or _DATE.search(rest)
    if told is not None and (until := read_expiry(told.groupdict().get("until") or told[0], today=_CENTURY)):
        yield "until", until.isoformat()
        rest = rest[: told.start()] + rest[told.end() :]
    words = [word.strip(",;:") for word in rest.split()]
    left = " ".join(word for word in words if word and fold(word) not in _SMALL)
    if left:
        yield "words", left


READERS: tuple[Callable[[str, str], Goto | None], ...] = (_moved,)
