"""Content resources: what may be made, what approval asks for, and how values are filled in."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from webhooks.simulator.exchange import Payload
from webhooks.simulator.twilio_schema import INVALID, SPEC, check, wrong

MISMATCH, UNREADABLE, REJECTED, POLICY, TOO_LONG = 63028, 21656, 63021, 63013, 21658
PLACEHOLDER = re.compile(r"\{\{(\w{1,16})\}\}")
AT_THE_EDGE = re.compile(r"\A\s*\{\{|\}\}\s*\Z")
ADJACENT = re.compile(r"\}\}\s*\{\{")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
SESSION_ONLY = ("twilio/list-picker", "twilio/location")
TEXT = "twilio/text"
SIMULATED = ("twilio/list-picker", "twilio/quick-reply", "twilio/location", "twilio/media", TEXT)
MOST_VARIABLES = 100
LONGEST_TEMPLATE = 1024
MOST_REPLIES, MOST_SESSION_REPLIES, MOST_ITEMS = 10, 3, 10
LONGEST = {
    (TEXT, "body"): 1600,
    ("twilio/media", "body"): 1024,
    ("twilio/quick-reply", "body"): 1024,
    ("twilio/quick-reply", "title"): 20,
    ("twilio/quick-reply", "id"): 200,
    ("twilio/list-picker", "body"): 1024,
    ("twilio/list-picker", "button"): 20,
    ("twilio/list-picker", "item"): 24,
    ("twilio/list-picker", "description"): 72,
    ("twilio/list-picker", "id"): 200,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A template as the Content API keeps it."""

    sid: str
    account_sid: str
    language: str
    types: Payload
    at: datetime
    friendly_name: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    approval: Payload | None = None

    @property
    def is_approved(self) -> bool:
        return self.approval is not None and self.approval["status"] == "approved"

    @property
    def is_paused(self) -> bool:
        return self.approval is not None and self.approval["status"] == "paused"

    @property
    def placeholders(self) -> set[str]:
        return {found for _, text in strings(self.types) for found in PLACEHOLDER.findall(text)}

    def payload(self, root: str) -> Payload:
        """Give the resource as the Content API writes it."""
        url, moment = f"{root}/v1/Content/{self.sid}", self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "friendly_name": self.friendly_name,
            "language": self.language,
            "variables": dict(self.variables),
            "types": self.types,
            "url": url,
            "date_created": moment,
            "date_updated": moment,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{url}/ApprovalRequests",
            },
        }


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Walk through all texts in *value*, each with the name it stands under."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for inner, held in value.items():
            yield from strings(held, inner)
    elif isinstance(value, list):
        for held in value:
            yield from strings(held, name)


def without_nulls(value: Any) -> Any:
    """Drop what is null, as the SDK writes all that it was not given."""
    if isinstance(value, dict):
        return {name: without_nulls(held) for name, held in value.items() if held is not None}
    if isinstance(value, list):
        return [without_nulls(held) for held in value]
    return value


def created(asked: Any, *, sid: str, account_sid: str, at: datetime, longest_variable: int) -> Content:
    """Make a content resource of what was *asked*, or refuse it."""
    asked = without_nulls(asked)
    check(SPEC["content"]["ContentCreateRequest"], asked, "content")
    content = Content(
        sid=sid,
        account_sid=account_sid,
        language=asked["language"],
        types=asked["types"],
        at=at,
        friendly_name=asked.get("friendly_name"),
        variables=asked.get("variables", {}),
    )
    _check_frame(content, longest_variable)
    for kind, held in content.types.items():
        _check_kind(kind, held)
    return content


def _check_frame(content: Content, longest_variable: int) -> None:
    if not LANGUAGE.fullmatch(content.language):
        raise wrong(INVALID, "language: not an ISO code")
    if not content.types:
        raise wrong(INVALID, "types: at least one is needed")
    if unknown := set(content.types) - set(SIMULATED):
        raise wrong(INVALID, f"types: {min(unknown)} is not simulated")
    for _, text in strings(content.types):
        if "{{" in PLACEHOLDER.sub("", text) or "}}" in PLACEHOLDER.sub("", text):
            raise wrong(INVALID, "types: malformed variable")
    if len(content.placeholders) > MOST_VARIABLES:
        raise wrong(INVALID, f"variables: more than {MOST_VARIABLES}")
    if set(content.variables) - content.placeholders:
        raise wrong(INVALID, "variables: a sample without its placeholder")
    if any(len(value) > longest_variable for value in content.variables.values()):
        raise wrong(TOO_LONG, f"variables: longer than {longest_variable}")


def _check_kind(kind: str, held: Payload) -> None:
    """Check *held* as far as it can be while variables are open."""
    if kind == "twilio/quick-reply" and has_loose_variables(held["body"]):
        raise wrong(INVALID, "body: begins or ends with a variable, or has two adjacent ones")
    check_looks(kind, held, is_filled=False)


def has_loose_variables(body: str) -> bool:
    return bool(AT_THE_EDGE.search(body) or ADJACENT.search(body))


