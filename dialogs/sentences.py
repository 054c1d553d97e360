"""Sentences that the engine itself says, whatever script is under way."""

from __future__ import annotations

from dialogs.courtesies import Courtesy
from dialogs.prompt import Want
from dialogs.text import Text, Writable, say

OUR_CLINIC = say("our clinic")
MORE = say("More")
SET_ASIDE = say("All right, I have set this booking aside. Nothing new is booked. To begin again, write: book.")
TABLE = say("The figures as a table:")
CALENDAR = say("Calendar entry:")
CALENDAR_CANCELLED = say("To take it out of your calendar:")
SHARES: dict[Want, Text] = {
    Want.LOCATION: say("Share my location"),
    Want.CONTACT: say("Share my number"),
}
PICK = say("Choose")
CHOOSE = say("Please choose:")
HINTS: dict[Want, Text] = {
    Want.LOCATION: say("You can also share your location."),
    Want.CONTACT: say("You can also share your number."),
}
WELCOME_BACK = say("Welcome back. We go on where we stopped.")
STILL_HERE = say("I am still here. Your answers are kept; you can go on whenever you like.")
BACK_TO = say("Back to where we were:")
POSSIBLE_NOW = say(
    "You asked me to write to you when the day has come: what was too early then is possible from today on."
    " To find a time, write: book."
)
RESUMED = say("Good to have you back. I will write to you again.")
BOOKINGS_STAND = say(
    "Stop or cancel, written alone, only stops our messages to this number. Your bookings stand; to cancel one, write:"
    " cancel my booking."
)
STALE = say("That choice is no longer open. This is where we are:")
ONLY_WORDS = say("I can only read text, buttons and places, not voice, pictures or files. Please write it.")
EDITED = say("I only act on new messages, so I did not take in the one you changed. Please send it again.")
NICE_PLACE = say("Thank you for the place. Let us see what you need first.")
NOT_THEN = say("Nothing is free just then. These are the nearest times:")
NOT_UNDERSTOOD = say("Sorry, I did not understand that.")
ASKED_A_PERSON = say("I still do not understand, and have asked a colleague to look. You can also try again:")
PERSON_ASKED = say(
    "I have asked a colleague to get in touch with you here. Your answers are kept; you can go on meanwhile."
)
COURTESIES: dict[Courtesy, Text] = {
    Courtesy.THANKS: say("You are welcome."),
    Courtesy.BYE: say("Goodbye. Write to me whenever you like."),
    Courtesy.STOP: say("To get no more messages from us, write STOP and nothing else."),
}
LANGUAGE_CHANGED = say("We go on in English.")
WHOSE_FIRST = say("I will see to that as soon as I know whose number this is.")
LINKED_THERE = say(
    "This chat and another one are linked now and show the same bookings. If that was not you, write: talk to a person."
)
LINK_HINT = say("If you have booked from another number or app, write: link.")
NO_MORE = say("That is all there is.")
WHY = say("I ask only what is needed to find the right appointment for you.")
HELP = say(
    "You can answer with a number or in your own words. At any point you can write: back, menu, language,"
    " my bookings, cancel my booking, move my booking, talk to a person."
)
STOPPED = say("You will get no more messages from us. Your bookings stand. Write START to hear from us again.")
FAILED = say(
    "Something went wrong on our side and I could not deal with your last message. Your answers are kept, and a"
    " colleague has been told. Please write again in a while."
)
IN_PRIVATE = say("To protect your privacy I only answer in a private chat. Open my profile and press Start.")
STAFF_ONLY = say("Only members of staff can do that here. To join, write the word join and your code.")

#: What may be offered beside the input line, by the word that is written.
BOT_COMMANDS: dict[str, Text] = {
    "book": say("Book an appointment"),
    "bookings": say("My bookings"),
    "language": say("Another language"),
    "help": say("Help"),
    "stop": say("No more messages"),
}


def so_far(answers: str) -> Writable:
    """Say what is known after a silence."""
    return say("Welcome back. So far I have: {answers}.", answers=answers)


def code_there(code: str) -> Writable:
    """Tell a code that is to be typed where it was asked for."""
    return say(
        "Your code is {code}. Type it in the other chat. Do not give it to anybody: we never ask for it.", code=code
    )


def invitation(code: str, link: str | None) -> Writable:
    """Tell the code by which a colleague joins, perhaps by opening a *link*."""
    if link is None:
        return say(
            "The code for your colleague is {code}. They write to us the word join and then the code.", code=code
        )
    return say(
        "The code for your colleague is {code}. They open {link} or write to us the word join and then the code.",
        code=code,
        link=link,
    )


def code_here(code: str, link: str | None) -> Writable:
    """Tell a code that is to be typed in another chat, perhaps by opening a *link*."""
    if link is None:
        return say(
            "Your code is {code}, for ten minutes. In the other chat, write the word link and then the code.", code=code
        )
    return say(
        "Your code is {code}, for ten minutes. Open {link} or write, in the other chat, the word link and the code.",
        code=code,
        link=link,
    )


def did_you_mean(labels: str) -> Writable:
    """Ask which of several near misses was meant."""
    return say("Did you mean: {labels}? Please send its number.", labels=labels)
