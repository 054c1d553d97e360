"""Words that mean something at any point of any conversation, in each language, whatever language it is held in."""

from __future__ import annotations

import functools
import re
from enum import StrEnum

from dialogs.courtesies import without_politeness
from dialogs.readers.fold import fold


class Intent(StrEnum):
    """What a person wants of the desk itself, apart from answering."""

    HELP = "help"
    WHY = "why"
    BACK = "back"
    MENU = "menu"
    REPEAT = "repeat"
    LANGUAGE = "language"
    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    PERSON = "person"
    BOOKINGS = "bookings"
    PAST = "past"
    EMAIL = "email"
    NO_EMAIL = "no-email"
    CANCEL = "cancel"
    MOVE = "move"
    BOOK = "book"
    SET_ASIDE = "set-aside"
    MORE = "more"
    HELLO = "hello"
    LINK = "link"
    NOT_ME = "not-me"
    SILENCE = "silence"
    QUIET = "quiet"
    HERE = "here"


SWITCHES = {Intent.ENGLISH: "en", Intent.FRENCH: "fr", Intent.SPANISH: "es"}

#: The whole of what was said, folded.
_PHRASES: dict[Intent, str] = {
    Intent.HELP: "help|aide|aidez moi|a l aide|ayuda|ayudame|ayudeme|?|help me|info|h",
    Intent.WHY: "why|why do you ask|why do you need that|why do you ask that|pourquoi|pourquoi cette question|"
    "pourquoi demandez vous|pourquoi vous demandez|por que|por que preguntas|por que lo preguntan|para que",
    Intent.BACK: "back|go back|undo|previous|retour|revenir|precedent|en arriere|atras|volver|anterior|regresar",
    Intent.MENU: "menu|main menu|menu principal|home|accueil|inicio|start over|restart|recommencer|empezar de nuevo",
    Intent.REPEAT: "repeat|again|say again|say that again|repeter|repetez|encore|repetir|repite|otra vez|where was i|"
    "what|pardon|comment|como",
    Intent.LANGUAGE: "language|change language|languages|langue|changer de langue|langues|idioma|cambiar idioma|"
    "cambiar de idioma|idiomas|lang",
    Intent.ENGLISH: "english|in english|anglais|ingles|en anglais|en ingles|speak english|do you speak english",
    Intent.FRENCH: "francais|french|en francais|in french|frances|en frances|parlez francais|parlez vous francais",
    Intent.SPANISH: "espanol|spanish|en espanol|in spanish|espagnol|en espagnol|castellano|hable espanol|"
    "habla espanol|hablan espanol",
    Intent.PERSON: "talk to a person|talk to someone|talk to somebody|a person|a human|human|person|agent|operator|"
    "speak to a person|speak to someone|talk to a human|a person please|real person|staff|"
    "parler a une personne|parler a quelqu un|une personne|un humain|humain|personne|conseiller|"
    "parler a un conseiller|parler a un humain|une personne svp|"
    "hablar con una persona|hablar con alguien|una persona|persona|un humano|humano|agente|operador|"
    "hablar con un humano|una persona por favor",
    Intent.BOOKINGS: "my bookings|my booking|my appointments|my appointment|bookings|appointments|"
    "mes rendez vous|mon rendez vous|mes rdv|mon rdv|rendez vous|mes reservations|ma reservation|"
    "mis citas|mi cita|mis reservas|mi reserva|citas|mis turnos",
    Intent.PAST: "past visits|past visit|past bookings|past appointments|my past visits|my past bookings|"
    "my past appointments|old bookings|old appointments|my old bookings|my old appointments|"
    "previous visits|previous appointments|my previous visits|"
    "history|my history|visit history|booking history|earlier visits|"
    "visites passees|mes visites passees|rendez vous passes|mes rendez vous passes|anciens rendez vous|"
    "mes anciens rendez vous|historique|mon historique|mes visites|rdv passes|mes anciens rdv|"
    "visitas pasadas|mis visitas pasadas|citas pasadas|mis citas pasadas|citas anteriores|mis citas anteriores|"
    "historial|mi historial|visitas anteriores",
    Intent.EMAIL: "email|e mail|emails|e mails|mail me|email me|by email|by e mail|email copy|email copies|"
    "send me a copy|my email|my e mail|my email address|change my email|change email|"
    "courriel|mon e mail|mon email|mon mail|mon courriel|mon adresse e mail|mon adresse mail|adresse e mail|"
    "par e mail|par email|par mail|par courriel|envoyez moi une copie|changer mon e mail|"
    "correo|correo electronico|mi correo|mi correo electronico|por correo|por correo electronico|por email|"
    "envieme una copia|mandeme una copia|cambiar mi correo",
    Intent.NO_EMAIL: "no email|no e mail|no emails|no e mails|no more email|no more emails|no more e mails|stop emails|"
    "stop e mails|stop emailing me|remove my email|delete my email|forget my email|remove my e mail|without email|"
    "pas d e mail|pas d email|pas d e mails|pas de mail|pas de mails|pas de courriel|plus d e mail|plus d e mails|"
    "plus d emails|plus de mail|plus de mails|plus de courriel|plus de courriels|sans e mail|supprimer mon e mail|"
    "sin correo|sin correos|ningun correo|no mas correos|no quiero correos|sin email|borrar mi correo|"
    "elimine mi correo",
    Intent.BOOK: "book|book an appointment|new booking|new appointment|make an appointment|make a booking|"
    "reserver|prendre rendez vous|prendre un rendez vous|nouveau rendez vous|prendre rdv|"
    "reservar|pedir cita|nueva cita|reservar una cita|sacar cita|reservar cita",
    Intent.SET_ASIDE: "cancel|cancel it|forget it|annuler|annule|annulez|cancelar|cancela|anular|cancelalo",
    Intent.MOVE: "move|move it|reschedule|deplacer|le deplacer|mover|moverla|reporter|reprogramar|aplazar",
    Intent.MORE: "more|show more|others|other|more times|more places|another|next|plus|autres|voir plus|suite|"
    "d autres|encore plus|suivant|mas|ver mas|otros|otras|siguiente",
    Intent.QUIET: "no reminders|no more reminders|no reminders for this visit|stop reminders|stop reminding me|"
    "plus de rappels|plus de rappel|pas de rappel|pas de rappels|aucun rappel|"
    "sin recordatorios|no mas recordatorios|ningun recordatorio|no quiero recordatorios",
    Intent.HERE: "here|i am here|i m here|im here|i am here now|we are here|i am waiting|i m waiting|i am ready|"
    "i have arrived|i ve arrived|i arrived|arrived|"
    "je suis la|je suis ici|je suis arrive|je suis arrivee|nous sommes la|je suis sur place|"
    "j attends|je suis pret|je suis prete|estoy esperando|estoy listo|estoy lista|"
    "ya estoy aqui|estoy aqui|ya estoy|he llegado|ya he llegado|ya llegue|llegue|estamos aqui",
    Intent.HELLO: "hello|hi|hey|good morning|good afternoon|good evening|hi there|hello there|"
    "bonjour|salut|bonsoir|coucou|hola|buenos dias|buenas tardes|buenas noches|buenas",
    Intent.NOT_ME: "wrong number|wrong person|this is not me|that is not me|it is not me|this isn t me|that isn t me|"
    "that s not me|it s not me|you have the wrong number|you have the wrong person|i have a new number|"
    "i ve got a new number|i got a new number|this is a new number|my number is new|new number|"
    "mauvais numero|faux numero|erreur de numero|mauvaise personne|ce n est pas moi|c est pas moi|"
    "vous vous trompez de numero|vous vous trompez de personne|j ai un nouveau numero|nouveau numero|"
    "j ai change de numero|mon numero est nouveau|"
    "numero equivocado|persona equivocada|se equivoca de numero|se equivoca de persona|no soy yo|ese no soy yo|"
    "esa no soy yo|tengo un numero nuevo|tengo un nuevo numero|tengo numero nuevo|numero nuevo|nuevo numero|"
    "he cambiado de numero|cambie de numero",
}

