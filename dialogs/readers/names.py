"""Names of people out of what is written around them, and sentences that are no names."""

import functools
import re

from dialogs.readers.birth import LONGEST
from dialogs.readers.fold import fold
from dialogs.readers.leading import without_lead, without_thanks
from dialogs.readers.lexicon import VOCABULARIES
from dialogs.readers.people import OWN, RELATIVES
from domain.patients import tidy_name

_GREETING = (
    "hello|hi there|hey|good (?:morning|afternoon|evening)|bonjour|bonsoir|hola|buenos dias|buenas(?: tardes| noches)?"
)
_NAMED = (
    "i am|i m|it is|it s|this is|that is|that s|call me|they call me|named|name|full name|for|and|for me|the patient is"
    "|(?:my|his|her|their|the|patient|patient s)(?: full| own| complete)? names?(?: is| s)?|(?:he|she) is(?: called)?"
    "|(?:he|she) s called|je m appelle|je suis|c est|moi c est|moi je suis|pour|(?:il|elle) s appelle|et"
    "|(?:mon|son|le|votre)? ?nom(?: complet)?(?: est| c est)?|(?:mon|son) prenom(?: est)?"
    "|me llamo|yo soy|soy|yo me llamo|se llama|ella es|el es|para|para mi"
    "|(?:mi|su|el|tu)? ?nombre(?: completo)?(?: es)?"
)
_RELATIVE = (
    rf"(?:for |pour |para |it s |it is |this is |c est |es )?(?:{OWN}|his|her|sa|son|su) (?:{RELATIVES})"
    r"(?: s)?(?: (?:full )?name)?(?: is| s| est| es)?(?: called| named| s appelle| se llama)?"
)
_LEAD = re.compile(rf"{_GREETING}|{_NAMED}|{_RELATIVE}")

#: Words that only a sentence has, one after another; of themselves they may all be names.
_SENTENCE = re.compile(
    r"\b(?:"
    r"(?:i|you|we|they|he|she|it|this|that|there) (?:am|m|are|re|is|s|was|were|do|does|did|don|dont|didn|can|cannot"
    r"|cant|could|would|will|won|have|haven|has|had|ve|ll|d|want|need|know|think|understand|like|mean|forgot|said|see|prefer"
    r"|already|just|live|wrote)"
    r"|(?:do|does|did|can|could|would|is|are|was|have|what|why|how|when|where|who) (?:i|you|we|they|it|not|is|are|this)"
    r"|(?:don|can|won|didn|isn) t"
    r"|(?:not|never|dont|don t) (?:now|yet|do|book|want|understand|sure|know|me|today|have|keep)"
    r"|(?:je|tu|il|elle|on|nous|vous|ils|ca|ce) (?:ne|n|me|m|te|vous|nous|suis|ai|a|veux|veut|voudrais|peux|peut"
    r"|comprends?|comprenez|sais|est|va|vais|cherche|prefere|pense|parle|dois|souhaite|aimerais|avez|etes|pouvez)"
    r"|(?:j|n|c|qu|d) (?:ai|as|aime|aimerais|est|etait|habite|accord|arrive|en)"
    r"|(?:pas|plus) (?:maintenant|encore|compris|envie|de|du|sur|moi)|(?:ne|n) \w+ pas"
    r"|est ce|qu est|s il vous|s il te|rendez vous"
    r"|no (?:entiendo|comprendo|se$|lo se|quiero|puedo|tengo|es|me|gracias|ahora|hablo|necesito|reservar|soy)"
    r"|(?:me|se|le|lo) (?:puede|pueden|puedo|gustaria|ayuda|ayudan|parece|olvido)|por favor|ahora no|para que|que es"
    r")\b"
    r"|\b(?:please|pls|plz|svp|stp|understand|comprends|comprenez|entiendo|comprendo|quiero|necesito|quisiera|hablo|hable"
    r"|habla|hablan|parlez|parle|speak|speaking|appointment|appointments|booking|bookings|rdv|vaccin|vaccination|vaccine"
    r"|vacuna|reserver|reservar|pourquoi|cuando|donde)\b"
)


def read_name(text: str) -> str | None:
    """Return the name that *text* tells, without "my name is" and the like; None when it is none."""
    text = text[:LONGEST]
    written = without_thanks(without_lead(text, _LEAD))
    written = written.removeprefix("im ")  # as a name, Im is written large
    folded = fold(written)
    if _asks(text) or folded in _answers() or _SENTENCE.search(folded):
        return None
    return tidy_name(written.strip(' ,;:-."“”'))


def is_surely_name(name: str) -> bool:
    """Say whether *name* is one beyond doubt: two words or more, none of which means something else."""
    words = fold(name).split()
    return len(words) > 1 and not _known_words().intersection(words)


def _asks(text: str) -> bool:
    return any(mark in text for mark in "?¿")


@functools.cache
def _answers() -> frozenset[str]:
    """Return what people answer to other questions, in all languages."""
    return frozenset(
        phrase
        for words in VOCABULARIES.values()
        for phrase in f"{words.yes}|{words.no}|{words.polite}|{words.small}|me|moi|yo|myself|thank you".split("|")
    )


@functools.cache
def _known_words() -> frozenset[str]:
    spelled = (f"{words.fillers}|{words.yes}|{words.no}|{words.born}|{words.polite}" for words in VOCABULARIES.values())
    return frozenset("|".join(spelled).replace("|", " ").split())
