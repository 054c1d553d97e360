"""WhatsApp's templates at Twilio: made, given to WhatsApp to be approved, and looked at one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.contents import (
    APPROVED,
    MISSING,
    PENDING,
    UNASKED,
    ContentApi,
    Standing,
    says_the_same,
    variables_in,
)
from bot.channels.templates import approval_name, templates

CHANGED = "changed"
_BEST_FIRST = (APPROVED, *PENDING, "paused", UNASKED)
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A template and how it stands; *is_given* where a setting names it."""

    name: str
    sid: str | None
    standing: Standing
    is_given: bool = False
    is_new: bool = False

    @property
    def is_usable(self) -> bool:
        return self.standing.state == APPROVED

    @property
    def is_awaited(self) -> bool:
        return self.standing.state in PENDING

    @property
    def can_be_made(self) -> bool:
        return not self.is_given and self.standing.state in (MISSING, CHANGED, UNASKED)

    def __str__(self) -> str:
        reason = f": {self.standing.reason}" if self.standing.reason else ""
        return f"{self.name} is {self.standing.state}{reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is *there* at Twilio, and the templates that a setting has *given*, by name."""

    api: ContentApi
    there: Sequence[Item]
    given: Mapping[str, str]

    async def provide(self) -> list[Looked]:
        """Make the templates that are missing, and ask for the approval of those for which nobody has."""
        return [
            await self._look_at(name, body, self.given[name]) if name in self.given else await self._provide(name, body)
            for name, body in templates().items()
        ]

    async def look(self, stored: Mapping[str, str]) -> list[Looked]:
        """Look at the templates that are in use: the given ones, else those that are *stored*."""
        return [
            await self._look_at(name, body, self.given.get(name) or stored.get(name))
            for name, body in templates().items()
        ]

    async def _look_at(self, name: str, body: Item, sid: str | None) -> Looked:
        is_given = name in self.given
        item = next((one for one in self.there if one["sid"] == sid), None)
        if sid is None or item is None:
            standing = Standing(MISSING)
        elif not (_takes_the_same(item, body) if is_given else says_the_same(item, body)):
            standing = Standing(CHANGED)
        else:
            standing = await self.api.standing(sid)
        return Looked(name=name, sid=sid, standing=standing, is_given=is_given)

    async def _provide(self, name: str, body: dict[str, Any]) -> Looked:
        found = [
            (await self.api.standing(item["sid"]), item["sid"]) for item in self.there if says_the_same(item, body)
        ]
        found.sort(key=_place_of)
        standing, sid = found[0] if found else (Standing(UNASKED), await self.api.make(body))
        if standing.state == UNASKED:
            standing = await self.api.submit(sid, approval_name(body, sid))
        return Looked(name=name, sid=sid, standing=standing, is_new=not found)


def _place_of(found: tuple[Standing, str]) -> int:
    state = found[0].state
    return _BEST_FIRST.index(state) if state in _BEST_FIRST else len(_BEST_FIRST)


def _takes_the_same(item: Item, body: Item) -> bool:
    return variables_in(item.get("types") or {}) == variables_in(body["types"])