#: Another chat of the same person's, named or not.
_CHAT = (
    r"(?: (?:to|with|my|a|an|the|this|another|other|second|mon|ma|mes|un|une|autre|a|avec|mi|mis|otro|otra|el|la|con"
    r"|chats?|conversations?|phones?|numbers?|accounts?|apps?|telegram|whatsapp|sms|telephone|portable|numeros?"
    r"|comptes?|telefono|movil|celular|cuentas?|conversacion|conversaciones))*"
)
_LINKS = re.compile(
    rf"(?:link|connect|lier|relier|connecter|vincular|enlazar|conectar){_CHAT}"
    r"|i (?:also )?(?:use|have|am on|m on) (?:also )?(?:telegram|whatsapp|sms)(?: too| as well)?"
    r"|(?:j utilise|j ai|je suis) aussi (?:sur )?(?:telegram|whatsapp)"
    r"|(?:tambien (?:uso|tengo|estoy en)|(?:uso|tengo|estoy) tambien(?: en)?) (?:telegram|whatsapp)"
)
_LINKS_CODE = re.compile(r"(?:link|connect|lier|relier|connecter|vincular|enlazar|conectar) (\d{3}) ?(\d{3})")

#: Somebody to talk to, named behind a verb of talking: a name or a town does not look so.
_SOMEBODY = (
    r"(?:talk|speak|chat) (?:to|with) (?:(?:a|an|some|the|your|real|actual|live|human) )*"
    r"(?:person|people|humans?|being|someone|somebody|agent|operator|staff|colleague|nurse|doctor|receptionist)\b"
    r"|(?:want|need|get me|give me) (?:(?:a|an|some|real|actual|live|human) )+(?:person|human|being|operator|agent)\b"
    r"|parler (?:a|avec) (?:(?:une?|des|un e|vrai|vraie|etre|votre) )*"
    r"(?:personnes?|quelqu un|humains?|conseill\w+|agent|operat\w+|collegue|secretaire|medecin|infirmi\w+)\b"
    r"|hablar con (?:(?:una?|el|la|su|ser|otra) )*"
    r"(?:persona|alguien|humano|agente|operador\w*|companero|medico|doctora?|enfermer\w+|recepcion\w*)\b"
)
_WANTS_PERSON = re.compile(rf"\b(?:{_SOMEBODY})")
_NOT_WANTED = re.compile(
    r"\b(?:(?:don t|dont|do not|not|never) (?:(?:want|need|wish|like|have) )?(?:to )?"
    r"|(?:ne|n) \w+ (?:pas|plus) (?:a |besoin de )?|(?:pas|plus) (?:envie |besoin )?(?:de )?"
    r"|no (?:quiero|necesito|deseo|hace falta|quisiera|tengo que) |sin )$"
)
_WANTS_HELP = re.compile(
    r"\b(?:help me|need (?:some |your )?help|aidez moi|aide moi|besoin d aide|m aider|ayudeme|ayudame|necesito ayuda"
    r"|ayudarme)$"
)

