"""Checks JSON and form values against the trimmed Twilio specification; unknown names are refused."""

import re
from typing import Any

from webhooks.simulator.exchange import Payload, RefusedError
from webhooks.simulator.spec import load

SPEC = load("twilio")
UNKNOWN, INVALID = 20001, 20422
PATTERNS = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "[Tt]rue|[Ff]alse"}


def wrong(code: int, description: str, status: int = 400) -> RefusedError:
    return RefusedError(description, status=status, code=code)


def check(schema: Payload, value: Any, name: str) -> None:
    """Refuse a JSON *value* that is not as *schema* says."""
    if value is None and schema.get("nullable"):
        return
    match schema.get("type", "string"):
        case "object":
            _check_object(schema, value, name)
        case "array":
            _check_array(schema, value, name)
        case kind if not _is(kind, value):
            raise wrong(INVALID, f"{name}: expected {kind}")
    if "enum" in schema and value not in schema["enum"]:
        raise wrong(INVALID, f"{name}: must be one of {', '.join(schema['enum'])}")


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            return isinstance(value, int | float) and not isinstance(value, bool)


def _check_array(schema: Payload, value: Any, name: str) -> None:
    if not isinstance(value, list):
        raise wrong(INVALID, f"{name}: expected array")
    for entry in value:
        check(schema["items"], entry, name)


def _check_object(schema: Payload, value: Any, name: str) -> None:
    if not isinstance(value, dict):
        raise wrong(INVALID, f"{name}: expected object")
    known = schema.get("properties", {})
    for inner, held in value.items():
        if inner in known:
            check(known[inner], held, f"{name}.{inner}")
        elif "others" in schema:
            check(schema["others"], held, f"{name}.{inner}")
        else:
            raise wrong(UNKNOWN, f"Unknown parameters: {name}.{inner}")
    if missing := [inner for inner in schema.get("required", []) if inner not in value]:
        raise wrong(INVALID, f"{name}: {missing[0]} is required")


def check_form(schemas: Payload, form: dict[str, list[str]]) -> None:
    """Refuse names that are not among *schemas*, repeated ones, and values of the wrong kind."""
    if unknown := set(form) - set(schemas):
        raise wrong(UNKNOWN, f"Unknown parameters: {min(unknown)}")
    for name, values in form.items():
        schema = schemas[name]
        if schema["type"] != "array" and len(values) > 1:
            raise wrong(INVALID, f"Invalid Parameter: {name} is given twice")
        for value in values:
            _check_text(schema, value, name)


def _check_text(schema: Payload, value: str, name: str) -> None:
    """Check what a form can say of *value*; empty ones are left to the rules."""
    if value == "":
        return
    pattern = PATTERNS.get(schema["type"], schema.get("pattern", ".*").strip("^$"))
    if not re.fullmatch(pattern, value, re.DOTALL) or ("enum" in schema and value not in schema["enum"]):
        raise wrong(INVALID, f"Invalid Parameter: {name}")
