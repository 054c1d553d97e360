"""What a list is to be limited to: some days or times of day, centres without steps, or nothing any more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from dialogs.readers.constraint import When
from dialogs.readers.fold import fold
from dialogs.readers.leading import without_lead, without_thanks
from dialogs.readers.when import read_when

LONGEST = 120
ANY_DAY = When()
#: "Only Saturday" is every Saturday, where "Saturday" may be the coming one alone.
_ONLY = {"en": "only", "fr": "seulement", "es": "solo"}
_LEAD = re.compile(
    "and|but|please|only|just|show(?: me)?|i (?:want|need|can|would like)|(?:that|which|who) (?:is|are|have)|with|open"
    "|opened|opening|(?:the )?(?:ones?|those|cent(?:re|er)s?|places?)(?: (?:that|which))?(?: (?:is|are|have))?"
    "|(?:a )?(?:free )?(?:place|slot)s?|available|filter(?: by)?|it has to be|must be"
    "|et|mais|seulement|uniquement|juste|je (?:veux|peux|voudrais)|montrez(?: moi)?|ouverte?s?|qui (?:est|sont|ouvrent)"
    "|(?:les?|un) centres?|ceux|celui|avec|(?:une )?places?(?: libres?)?|disponibles?|filtrer(?: par)?|que"
    "|y|pero|solo|solamente|unicamente|quiero|puedo|necesito|mostrar|muestre(?:me)?|abiert[oa]s?|que (?:esten?|abran?)"
    "|(?:los?|un) centros?|l[oa]s que|con|(?:un )?(?:sitio|hueco|cita)s?(?: libres?)?|disponibles?|filtrar(?: por)?"
    "|abren?|que abren?"
)
_ANY_DAY = re.compile(
    "(?:on )?(?:any|all|every|whichever|whatever|other) (?:days?|dates?|times?)(?: too)?|anytime|whenever"
    "|(?:on )?no matter when|(?:le )?n importe (?:quel jour|quelle date|quand)|tous les jours|toutes les dates"
    "|peu importe(?: (?:le jour|quand|la date))?|(?:d )?autres jours|quand (?:vous|tu) vou\\w+"
    "|cualquier (?:dia|fecha|hora|momento)|todos los dias|todas las fechas|cuando sea|otros dias"
    "|(?:me )?da igual(?: el dia| la fecha| cuando)?|no importa (?:el dia|cuando)"
)
_NO_LIMIT = re.compile(
    "(?:no|without|remove|drop|clear|delete|cancel)(?: (?:the|a|any|all))? filters?|unfiltered"
    "|(?:sans|enlever|supprimer|retirer|annuler)(?: (?:le|les|tous les))? filtres?"
    "|(?:sin|quitar|borrar|eliminar|cancelar)(?: (?:el|los|ningun))? filtros?"
)
_STEP_FREE = re.compile(
    r"\b(?:(?:for |in |on |with |using |i (?:use|am in|have) )?(?:an? |my )?wheel ?chairs?"
    r"(?: (?:access|accessible|friendly|user|ramp|lift))*|step ?free(?: access| entrance)?"
    r"|(?:no|without(?: any)?) (?:steps?|stairs?)|accessib(?:le|ility)|(?:disabled|level) access|barrier free"
    r"|(?:en |avec (?:un )?)?(?:acces )?(?:(?:en|pour) )?fauteuils?(?: roulants?)?|(?:acces )?pmr|mobilite reduite"
    r"|(?:acces )?(?:de )?plain pied|sans (?:marches?|escaliers?)|acces handicapes?|accessibilite"
    r"|(?:en |con )?(?:una )?sillas? de ruedas|(?:acceso )?sin (?:escalon(?:es)?|escaleras?|barreras)|accesibles?"
    r"|movilidad reducida|acceso (?:para )?(?:minusvalidos|discapacitados)|accesibilidad)\b"
)
_NOT = re.compile(
    r"\b(?:no|not|without|don t|dont|never|sans|pas|plus|sin)"
    r"(?: (?:need|want|use|a|the|de|d|un|besoin|necesito|la))*$"
)
_NOT_NEEDED = re.compile(r"^(?: (?:access|is|are|n est|no es|es))*(?: (?:not|pas) (?:needed|necessary|necessaire))")
_WITH_OR_WITHOUT = re.compile("with or without steps|avec ou sans marches|con o sin escalones")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What was said to limit a list, None where nothing was said: `ANY_DAY` and False take a limit away."""

    days: When | None = None
    step_free: bool | None = None


def read_limits(text: str, *, language: str, now: datetime) -> Limits | None:
    """Return what *text* says to limit a list, or None; *now* is the wall time where the days count."""
    said = fold(text)
    if not said or len(text) > LONGEST:
        return None
    if _NO_LIMIT.fullmatch(said):
        return Limits(days=ANY_DAY, step_free=False)
    if _WITH_OR_WITHOUT.fullmatch(said):
        return Limits(step_free=False)
    found = _STEP_FREE.search(said)
    if found is None:
        days = _read_days(text, language, now)
        return Limits(days=days) if days is not None else None
    before, behind = said[: found.start()], said[found.end() :]
    is_needed = _NOT.search(before.rstrip()) is None and _NOT_NEEDED.match(behind) is None
    beside = f"{before} {behind}" if is_needed else ""
    return Limits(days=_read_days(beside, language, now), step_free=is_needed)


def _read_days(text: str, language: str, now: datetime) -> When | None:
    """Read days in *language*, else in one of the others."""
    code = language[:2].lower()
    bare = without_lead(without_thanks(text), _LEAD)
    if _ANY_DAY.fullmatch(fold(bare)):
        return ANY_DAY
    for one in dict.fromkeys((code, *_ONLY)):
        found = read_when(f"{_ONLY.get(one, _ONLY['en'])} {bare}", language=one, now=now) if bare else None
        found = found or read_when(bare, language=one, now=now)
        if found is not None and not found.soonest:
            return found
    return None
