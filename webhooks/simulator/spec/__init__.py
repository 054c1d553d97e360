"""The facts of the providers' specifications that the doubles check, as data."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Read the trimmed specification *name*: "telegram" or "twilio"."""
    facts: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text("utf-8"))
    return facts