#: E-mail, named behind a verb of sending or a word for what is sent.
_ABOUT_EMAIL = re.compile(
    r"\b(?:send|mail|copy|copies|get|receive|want|like)\b.*\be ?mails?\b"
    r"|\b(?:envoy\w+|copies?|recevoir|veux|voudrais)\b.*\b(?:e ?mails?|mails?|courriels?)\b"
    r"|\b(?:copias?|envi\w+|mand\w+|recibir|quiero|quisiera)\b.*\bcorreos?\b"
)
_NONE_OF_IT = frozenset(["no", "not", "don", "dont", "stop", "never", "pas", "plus", "aucun", "sin", "ningun", "nunca"])

_ABOUT_BOOKING = frozenset(
    [
        "booking",
        "bookings",
        "appointment",
        "appointments",
        "visit",
        "reservation",
        "reservations",
        "rendez",
        "rdv",
        "cita",
        "citas",
        "reserva",
        "reservas",
        "turno",
        "turnos",
        "visite",
        "visita",
    ]
)
_CANCELS = frozenset(
    ["cancel", "cancelling", "annuler", "annule", "annulez", "annulation", "cancelar", "cancela", "anular", "anula"]
)
_MOVES = frozenset(
    [
        "move",
        "reschedule",
        "change",
        "postpone",
        "rebook",
        "deplacer",
        "deplace",
        "modifier",
        "modifie",
        "reporter",
        "decaler",
        "changer",
        "mover",
        "mueve",
        "cambiar",
        "cambia",
        "aplazar",
        "reprogramar",
        "modificar",
    ]
)
_LONGEST = 8

