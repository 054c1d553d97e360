"""Twilio's Content API: resources made and looked at, and what WhatsApp says of those that it has to approve."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.channels.templates import CATEGORY

TROUBLES = (aiohttp.ClientError, TimeoutError, KeyError, ValueError, TypeError)
_TIMEOUT = aiohttp.ClientTimeout(total=20)
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_SAID = ("body", "title", "id")
APPROVED, PENDING, MISSING, UNASKED = "approved", ("pending", "received"), "missing", "unsubmitted"
_LONGEST_STATE = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """What WhatsApp says of a template, in Twilio's words, and why it is rejected."""

    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentApi:
    """The resources of one account; everything may fail with one of `TROUBLES`."""

    session: aiohttp.ClientSession
    root: str
    account_sid: str
    auth_token: str

    async def there(self) -> list[dict[str, Any]]:
        """Return the account's resources, page by page."""
        found: list[dict[str, Any]] = []
        query: str | None = "PageSize=100"
        while query:
            body = await self._ask("GET", f"?{query}")
            found += body["contents"]
            # The provider names its own host; we stay with the one we were given.
            query = ((body.get("meta") or {}).get("next_page_url") or "").partition("?")[2]
        return found

    async def make(self, body: Mapping[str, Any]) -> str:
        """Make a resource and return its SID."""
        return str((await self._ask("POST", "", body))["sid"])

    async def standing(self, sid: str) -> Standing:
        """Return what WhatsApp says of a template."""
        try:
            found = await self._ask("GET", f"/{sid}/ApprovalRequests")
        except aiohttp.ClientResponseError as problem:
            if problem.status == 404:
                return Standing(MISSING)
            raise
        return _standing(found.get("whatsapp"))

    async def submit(self, sid: str, name: str) -> Standing:
        """Ask WhatsApp to approve a template by this *name*."""
        return _standing(
            await self._ask("POST", f"/{sid}/ApprovalRequests/whatsapp", {"name": name, "category": CATEGORY})
        )

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": aiohttp.encode_basic_auth(self.account_sid, self.auth_token)}
        address = f"{self.root}/v1/Content{path}"
        async with self.session.request(method, address, json=body, headers=headers, timeout=_TIMEOUT) as response:
            response.raise_for_status()
            found: dict[str, Any] = await response.json()
            return found


def why(problem: Exception) -> str:
    """Say what is wrong with Twilio, who did not answer as wanted."""
    match problem:
        case aiohttp.ClientResponseError(status=status):
            return f"Twilio answers with status {status}"
        case aiohttp.ClientError() | TimeoutError():
            return "Twilio cannot be reached"
        case _:
            return "what Twilio answers cannot be read"


def _standing(said: Mapping[str, Any] | None) -> Standing:
    state = str((said or {}).get("status") or UNASKED)
    return Standing(state[:_LONGEST_STATE], str((said or {}).get("rejection_reason") or ""))


def variables_in(types: Mapping[str, Any]) -> set[str]:
    """Return the names of the variables that a resource of these *types* takes."""
    return set(_VARIABLE.findall(json.dumps(types)))


def is_like(item: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Say whether a resource at Twilio is the one that *body* would make: its name, its kinds, its variables."""
    if item.get("friendly_name") != body["friendly_name"]:
        return False
    types, wanted = item.get("types") or {}, body["types"]
    return set(types) == set(wanted) and variables_in(types) == variables_in(wanted)


def says_the_same(item: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Say whether a resource at Twilio is the one that *body* would make, word by word."""
    return is_like(item, body) and sorted(_said(item["types"])) == sorted(_said(body["types"]))


def _said(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str() if name in _SAID:
            yield name, value
        case dict():
            for inner, held in value.items():
                yield from _said(held, inner)
        case list():
            for held in value:
                yield from _said(held, name)
        case _:
            return