def check_looks(kind: str, held: Payload, *, is_filled: bool) -> None:
    """Refuse what the app on the phone would not show; texts with open variables are measured later."""
    code = REJECTED if is_filled else INVALID
    for name, text in strings(held):
        if not is_filled and PLACEHOLDER.search(text):
            continue
        if not text.strip():
            raise wrong(code, f"{kind}: {name} is empty")
        if len(text) > LONGEST.get((kind, name), 1600):
            raise wrong(code, f"{kind}: {name} is longer than {LONGEST[kind, name]}")
    if (counted := COUNTS.get(kind)) is not None:
        counted(held, code)


def _check_replies(held: Payload, code: int) -> None:
    actions = held["actions"]
    if not 1 <= len(actions) <= MOST_REPLIES:
        raise wrong(code, f"actions: 1 to {MOST_REPLIES} quick replies")
    titles = [action["title"] for action in actions]
    if len(set(titles)) < len(titles):
        raise wrong(code, "actions: two quick replies with one title")
    _check_unique([action["id"] for action in actions if "id" in action], code)


def _check_items(held: Payload, code: int) -> None:
    if not 1 <= len(held["items"]) <= MOST_ITEMS:
        raise wrong(code, f"items: 1 to {MOST_ITEMS}")
    _check_unique([item["id"] for item in held["items"]], code)


def _check_unique(ids: list[str], code: int) -> None:
    if len(set(ids)) < len(ids):
        raise wrong(code, "two choices with one id")


def _check_position(held: Payload, code: int) -> None:
    if not (-90 <= held["latitude"] <= 90 and -180 <= held["longitude"] <= 180):
        raise wrong(code, "twilio/location: no such place")


COUNTS: Mapping[str, Callable[[Payload, int], None]] = {
    "twilio/quick-reply": _check_replies,
    "twilio/list-picker": _check_items,
    "twilio/location": _check_position,
}


def submitted(content: Content, asked: Any, *, status: str) -> Content:
    """Ask WhatsApp to approve *content*; what can never be approved is refused at once."""
    check(SPEC["content"]["ContentApprovalRequest"], asked, "approval")
    if not TEMPLATE_NAME.fullmatch(asked["name"]) or asked["category"] not in CATEGORIES:
        raise wrong(INVALID, "name or category is invalid")
    if content.approval is not None and content.approval["status"] in ("pending", "approved"):
        raise wrong(INVALID, "an approval request exists", status=409)
    if session_only := set(content.types) & set(SESSION_ONLY):
        raise wrong(INVALID, f"{min(session_only)} is for sessions only and cannot be approved")
    if any(has_loose_variables(text) for name, text in strings(content.types) if name == "body"):
        raise wrong(INVALID, "body: begins or ends with a variable, or has two adjacent ones")
    if any(PLACEHOLDER.search(text) for name, text in strings(content.types) if name in ("title", "id")):
        raise wrong(INVALID, "actions: what stands on a button of a template is fixed")
    if content.placeholders != set(content.variables):
        raise wrong(INVALID, "variables: each placeholder needs a sample")
    if any(sample_length(content, body) > LONGEST_TEMPLATE for name, body in strings(content.types) if name == "body"):
        raise wrong(INVALID, f"body: longer than {LONGEST_TEMPLATE} with its samples")
    approval = {
        "name": asked["name"],
        "category": asked["category"],
        "content_type": min(content.types),
        "status": status,
        "rejection_reason": "",
        "allow_category_change": True,
    }
    return replace(content, approval=approval)


def sample_length(content: Content, body: str) -> int:
    return len(PLACEHOLDER.sub(lambda found: content.variables[found[1]], body))


def variables_of(text: str, content: Content, longest: int) -> dict[str, str]:
    """Read ContentVariables; they must be strings and fit the placeholders exactly."""
    try:
        values = json.loads(text) if text else {}
    except ValueError as error:
        raise wrong(UNREADABLE, "The ContentVariables Parameter is invalid") from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise wrong(UNREADABLE, "The ContentVariables Parameter is invalid")
    if set(values) != content.placeholders:
        raise wrong(MISMATCH, "Number of parameters provided does not match the expected number of parameters")
    if any(len(value) > longest for value in values.values()):
        raise wrong(TOO_LONG, f"Parameter exceeded character limit: a variable is longer than {longest}")
    if not all(value.strip() for value in values.values()):
        raise wrong(POLICY, "Channel policy violation: a variable is empty")
    return values


def check_template_values(values: Mapping[str, str]) -> None:
    """Refuse values that WhatsApp forbids in approved templates."""
    if any(re.search(r"[\n\r\t]| {5,}", value) for value in values.values()):
        raise wrong(POLICY, "Channel policy violation: line break, tab or more than 4 spaces in a variable")


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """Put *values* in place of the placeholders everywhere in *value*."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: values[found[1]], value)
    if isinstance(value, dict):
        return {name: filled(held, values) for name, held in value.items()}
    if isinstance(value, list):
        return [filled(held, values) for held in value]
    return value
