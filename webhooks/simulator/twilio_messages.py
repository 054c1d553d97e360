"""Creating a message: Twilio's rules in the order in which it applies them.

What the real service refuses only later, by a status callback, because the app on the phone cannot show it
(63013, 63021, 63028), is refused here at once. Only a closed WhatsApp window (63016) and the fates that a
test sets come later.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from webhooks.simulator import twilio_content
from webhooks.simulator.exchange import Payload, RefusedError
from webhooks.simulator.segments import size, smart_encoded
from webhooks.simulator.twilio_account import Account, is_number, is_person, new_sid
from webhooks.simulator.twilio_content import MOST_SESSION_REPLIES, REJECTED, TEXT, Content
from webhooks.simulator.twilio_schema import INVALID, SPEC, check_form, wrong
from webhooks.simulator.twilio_shown import WHATSAPP, Item, Place, Reply, Shown, TwilioMessage

PARAMETERS: Payload = SPEC["create_message"]["properties"]
LONGEST_BODY = 1600
MOST_MEDIA = 10
LONGEST_VALIDITY = 36_000
WINDOW_CLOSED, TEMPLATE_PAUSED = 63016, 63041
NOT_SIMULATED = ("ScheduleType", "SendAt", "ApplicationSid", "ShortenUrls", "FallbackFrom")
GEO = re.compile(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?:\|(.+))?")
WORDS = {
    21211: "Invalid 'To' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21614: "'To' number is not a valid mobile number",
    63018: "Rate limit exceeded for Channel",
}


@dataclass(frozen=True, slots=True)
class Form:
    """The parameters of one request; absent and empty are told apart."""

    values: dict[str, list[str]]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def one(self, name: str) -> str:
        return self.values.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])


def create(account: Account, values: dict[str, list[str]]) -> TwilioMessage:
    """Accept a message or refuse it; what was accepted may still fail later."""
    check_form(PARAMETERS, values)
    form = Form(values)
    _check_simulated(form)
    _check_to(form.one("To"))
    _check_sender(account, form)
    _check_options(form)
    content = _content(account, form)
    variables = _variables(account, form, content)
    shown = _shown(account, form, content, variables)
    _check_recipient(account, form.one("To"))
    return account.keep(_message(account, form, content, variables, shown))


def _message(
    account: Account, form: Form, content: Content | None, variables: dict[str, str], shown: Shown
) -> TwilioMessage:
    service = form.one("MessagingServiceSid")
    return TwilioMessage(
        sid=new_sid("MM" if shown.media else "SM"),
        account_sid=account.sid,
        to=form.one("To"),
        from_=form.one("From") or _sender_from_pool(account, form.one("To")),
        shown=shown,
        size=size(shown.body),
        at=account.now(),
        status="accepted" if service and not form.one("From") else "queued",
        messaging_service_sid=service or None,
        content_sid=content.sid if content else None,
        content_variables=dict(variables),
        status_callback=form.one("StatusCallback") or None,
        validity_period=int(form.one("ValidityPeriod")) if form.one("ValidityPeriod") else None,
        fails_with=_failure(account, form.one("To"), content),
    )


def _sender_from_pool(account: Account, to: str) -> str:
    whatsapp = to.startswith(WHATSAPP)
    fitting = sorted(number for number in account.numbers or () if number.startswith(WHATSAPP) is whatsapp)
    return fitting[0] if fitting else (WHATSAPP if whatsapp else "") + "+15005550006"


def _failure(account: Account, to: str, content: Content | None) -> int | None:
    """Say with which code the message will fail after it was accepted, if it will."""
    if (fate := account.fates.get(to)) is not None:
        return fate.code
    if not to.startswith(WHATSAPP) or account.in_session(to):
        return None
    if content is not None and content.is_paused:
        return TEMPLATE_PAUSED
    return None if content is not None and content.is_approved else WINDOW_CLOSED


def _check_simulated(form: Form) -> None:
    if named := [name for name in NOT_SIMULATED if name in form]:
        raise wrong(INVALID, f"{named[0]} is not simulated")


def _check_to(to: str) -> None:
    if not to:
        raise wrong(21604, "A 'To' phone number is required.")
    if not is_person(to):
        raise wrong(21211, f"Invalid 'To' Phone Number: {to}")


def _check_sender(account: Account, form: Form) -> None:
    sender, service, to = form.one("From"), form.one("MessagingServiceSid"), form.one("To")
    if not sender and not service:
        raise wrong(21603, "A 'From' or 'MessagingServiceSid' parameter is required to send a message")
    if service and account.messaging_services is not None and service not in account.messaging_services:
        raise wrong(21701, "The Messaging Service does not exist", 404)
    if not sender:
        return
    if not is_number(sender.removeprefix(WHATSAPP)):
        raise wrong(21212, f"Invalid From Number: {sender}")
    if sender.startswith(WHATSAPP) is not to.startswith(WHATSAPP):
        raise wrong(21910, "Invalid From and To pair. From and To should be of the same channel")
    if sender == to:
        raise wrong(21266, "'To' and 'From' number cannot be the same")
    if account.numbers is not None and sender not in account.numbers:
        raise _foreign_sender(sender)


def _foreign_sender(sender: str) -> RefusedError:
    if sender.startswith(WHATSAPP):
        return wrong(63007, "Twilio could not find a Channel with the specified From address")
    return wrong(21606, f"The 'From' phone number {sender} is not a valid message-capable Twilio number")


def _check_options(form: Form) -> None:
    if len(form.one("Body")) > LONGEST_BODY:
        raise wrong(21617, "The concatenated message body exceeds the 1600 character limit")
    if "StatusCallback" in form and not _is_callback(form.one("StatusCallback")):
        raise wrong(21609, "The StatusCallback URL is not a valid URL")
    if "ValidityPeriod" in form and not _is_validity(form.one("ValidityPeriod")):
        raise wrong(21624, "Invalid validity period value")
    if len(form.all("MediaUrl")) > MOST_MEDIA:
        raise wrong(21623, "Number of media files exceeds allowed limit")
    if not all(_is_web(url) for url in form.all("MediaUrl")):
        raise wrong(21620, "Invalid media URL(s)")


def _is_validity(text: str) -> bool:
    return text.isdecimal() and 1 <= int(text) <= LONGEST_VALIDITY


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_callback(url: str) -> bool:
    return _is_web(url) and "_" not in (urlsplit(url).hostname or "")


def _content(account: Account, form: Form) -> Content | None:
    """Find the content that is asked for, and see that there is something to say at all."""
    if "ContentSid" in form:
        if "Body" in form or "MediaUrl" in form or "PersistentAction" in form:
            raise wrong(INVALID, "Body, MediaUrl and PersistentAction are not shown beside a ContentSid")
        return account.content(form.one("ContentSid"), status=400, code=21655)
    if "ContentVariables" in form:
        raise wrong(21654, "ContentSid Required")
    if not form.one("Body").strip() and not form.all("MediaUrl"):
        if "Body" in form:
            raise wrong(21602, "Message body is required.")
        raise wrong(21619, "A text message body or media urls must be specified.")
    return None


def _variables(account: Account, form: Form, content: Content | None) -> dict[str, str]:
    if content is None:
        return {}
    values = twilio_content.variables_of(form.one("ContentVariables"), content, account.longest_variable)
    if content.is_approved and form.one("To").startswith(WHATSAPP) and not account.in_session(form.one("To")):
        twilio_content.check_template_values(values)
    return values


def _shown(account: Account, form: Form, content: Content | None, variables: dict[str, str]) -> Shown:
    if content is None:
        body = form.one("Body")
        if form.one("SmartEncoded").lower() == "true" and not form.one("To").startswith(WHATSAPP):
            body = smart_encoded(body)
        return Shown(body=body, media=tuple(form.all("MediaUrl")), location=_place(form))
    kind = _kind(form.one("To"), content)
    held = twilio_content.filled(content.types[kind], variables)
    twilio_content.check_looks(kind, held, is_filled=True)
    if kind == "twilio/quick-reply" and not content.is_approved:
        _check_session_replies(held)
    return _rendered(kind, held)


def _check_session_replies(held: Payload) -> None:
    if len(held["actions"]) > MOST_SESSION_REPLIES:
        raise wrong(REJECTED, f"At most {MOST_SESSION_REPLIES} quick replies without approval")


def _kind(to: str, content: Content) -> str:
    """Choose the richest type that the channel shows; an SMS shows text and media only."""
    shown = twilio_content.SIMULATED if to.startswith(WHATSAPP) else ("twilio/media", TEXT)
    for kind in shown:
        if kind in content.types:
            return kind
    raise wrong(63005, "Channel did not accept given content: no twilio/text for SMS")


def _place(form: Form) -> Place | None:
    actions = form.all("PersistentAction")
    if not actions:
        return None
    found = GEO.fullmatch(actions[0])
    if found is None or len(actions) > 1 or not form.one("To").startswith(WHATSAPP):
        raise wrong(INVALID, "PersistentAction: one geo:latitude,longitude|label, on WhatsApp")
    place = Place(float(found[1]), float(found[2]), found[3] or "")
    if abs(place.latitude) > 90 or abs(place.longitude) > 180:
        raise wrong(INVALID, "PersistentAction: no such place")
    return place


def _rendered(kind: str, held: Payload) -> Shown:
    match kind:
        case "twilio/quick-reply":
            replies = [Reply(action["title"], action.get("id", action["title"])) for action in held["actions"]]
            return Shown(body=held["body"], replies=tuple(replies))
        case "twilio/list-picker":
            items = [Item(item["id"], item["item"], item.get("description", "")) for item in held["items"]]
            return Shown(body=held["body"], list_button=held["button"], items=tuple(items))
        case "twilio/location":
            return Shown(location=Place(held["latitude"], held["longitude"], held.get("label", "")))
        case "twilio/media":
            return Shown(body=held.get("body", ""), media=tuple(held["media"]))
        case _:
            return Shown(body=held["body"])


def _check_recipient(account: Account, to: str) -> None:
    """Refuse what the recipient or the network refuses; no fault of the caller's."""
    code = 21610 if to in account.opted_out else account.refusals.get(to)
    if code is None:
        return
    status = 429 if code in (20429, 63018) else 400
    raise RefusedError(WORDS.get(code, "Error"), status=status, code=code, circumstance=True)
