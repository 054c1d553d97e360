"""Lists of messages and contents: their filters and pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from webhooks.simulator.exchange import Payload
from webhooks.simulator.twilio_account import Account
from webhooks.simulator.twilio_schema import INVALID, SPEC, check_form, wrong
from webhooks.simulator.twilio_shown import VERSION, TwilioMessage

FILTERS: Payload = SPEC["list_messages"]
PAGES = {"PageSize": {"type": "integer"}, "Page": {"type": "integer"}, "PageToken": {"type": "string"}}
MOST_ON_PAGE = 1000
USUAL_ON_PAGE = 50
Query = dict[str, list[str]]


def messages(account: Account, query: Query) -> Payload:
    """List the messages that fit the filters, newest first."""
    check_form(FILTERS, query)
    number, size = _page(query)
    fitting = [message for message in reversed(account.messages.values()) if _fits(message, query)]
    listed = fitting[number * size : (number + 1) * size]
    path = f"/{VERSION}/Accounts/{account.sid}/Messages.json"
    has_more = len(fitting) > (number + 1) * size
    return {
        "messages": [message.payload() for message in listed],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(0, len(listed) - 1),
        "uri": _address(path, query, number, size),
        "first_page_uri": _address(path, query, 0, size),
        "next_page_uri": _address(path, query, number + 1, size) if has_more else None,
        "previous_page_uri": _address(path, query, number - 1, size) if number else None,
    }


def contents(account: Account, query: Query, root: str) -> Payload:
    check_form(PAGES, query)
    number, size = _page(query)
    made = list(account.contents.values())
    path = f"{root}/v1/Content"
    has_more = len(made) > (number + 1) * size
    return {
        "contents": [content.payload(root) for content in made[number * size : (number + 1) * size]],
        "meta": {
            "key": "contents",
            "page": number,
            "page_size": size,
            "url": _address(path, query, number, size),
            "first_page_url": _address(path, query, 0, size),
            "next_page_url": _address(path, query, number + 1, size) if has_more else None,
            "previous_page_url": _address(path, query, number - 1, size) if number else None,
        },
    }


def _page(query: Query) -> tuple[int, int]:
    number, size = int(query.get("Page", ["0"])[0]), int(query.get("PageSize", [str(USUAL_ON_PAGE)])[0])
    if number < 0 or not 1 <= size <= MOST_ON_PAGE:
        raise wrong(INVALID, "Page or PageSize is invalid")
    return number, size


def _address(path: str, query: Query, number: int, size: int) -> str:
    kept = {name: values[0] for name, values in query.items() if name not in PAGES}
    return f"{path}?{urlencode({**kept, 'PageSize': size, 'Page': number})}"


def _fits(message: TwilioMessage, query: Query) -> bool:
    tests: dict[str, Callable[[str], bool]] = {
        "To": lambda wanted: message.to == wanted,
        "From": lambda wanted: message.from_ == wanted,
        "DateSent": lambda wanted: message.at.astimezone(UTC).date() == _moment(wanted).date(),
        "DateSent<": lambda wanted: message.at <= _end(wanted),
        "DateSent>": lambda wanted: message.at >= _moment(wanted),
    }
    return all(tests[name](values[0]) for name, values in query.items() if name in tests and values[0])


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise wrong(INVALID, f"DateSent: not a date: {text}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _end(text: str) -> datetime:
    """Give the last moment that "on or before *text*" means."""
    moment = _moment(text)
    if len(text) == len(date.min.isoformat()):
        return moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment
