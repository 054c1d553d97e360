"""The parameters of a Telegram call: read from HTTP and checked against the specification.

The real server ignores a name that it does not know. We refuse it: it is a slip of ours.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from webhooks.simulator.exchange import Payload, RefusedError
from webhooks.simulator.spec import load

SPEC = load("telegram")
LIMITS_AFTER_FORMATTING = ("text", "caption")
WORDED = {"callback_data": "BUTTON_DATA_INVALID", "command": "BOT_COMMAND_INVALID"}
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
COUNTED: Mapping[str, Callable[[Any], float]] = {
    "characters": len,
    "bytes": lambda text: len(text.encode()),
    "items": len,
    "value": lambda number: number,
}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was uploaded or is shown."""

    name: str
    content: bytes
    content_type: str

    def __str__(self) -> str:
        return f"{self.name} ({self.content_type}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a request, before any of it was checked."""

    fields: Mapping[str, Any]
    files: Mapping[str, File]

    def as_written(self) -> Payload:
        """Give fields and files under their names, for the record."""
        return {**self.fields, **self.files}


def bad(description: str) -> RefusedError:
    return RefusedError(f"Bad Request: {description}")


async def read(request: web.Request) -> Sent:
    """Take the parameters from the query and from a form, multipart or JSON body."""
    fields: Payload = dict(request.query)
    files: dict[str, File] = {}
    if request.content_type == "application/json" and request.can_read_body:
        fields.update(await _json_body(request))
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                files[name] = _file(value)
            else:
                fields[name] = value
    return Sent(fields, files)


async def _json_body(request: web.Request) -> Payload:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise bad("can't parse JSON object") from error
    if not isinstance(body, dict):
        raise bad("JSON object expected")
    return body


def _file(part: FileField) -> File:
    return File(part.filename, part.file.read(), part.content_type)


def checked(method: str, sent: Sent) -> Payload:
    """Turn *sent* into typed values for *method*; refuse the unknown, the missing and the misshapen."""
    known: Payload = SPEC["methods"][method]["parameters"]
    attached = {name for name, value in _attachments(sent.fields)}
    if unknown := (set(sent.fields) | set(sent.files)) - set(known) - attached:
        raise bad(f"unknown parameter {min(unknown)}")
    values = {name: _parameter(name, facts, sent) for name, facts in known.items() if _is_given(name, sent)}
    for name, facts in known.items():
        if facts.get("required") and name not in values:
            raise bad("message text is empty" if name == "text" else f"{name} is empty")
    return values


def _attachments(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (value.removeprefix("attach://"), name)
        for name, value in fields.items()
        if isinstance(value, str) and value.startswith("attach://")
    ]


def _is_given(name: str, sent: Sent) -> bool:
    return name in sent.files or (name in sent.fields and sent.fields[name] is not None)


def _parameter(name: str, facts: Payload, sent: Sent) -> Any:
    types: list[str] = facts["types"]
    if "InputFile" in types:
        return _uploaded(name, types, sent)
    if name in sent.files:
        raise bad(f"{name} is not a file")
    value = _decoded(name, types, sent.fields[name])
    return _typed(name, facts, value, outermost=True)


def _uploaded(name: str, types: list[str], sent: Sent) -> File | str:
    if name in sent.files:
        return sent.files[name]
    value = sent.fields[name]
    if isinstance(value, str) and value.startswith("attach://"):
        if (file := sent.files.get(value.removeprefix("attach://"))) is None:
            raise bad(f"file {value} was not attached")
        return file
    if "String" not in types or not isinstance(value, str) or not value:
        raise bad(f"there is no {name} in the request")
    return value


def _decoded(name: str, types: list[str], value: Any) -> Any:
    """Make of a form's string what the first fitting of *types* asks for."""
    if not isinstance(value, str):
        return value
    if "Integer" in types and value.strip().lstrip("-").isdecimal():
        return int(value)
    if "String" in types:
        return value
    if "Boolean" in types:
        return BOOLEANS.get(value.lower(), value)
    return _json(name, value)


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise bad(f"can't parse {name}: not JSON") from error


def _typed(name: str, facts: Payload, value: Any, *, outermost: bool = False) -> Any:
    refusals = []
    for wanted in _by_likeness(facts["types"], value):
        try:
            _check_type(name, wanted, value)
        except RefusedError as refused:
            refusals.append(refused)
        else:
            _check_limits(name, facts, value, outermost=outermost)
            return value
    raise refusals[0]


def _by_likeness(types: list[str], value: Any) -> list[str]:
    """Put the type first whose fields resemble *value* most, so that its refusal is the one told."""

    def strangers(name: str) -> int:
        fields = SPEC["types"].get(name, {}).get("fields", {})
        return len(set(value) - set(fields)) if isinstance(value, dict) else 0

    return sorted(types, key=strangers)


def _check_type(name: str, wanted: str, value: Any) -> None:
    if wanted.startswith("Array of "):
        if not isinstance(value, list):
            raise bad(f"can't parse {name}: expected an Array of {wanted.removeprefix('Array of ')}")
        for entry in value:
            _check_type(name, wanted.removeprefix("Array of "), entry)
    elif wanted in SPEC["types"]:
        _check_object(name, wanted, value)
    elif not _is_simple(wanted, value):
        raise bad(f"can't parse {name}: expected {wanted}")


def _is_simple(wanted: str, value: Any) -> bool:
    match wanted:
        case "String":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            raise bad(f"{wanted} is not simulated")


def _check_object(name: str, wanted: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise bad(f"can't parse {name}: object expected as {wanted}")
    if subtypes := SPEC["types"][wanted].get("subtypes"):
        _typed(name, {"types": [_subtype(name, subtypes, value)]}, value)
        return
    fields = SPEC["types"][wanted]["fields"]
    if unknown := set(value) - set(fields):
        raise bad(f"can't parse {name}: {wanted} has no field {min(unknown)}")
    for field_name, facts in fields.items():
        if field_name in value:
            _typed(field_name, facts, value[field_name])
        elif facts.get("required"):
            raise bad(f"can't parse {name}: {wanted} needs the field {field_name}")


def _subtype(name: str, subtypes: list[str], value: Payload) -> str:
    for subtype in subtypes:
        if value.get("type") in SPEC["types"][subtype]["fields"]["type"].get("one_of", []):
            return subtype
    raise bad(f"can't parse {name}: unknown type")


def _check_limits(name: str, facts: Payload, value: Any, *, outermost: bool) -> None:
    if (words := facts.get("one_of")) and value not in words:
        raise bad(f"{name} must be one of {', '.join(words)}")
    if "limit" not in facts or (outermost and name in LIMITS_AFTER_FORMATTING):
        return
    smallest, largest, unit = facts["limit"]
    if not smallest <= COUNTED[unit](value) <= largest:
        raise bad(WORDED.get(name, f"{name} must be {smallest}-{largest} {unit}"))