#: A greeting tells which language somebody speaks.
_GREETINGS = {
    "en": ["hello", "hi", "hey", "good"],
    "fr": ["bonjour", "salut", "bonsoir", "coucou"],
    "es": ["hola", "buenos", "buenas"],
}


@functools.cache
def _by_phrase() -> dict[str, Intent]:
    return {fold(phrase) or phrase: intent for intent, text in _PHRASES.items() for phrase in text.split("|")}


def intent_of(text: str) -> Intent | None:
    """Return what *text* as a whole asks of the desk, if it does; a person may be asked for within a sentence."""
    stripped = text.strip()
    folded = fold(stripped.removeprefix("/").partition("@")[0] if stripped.startswith("/") else stripped)
    bare = without_politeness(folded)
    found = _by_phrase().get(folded or stripped) or _by_phrase().get(bare)
    if found is not None:
        return found
    words = folded.split()
    if _LINKS.fullmatch(bare):
        return Intent.LINK
    if _wishes(_WANTS_PERSON, folded):
        return Intent.PERSON
    if _wishes(_WANTS_HELP, bare):
        return Intent.HELP
    if _WHY_SILENT.search(folded):
        return Intent.SILENCE
    if "@" not in text and len(words) <= _LONGEST and _ABOUT_EMAIL.search(folded):
        return Intent.NO_EMAIL if _NONE_OF_IT.intersection(words) else Intent.EMAIL
    if len(words) > _LONGEST or not _ABOUT_BOOKING.intersection(words):
        return None
    return wants_change(folded)


def wants_change(folded: str) -> Intent | None:
    """Return whether a folded text that is about a booking wants it cancelled or moved."""
    words = folded.split()
    if _CANCELS.intersection(words):
        return Intent.CANCEL
    return Intent.MOVE if _MOVES.intersection(words) else None


def code_in(text: str) -> str | None:
    """Return the code that somebody types to link a chat: "link 123456"."""
    found = _LINKS_CODE.fullmatch(without_politeness(fold(text[:60])))
    return f"{found[1]}{found[2]}" if found else None


_MESSAGE = r"(?:a |any |my |the )?(?:reminders?|messages?|texts?|sms|anything|word)"
_MENSAJE = r"(?:nada|ningun (?:mensaje|recordatorio|aviso|sms)|el recordatorio|noticias)"
#: Somebody wonders that they hear nothing from us.
_WHY_SILENT = re.compile(
    "|".join(
        (
            r"\bwhy (?:have|did|do|am) i (?:not )?(?:heard?|got|get|received?|getting) (?:nothing|no|anything)\b",
            r"\bwhy (?:have|did|do) you not (?:write|written|text|texted|remind|reminded)\b|\bwhy was i not reminded\b",
            r"^(?:i )?(?:(?:have|ve) )?(?:heard|got|received) (?:nothing|no (?:reminders?|messages?|texts?|sms))\b",
            rf"\b(?:did not|didn t|have not|haven t|never) (?:get|got|receive|received|hear|heard) {_MESSAGE}\b",
            r"\bn ai (?:rien recu|recu (?:aucun|pas de) (?:message|rappel|sms))\b",
            r"\bn ai pas (?:eu|recu) (?:de|mon|le) (?:message|rappel|sms|nouvelles)\b|\baucune nouvelle de vous\b",
            rf"\bno (?:he recibido|recibi|me ha llegado|me llego) {_MENSAJE}\b",
            r"\bpor que no me (?:avisan|avisaron|escriben|recuerdan)\b",
        )
    )
)


def _wishes(wish: re.Pattern[str], folded: str) -> bool:
    """Say whether a text has *wish* in it and does not say no to it."""
    found = wish.search(folded)
    return found is not None and _NOT_WANTED.search(folded[: found.start()]) is None


def greeted_in(text: str) -> str | None:
    """Return the language of a greeting that *text* begins with."""
    first = (fold(text).split() or [""])[0]
    return next((language for language, words in _GREETINGS.items() if first in words), None)
