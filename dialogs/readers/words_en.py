"""English words about time: kind of token, its number, the phrases separated by bars."""

from dialogs.readers.vocabulary import Vocabulary, counted

ENGLISH = Vocabulary(
    phrases={
        "n": counted(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen twenty"
        )
        | {30: "thirty", 40: "forty", 45: "forty five", 50: "fifty"},
        "o": counted(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
            " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        )
        | {
            21: "twenty first",
            22: "twenty second",
            23: "twenty third",
            24: "twenty fourth",
            25: "twenty fifth",
            26: "twenty sixth",
            27: "twenty seventh",
            28: "twenty eighth",
            29: "twenty ninth",
            30: "thirtieth",
            31: "thirty first",
        },
        "i": {1: "a|an"},
        "m": {
            1: "january|jan",
            2: "february|feb|febuary",
            3: "march|mar",
            4: "april|apr",
            5: "may",
            6: "june|jun",
            7: "july|jul",
            8: "august|aug",
            9: "september|sept|sep",
            10: "october|oct",
            11: "november|nov",
            12: "december|dec",
        },
        "w": {
            0: "monday|mon",
            1: "tuesday|tue|tues",
            2: "wednesday|wed|weds|wensday|wednsday",
            3: "thursday|thu|thur|thurs",
            4: "friday|fri",
            5: "saturday|sat",
            6: "sunday|sun",
        },
        "W": {
            1: "mondays",
            2: "tuesdays",
            4: "wednesdays",
            8: "thursdays",
            16: "fridays",
            32: "saturdays",
            64: "sundays",
            31: "weekdays|weekday|a weekday|on a weekday|working days|during the week",
            14: "midweek",
            96: "weekends",
        },
        "r": {
            0: "today|from now",
            1: "tomorrow|tmrw|tmr|tomoz|tommorow|tommorrow|the next day",
            2: "day after tomorrow|the day after tomorrow|overmorrow",
        },
        "u": {1: "day|days|day s time|days time"},
        "k": {1: "week|weeks|week s time|weeks time|wk|wks", 2: "fortnight|fortnight s time"},
        "K": {1: "month|months|month s time|months time"},
        "E": {0: "weekend|week end"},
        "x": {0: "next|following", 1: "coming|this coming|upcoming"},
        "xk": {2: "week after next"},
        "t": {0: "this|later this|rest of this|rest of the|remainder of the|current"},
        "tq": {1724: "tonight|tonite|this night"},
        "j": {
            0: "early",
            3: "beginning of|start of|at the beginning of|at the start of|first part of",
            1: "mid|middle of|in the middle of",
            2: "late|end of|at the end of|the end of|towards the end of",
        },
        "I": {0: "in"},
        "V": {0: "within|in the next|over the next|during the next"},
        "h": {0: "o clock|oclock|h"},
        "p": {0: "am", 1: "pm"},
        "c": {720: "noon|midday|12 noon"},
        "H": {30: "half past|half", 15: "quarter past|a quarter past", -15: "quarter to|a quarter to"},
        "v": {1: "past"},
        "q": {
            12: "morning|in the morning",
            10: "early morning|early in the morning",
            911: "mid morning",
            1012: "late morning|late in the morning",
            1214: "lunchtime|lunch time|at lunch|over lunch|lunch|lunch break|my lunch break",
            1217: "afternoon|in the afternoon|afternoonish",
            1215: "early afternoon|early in the afternoon",
            1416: "mid afternoon",
            1518: "late afternoon|late in the afternoon",
            1724: "evening|in the evening|at night|night|after work|after hours",
            1719: "early evening",
            1618: "end of the day|end of day|at the end of the day",
        },
        "qy": {
            12: "mornings|in the mornings",
            10: "early mornings",
            1217: "afternoons|in the afternoons",
            1724: "evenings|in the evenings",
        },
        "l": {0: "the"},
        "f": {0: "of|in the month of"},
        "@": {0: "at"},
        "_": {0: "to|through|thru|up to and including"},
        "b": {0: "between|anytime between|any time between"},
        "s": {
            0: "from|starting|starting from|as of|beginning|no earlier than|not earlier than|not before"
            "|at the earliest from|commencing"
        },
        "U": {0: "until|till|til|by|up to|no later than|not later than|not after|at the latest by"},
        "<": {0: "before|earlier than|sooner than"},
        ">": {0: "after|later than"},
        "~": {0: "around|about|roughly|approximately|circa|round|at around|at about"},
        "B": {
            1: "onwards|onward|or later|and later|or after|and after|or thereafter|at the earliest|minimum",
            -1: "or earlier|or before|and earlier|at the latest",
        },
        "O": {0: "or|or else|or maybe|or perhaps|or even|alternatively"},
        "&": {0: "and|and also|and maybe"},
        "!": {
            0: "not|except|except for|except on|excluding|but not|anything but|any day but|any day except"
            "|everyday except|every day except|any time but|anytime but|anytime except|any time except"
            "|i can t|i cannot|i cant|i can t do|i can t make|can t do|can t make|cannot do|cannot make"
            "|i can t come|i am not free|i m not free|i am not available|i m not available|not available"
            "|not free|but i can t|but i can t do|i am busy|i m busy|apart from|other than|never"
            "|i don t want"
        },
        "y": {0: "only|any|just|every|each|all|always"},
        "Y": {
            0: "any day|any time|anytime|any time of day|any time of the day|whenever|every day|everyday"
            "|any date|any day is fine|any time is fine|i don t mind|i do not mind|whenever you like"
            "|whenever you can|no preference|it doesn t matter"
        },
        "A": {
            0: "as soon as possible|asap|a s a p|soonest|earliest|the earliest|earliest possible"
            "|the earliest possible|as early as possible|soon as possible|the soonest"
            "|the soonest possible|soonest possible|right away|straight away|immediately|next available"
            "|the next available|first available|the first available|first free|the first free"
            "|whatever is first|whatever s first|whatever is earliest|quickest|as soon as you can"
            "|the earliest you have|the first you have|at your earliest convenience|soon"
        },
        "Q": {
            0: "first thing|first thing in the morning|early on|bright and early|early doors|at opening"
            "|when you open|first slot|the first slot|first appointment|the first appointment"
        },
    },
    fillers=(
        "please|pls|either|plz|thanks|thank you|thx|cheers|ok|okay|good morning|good afternoon"
        "|good evening|good day|hi|hello|hey|yes|on|for|then|so|well|um|erm|maybe|perhaps|possibly"
        "|ideally|preferably|probably|if possible|if that s possible|if you can|if that works|would|be"
        "|would be|would be good|would be great|would be nice|would be fine|would be ok|would be best"
        "|is good|is fine|is ok|is best|works|works for me|works best|suits|suits me|suits me best"
        "|sounds good|good|great|fine|best|i|i d|i would|i d like|i would like|i want|i need|i d prefer"
        "|i would prefer|i prefer|i can|i could|i may|may i|may we|can i|could i|can we|could we|can you"
        "|could you|do|do you have|have you got|have you|anything|something|any slots|any slot"
        "|any appointments|any openings|is there|are there|is it|free|available|open|possible"
        "|an appointment|a appointment|appointment|appointments|a slot|slot|slots|a time|time|date"
        "|the date|come|come in|be seen|get|get in|can i have|could i have|may i have|i ll have|book"
        "|book me|book me in|me|it|make it|make it for|let s|let s say|let s do|say|how about|what about"
        "|how is|how s|i am free|i m free|i am available|i m available|am free|will|ll|i ll|take"
        "|i ll take|to come|to come in|to be seen|like|want|need|prefer|see|sometime|some time|some point"
        "|at some point|during|all day|on the|move it to|change it to|move me to|reschedule to"
        "|reschedule it to|there|here|somewhere|hopefully|exactly|sharp|we|but only|but preferably"
        "|but ideally|with you|doctor|dr|the doctor|a doctor|see the doctor|see a doctor|see somebody"
        "|see someone"
    ),
    yes=(
        "yes|y|yeah|yea|yep|yup|yes please|sure|of course|ok|okay|okey|k|alright|all right|right|correct"
        "|fine|go ahead|please do|absolutely|definitely|agreed|confirm|confirmed|sounds good|that s right"
        "|i do|i am|i agree"
    ),
    no="no|n|nope|nah|no thanks|no thank you|not really|never|negative|not now|i don t|i do not|i m not|i am not|don t",
    ordinals="first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth",
    last="last final bottom",
    counting="number|numero|num|no|nr|option|choice|answer|item|slot number|digit|press|pick|choose|select|opt",
    one="one|ones",
    negating="not|no|don t|dont|except|but|without|never|isn t|neither|nor|can t|cannot|cant|instead|other|than",
    small="the|a|an|at|on|in|of|for|and|to|with|that|this|please|pls|thanks",
    polite="please|pls|plz|thanks|thank|you|thx",
    choosing="i|ill|i ll|id|i d|would|like|want|will|take|have|choose|pick|prefer|can|could|give|me|ok|okay|yes",
    common="another|other|others|different|same|change|show|see|new|more|my|all|last",
    born="born|dob|d o b|date of birth|birth date|birthdate|birthday|bday|i was born|was born",
)
