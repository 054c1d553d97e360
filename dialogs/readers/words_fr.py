"""French words about time: kind of token, its number, the phrases separated by bars."""

from dialogs.readers.vocabulary import Vocabulary, counted

FRENCH = Vocabulary(
    phrases={
        "n": counted(
            "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix_sept"
            " dix_huit dix_neuf vingt vingt_et_un vingt_deux vingt_trois vingt_quatre vingt_cinq vingt_six vingt_sept"
            " vingt_huit vingt_neuf trente trente_et_un",
            start=2,
        )
        | {40: "quarante", 45: "quarante cinq", 50: "cinquante"},
        "o": {1: "premier"},
        "i": {1: "un|une"},
        "m": {
            1: "janvier|janv|jan",
            2: "fevrier|fevr|fev|feb",
            3: "mars",
            4: "avril|avr",
            5: "mai",
            6: "juin|jun",
            7: "juillet|juil|jul",
            8: "aout|aou",
            9: "septembre",
            10: "octobre|oct",
            11: "novembre|nov",
            12: "decembre|dec",
        },
        "w": {
            0: "lundi|lun",
            1: "mardi|mar",
            2: "mercredi|mer|mercr",
            3: "jeudi|jeu",
            4: "vendredi|ven|vend",
            5: "samedi|sam",
            6: "dimanche|dim",
        },
        "W": {
            1: "lundis",
            2: "mardis",
            4: "mercredis",
            8: "jeudis",
            16: "vendredis",
            32: "samedis",
            64: "dimanches",
            31: "en semaine|jours de semaine|jour de semaine|un jour de semaine|les jours ouvrables"
            "|jours ouvres|jours ouvrables",
            96: "weekends|week ends|les week ends|les weekends",
        },
        "r": {
            0: "aujourd hui|aujourdhui|auj|ce jour",
            1: "demain|le lendemain",
            2: "apres demain|apresdemain",
        },
        "u": {1: "jour|jours"},
        "k": {1: "semaine|semaines", 2: "quinzaine"},
        "K": {1: "mois"},
        "E": {0: "week end|weekend"},
        "tE": {0: "ce week end|ce weekend"},
        "x": {0: "prochain|prochaine|prochains|prochaines", 1: "qui vient|a venir|qui arrive"},
        "t": {0: "ce|cet|cette|ces|le reste de la|le reste du|le courant de la"},
        "tk": {0: "dans la semaine|en cours de semaine|courant de la semaine|dans le courant de la semaine"},
        "j": {
            3: "debut|au debut de|en debut de|au debut|courant debut|le debut",
            1: "mi|milieu|au milieu|en milieu",
            2: "fin|a la fin|en fin|la fin|vers la fin|vers fin",
        },
        "I": {0: "dans|en|au mois"},
        "V": {0: "d ici|d ici a|sous"},
        "z": {7: "en huit", 14: "en quinze"},
        "h": {0: "h|heure|heures|hr|hrs"},
        "c": {720: "midi|midi pile"},
        "J": {
            30: "et demie|et demi",
            15: "et quart|et le quart",
            -15: "moins le quart|moins quart",
            -5: "moins cinq",
            -10: "moins dix",
            -20: "moins vingt",
            -25: "moins vingt cinq",
        },
        "q": {
            12: "matin|matins|le matin|les matins|du matin|au matin|en matinee|dans la matinee|matinee"
            "|la matinee|un matin",
            10: "debut de matinee|en debut de matinee|tot le matin|le matin tot|tot dans la matinee",
            911: "milieu de matinee|en milieu de matinee",
            1012: "fin de matinee|en fin de matinee|a la fin de la matinee",
            1214: "le midi|les midis|entre midi et deux|a l heure du dejeuner|pause dejeuner"
            "|a la pause dejeuner|sur ma pause dejeuner",
            1218: "apres midi|apresmidi|aprem|apres midis|l apres midi|les apres midi|les apres midis"
            "|d apres midi|de l apres midi|dans l apres midi|en apres midi|un apres midi|l aprem|aprm",
            1215: "debut d apres midi|en debut d apres midi|debut de l apres midi|tot dans l apres midi",
            1416: "milieu d apres midi|en milieu d apres midi",
            1518: "fin d apres midi|en fin d apres midi|fin de l apres midi|tard dans l apres midi",
            1724: "soir|soirs|le soir|les soirs|du soir|au soir|en soiree|soiree|dans la soiree|la soiree"
            "|apres le travail|apres le boulot",
            1620: "fin de journee|en fin de journee|a la fin de la journee",
        },
        "e": {1: "le"},
        "l": {0: "la|l"},
        "L": {0: "les"},
        "f": {0: "de|d|du mois de|de la|au mois de|le mois de"},
        "F": {0: "du"},
        "a": {0: "a"},
        "_": {0: "au"},
        "b": {0: "entre"},
        "s": {0: "a partir de|a partir du|a partir d|a compter de|a compter du|des|pas avant"},
        "U": {
            0: "jusqu a|jusqu au|jusque|pas plus tard que|pas apres",
            1: "au plus tard|au plus tard a",
        },
        "<": {0: "avant|avant le|avant les|plus tot que"},
        ">": {0: "apres|apres le|passe|plus tard que"},
        "~": {0: "vers|environ|aux environs de|aux alentours de|autour de"},
        "B": {
            1: "ou plus tard|et plus tard|et apres|ou apres|et au dela|minimum",
            -1: "ou plus tot|ou avant|et avant|maximum|dernier delai|grand maximum",
        },
        "O": {0: "ou|ou bien|ou alors|ou sinon|ou encore|sinon|soit"},
        "&": {0: "et|et aussi"},
        "!": {
            0: "pas|sauf|mais pas|excepte|hormis|hors|a part|je ne peux pas|je peux pas"
            "|je ne peux pas venir|je ne suis pas disponible|je ne suis pas libre|pas dispo"
            "|pas disponible|pas libre|pas possible|tout sauf|n importe quand sauf"
            "|n importe quel jour sauf|tous les jours sauf|jamais|surtout pas|ni|quand vous voulez sauf"
        },
        "y": {
            0: "n importe quel|tous les|chaque|seulement|uniquement|que|rien que|toujours|exclusivement"
            "|je ne peux que|je peux que le"
        },
        "Y": {
            0: "n importe quand|peu importe|n importe quel jour|n importe quelle heure"
            "|a n importe quelle heure|quand vous voulez|quand vous pouvez|ca m est egal|tous les jours"
            "|pas de preference|sans preference|n importe|n importe quelle date|toute la journee"
            "|quelle que soit l heure"
        },
        "A": {
            1: "au plus tot",
            0: "le plus tot possible|des que possible|au plus vite|le plus vite possible|le plus tot|asap"
            "|le plus rapidement possible|rapidement|tout de suite|immediatement"
            "|la premiere disponibilite|premiere disponibilite|premiere date disponible"
            "|la premiere date disponible|le premier creneau|premier creneau"
            "|le premier creneau disponible|premier creneau disponible|le premier rendez vous possible"
            "|le premier disponible|la premiere date|la premiere date possible|le prochain creneau|vite"
            "|bientot|sans tarder|le prochain creneau disponible|le plus proche|la date la plus proche"
            "|le premier rendez vous disponible",
        },
        "Q": {
            0: "tot|de bonne heure|a la premiere heure|premiere heure|des l ouverture|a l ouverture"
            "|en tout debut de journee|en debut de journee|debut de journee|des le matin"
            "|premiere heure du matin"
        },
    },
    after_number={"sept": ("m", 9), "sep": ("m", 9)},
    fillers=(
        "s il vous plait|s il te plait|sil vous plait|svp|stp|merci|merci beaucoup|bonjour|bonsoir"
        "|bonne journee|bonne soiree|bonne fin de journee|salut|oui|ok|d accord|pour|pour le|pour la"
        "|pour les|alors|donc|plutot|peut etre|si possible|si c est possible|de preference|idealement"
        "|eventuellement|je|j|je voudrais|j aimerais|je souhaite|je souhaiterais|je veux|je prefere"
        "|je prefererais|je peux|je pourrais|je pourrai|est ce que je peux|est ce que|est ce possible"
        "|puis je|pourrais je|peut on|on peut|c est possible|serait il possible|possible|avez vous"
        "|vous avez|auriez vous|est ce que vous avez|y a t il|quelque chose|une place|de la place"
        "|des disponibilites|une disponibilite|disponible|dispo|libre|je suis libre|je suis disponible"
        "|je suis dispo|un rendez vous|rendez vous|un rdv|rdv|mon choix|venir|passer|prendre|avoir"
        "|reserver|un creneau|creneau|des creneaux|ce serait|ce serait bien|ca serait|serait|serait bien"
        "|serait parfait|serait mieux|c est|c est bien|c est bon|bien|parfait|super|ca|ca va|me va"
        "|me convient|me conviendrait|m irait|m arrange|m arrangerait|convient|conviendrait|ca marche"
        "|ca me va|disons|mettons|mettez|mettez moi|la date du|date|la date|heure de|vers quelle heure|on"
        "|dans la journee|courant|exactement|pile|precises|mais|aussi|un truc|si vous pouvez|si vous avez"
        "|le jour de|un moment|deplacer au|decaler au|reporter au|deplacez le au|changer pour"
        "|avec le docteur|le docteur|docteur|le medecin|un medecin|voir le medecin|voir un medecin"
        "|voir le docteur|voir quelqu un|de passer|de venir|venir vous voir"
    ),
    yes=(
        "oui|o|ouais|ouai|wi|ok|okay|d accord|daccord|dac|bien sur|bien entendu|volontiers|parfait"
        "|c est bon|ca marche|ca me va|entendu|absolument|tout a fait|exactement|avec plaisir|oui merci"
        "|je confirme|confirme|exact|c est ca|allez y|vas y|evidemment|si|yes|yep|je suis d accord"
    ),
    no="non|n|nan|non merci|pas vraiment|pas du tout|pas maintenant|no|nope|jamais|negatif|surtout pas|absolument pas",
    ordinals=(
        "premier premiere|deuxieme second seconde|troisieme|quatrieme|cinquieme|sixieme|septieme|huitieme"
        "|neuvieme|dixieme|onzieme|douzieme"
    ),
    last="dernier derniere",
    counting="numero|number|num|no|nr|n|option|choix|le choix|l option|reponse|chiffre|nombre|tapez|proposition|opt",
    one="un|une|uns",
    negating="pas|non|sauf|sans|jamais|mais|ni|excepte|hormis|autre|ne|plus|plutot que",
    small="le|la|les|l|un|une|des|du|de|d|a|au|en|et|pour|s il vous plait|svp|merci|sur|dans|ce|cette|avec",
    polite="s|il|vous|te|plait|svp|stp|merci|beaucoup",
    choosing="je|j|prends|prendrai|prend|veux|voudrais|aimerais|choisis|prefere|souhaite|donnez|moi|oui|ok|d accord",
    common="autre|autres|changer|voir|nouveau|nouvelle|meme|mon|ma|mes|plus|tous|toutes|derniere|dernier",
    born="ne|nee|ne e|je suis ne|je suis nee|date de naissance|naissance|ddn|date naissance|anniversaire",
)
