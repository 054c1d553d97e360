"""Spanish words about time: kind of token, its number, the phrases separated by bars."""

from dialogs.readers.vocabulary import Vocabulary, counted

SPANISH = Vocabulary(
    phrases={
        "n": counted(
            "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete"
            " dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis"
            " veintisiete veintiocho veintinueve treinta treinta_y_uno"
        )
        | {40: "cuarenta", 45: "cuarenta y cinco", 50: "cincuenta"},
        "o": {1: "primero"},
        "i": {1: "un|una"},
        "m": {
            1: "enero|ene",
            2: "febrero|feb",
            3: "marzo",
            4: "abril|abr",
            5: "mayo|may",
            6: "junio|jun",
            7: "julio|jul",
            8: "agosto|ago|agos",
            9: "septiembre|setiembre|sept|sep|set",
            10: "octubre|oct",
            11: "noviembre|nov",
            12: "diciembre|dic",
        },
        "w": {
            0: "lunes|lun",
            1: "martes|mar",
            2: "miercoles|mie|mier|miercole",
            3: "jueves|jue",
            4: "viernes|vie|vier",
            5: "sabado|sab",
            6: "domingo|dom",
        },
        "W": {
            32: "sabados",
            64: "domingos",
            31: "entre semana|dias laborables|dias habiles|dia laborable|dia de semana|un dia de semana"
            "|de lunes a viernes|dias de semana|dia de diario",
            96: "fines de semana|los fines de semana|findes|los findes",
        },
        "r": {
            0: "hoy|hoy mismo",
            1: "manana|manana mismo|al dia siguiente",
            2: "pasado manana|pasado",
        },
        "u": {1: "dia|dias"},
        "k": {1: "semana|semanas", 2: "quincena"},
        "K": {1: "mes|meses"},
        "E": {0: "fin de semana|finde|fin de sem"},
        "x": {
            0: "proximo|proxima|proximos|proximas",
            1: "que viene|que entra|entrante|siguiente|que vienen",
        },
        "t": {0: "este|esta|estos|estas|lo que queda de|el resto de|resto de|lo que queda de la|lo que queda del"},
        "tq": {12: "esta manana", 1220: "esta tarde", 1924: "esta noche"},
        "j": {
            3: "principios de|a principios de|principio de|a principio de|comienzos de|a comienzos de"
            "|inicios de|a inicios de|primeros de|a primeros de",
            1: "mediados de|a mediados de|mitad de|a mitad de",
            2: "finales de|a finales de|fines de|a fines de|final de|a final de|fin de|ultimos de|a ultimos de",
        },
        "I": {0: "en|dentro de|en el mes de"},
        "V": {0: "en menos de|de aqui a"},
        "Inu": {8: "en ocho dias"},
        "z": {7: "en ocho"},
        "h": {0: "h|hora|horas|hrs|hs|en punto"},
        "c": {720: "las doce del mediodia|12 del mediodia"},
        "J": {
            30: "y media",
            15: "y cuarto",
            -15: "menos cuarto",
            5: "y cinco",
            10: "y diez",
            20: "y veinte",
            25: "y veinticinco",
            -5: "menos cinco",
            -10: "menos diez",
            -20: "menos veinte",
            -25: "menos veinticinco",
        },
        "p": {0: "am", 1: "pm"},
        "q": {
            12: "por la manana|de la manana|en la manana|a la manana|la manana|las mananas"
            "|por las mananas|mananas|en las mananas|por la mananita",
            10: "temprano por la manana|temprano en la manana|por la manana temprano|muy temprano",
            911: "a media manana|media manana",
            1012: "a ultima hora de la manana|ultima hora de la manana|al final de la manana",
            1215: "mediodia|al mediodia|a mediodia|a medio dia|al medio dia|medio dia|a la hora de comer"
            "|del mediodia|a la hora del almuerzo",
            1220: "por la tarde|de la tarde|en la tarde|a la tarde|la tarde|las tardes|por las tardes"
            "|tardes|tarde|en las tardes",
            1316: "a primera hora de la tarde|primera hora de la tarde",
            1618: "a media tarde|media tarde",
            1720: "a ultima hora de la tarde|ultima hora de la tarde|al final de la tarde"
            "|al final del dia|a ultima hora|ultima hora|despues del trabajo|despues de trabajar"
            "|al salir del trabajo",
            1924: "por la noche|de la noche|en la noche|a la noche|la noche|noche|noches|por las noches|las noches",
        },
        "e": {0: "el|el dia"},
        "l": {0: "la|lo"},
        "L": {0: "los"},
        "f": {0: "de|de el|de la|del mes de"},
        "F": {0: "del"},
        "@": {0: "a las|a la|las"},
        "_": {0: "a|al"},
        "b": {0: "entre"},
        "s": {0: "desde|a partir de|a partir del|no antes de|no antes del|empezando el"},
        "U": {
            0: "hasta|no despues de|no despues del|no mas tarde de",
            1: "a mas tardar|como muy tarde|como maximo",
        },
        "<": {0: "antes de|antes de las|antes de la|antes del|antes que"},
        ">": {0: "despues de|despues de las|despues de la|despues del|pasadas las|pasada la|mas tarde de las"},
        "~": {
            0: "tipo|sobre|a eso de|hacia las|hacia la|alrededor de|como a las|como a la|mas o menos a las|cerca de las"
        },
        "B": {
            1: "en adelante|o mas tarde|o despues|y despues|como pronto|como muy pronto|como minimo|para adelante",
            -1: "o antes|y antes|o mas temprano|como tarde",
        },
        "O": {0: "o|u|o bien|o si no|o sino|o tambien|o quizas"},
        "&": {0: "y|e|y tambien"},
        "!": {
            0: "no|menos|excepto|salvo|pero no|no puedo|no puedo ir|no puedo venir|no estoy libre"
            "|no tengo libre el|no estoy disponible|cualquier dia menos|cualquier dia excepto"
            "|todos los dias menos|nunca|que no sea|que no sea en|cualquier dia que no sea"
            "|no me va bien el|no me viene bien el|no quiero|no en|no por|cuando sea menos|ni"
        },
        "y": {0: "solo|solamente|unicamente|cualquier|cada|solo puedo|todos los|siempre|nada mas"},
        "Y": {
            0: "cuando sea|cualquier dia|cualquier hora|a cualquier hora|en cualquier momento"
            "|cualquier momento|me da igual|da igual|todos los dias|cuando quieran|cuando puedan"
            "|cuando quiera|cuando pueda|sin preferencia|me es igual|no me importa|cualquier fecha"
            "|todo el dia|cuando haya"
        },
        "A": {
            0: "lo antes posible|cuanto antes|lo mas pronto posible|lo mas temprano posible"
            "|tan pronto como sea posible|lo mas rapido posible|asap|pronto|lo primero que haya"
            "|la primera disponible|lo primero que tenga|la primera cita|la primera cita disponible"
            "|el primer hueco|el primer hueco disponible|el primer turno|la proxima cita disponible"
            "|inmediatamente|ya mismo|ahora mismo|lo mas cercano|lo mas cerca posible|primera cita"
            "|primer hueco|el primero disponible|en cuanto se pueda|en cuanto pueda|la cita mas cercana"
            "|la fecha mas cercana|la fecha mas proxima|la mas proxima|lo mas proximo"
        },
        "Q": {
            0: "a primera hora|primera hora|temprano|a primera hora de la manana"
            "|primera hora de la manana|tempranito|bien temprano|al abrir|cuando abran|a primera"
        },
    },
    after_number={"mar": ("m", 3)},
    fillers=(
        "por favor|porfavor|porfa|xfa|gracias|muchas gracias|hola|buenos dias|buenas tardes|buenas noches"
        "|buenas|si|vale|ok|para|para el|para la|para los|pues|entonces|bueno|mejor|quizas|quiza|tal vez"
        "|si puede ser|si es posible|a ser posible|preferiblemente|de preferencia|idealmente|yo"
        "|me gustaria|quisiera|quiero|queria|desearia|deseo|necesito|preferiria|prefiero|puedo|podria"
        "|puede|puede ser|podria ser|podriamos|se puede|es posible|seria posible|tiene|tienen|tienes"
        "|tendria|tendrian|hay|habria|hay algo|tiene algo|algo|algun hueco|hueco|huecos|libre|libres"
        "|disponible|disponibles|disponibilidad|una cita|cita|citas|un turno|turno|pedir|reservar"
        "|pedir cita|sacar|sacar cita|agendar|ir|venir|pasar|pasarme|acudir|ser|seria|seria bien"
        "|estaria bien|estaria|esta bien|me va bien|me va|me viene bien|me vendria bien|me conviene"
        "|me sirve|me queda bien|va bien|viene bien|bien|perfecto|genial|estupendo|digamos|pongame|ponme"
        "|que tal|que sea|la fecha|fecha|el dia de|mi preferencia|ver|ver al medico|ver al doctor"
        "|ver a alguien|con el doctor|con la doctora|el doctor|doctor|doctora|un medico|exactamente"
        "|mas bien|tambien|estoy libre|estoy disponible|tengo libre|aqui|alli|cambiar al|cambiarla al"
        "|mover al|moverla al|pasarla al|cambielo al|cambiar a|pero|en algun momento|algun dia|unas"
        "|tempranamente"
    ),
    yes=(
        "si|s|sip|sii|siii|vale|claro|claro que si|ok|okay|okey|oka|de acuerdo|por supuesto|dale|bueno"
        "|perfecto|correcto|exacto|confirmo|confirmado|si por favor|si gracias|esta bien|me parece bien"
        "|adelante|desde luego|efectivamente|listo|yes|va|venga|sale|asi es|con gusto|estoy de acuerdo"
    ),
    no="no|n|nop|nope|no gracias|no quiero|para nada|nunca|ahora no|negativo|todavia no|aun no"
    "|de ninguna manera|que va",
    ordinals=(
        "primero primera primer|segundo segunda|tercero tercera tercer|cuarto cuarta|quinto quinta"
        "|sexto sexta|septimo septima|octavo octava|noveno novena|decimo decima|undecimo undecima"
        "|duodecimo duodecima"
    ),
    last="ultimo ultima",
    counting="number|num|no|nro|nr|n|la opcion|el numero|respuesta|alternativa|marco|pulso|elijo|escojo|opt",
    one="uno|una|unos",
    negating="no|menos|excepto|salvo|sin|nunca|pero|ni|otro|otra|tampoco",
    small="el|la|los|las|lo|un|una|de|del|a|al|en|y|para|con|por|favor|gracias|este|esta",
    polite="por|favor|porfa|porfavor|gracias|muchas",
    choosing="yo|quiero|tomo|cojo|prefiero|elijo|escojo|quisiera|me|quedo|gustaria|deme|con|si|vale|ok",
    common="otro|otra|otros|otras|cambiar|ver|nuevo|nueva|mismo|misma|mi|mis|mas|todos|todas|ultimo|ultima",
    born="nacido|nacida|nacio|naci|fecha de nacimiento|f nac|fn|nacimiento|fecha nacimiento|fecha nac"
    "|cumpleanos|nac|nacida o nacido",
)
