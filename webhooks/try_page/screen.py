"""What one phone of the demo shows, and what happens behind it: bounded, and told to all who watch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from webhooks.simulator.exchange import Payload

MOST_ITEMS = 200
MOST_LINES = 60
#: How far a message has come; a receipt that comes late takes nothing back.
_TICKS = ("accepted", "queued", "sending", "sent", "delivered", "read", "undelivered", "failed")

Publish = Callable[[str, Payload], None]


class Screen:
    """One phone's messages by id, oldest first; its keys; the requests behind it."""

    def __init__(self, publish: Publish) -> None:
        self.items: dict[str, Payload] = {}
        self.keys: list[list[Payload]] = []
        self.behind: deque[Payload] = deque(maxlen=MOST_LINES)
        self.newest_own: str | None = None
        self._lines = 0
        self._publish = publish

    def whole(self) -> Payload:
        """Return all of it, for somebody who begins to watch."""
        behind = sorted(self.behind, key=lambda line: int(line["id"]))
        return {"items": list(self.items.values()), "keys": self.keys, "behind": behind}

    def put(self, item: Payload) -> None:
        """Show *item*, in the place of the one with its id if there is one."""
        before = self.items.get(item["id"])
        if before is not None:
            item = {**item, "at": before["at"]}
        elif item.get("mine"):
            self.newest_own = item["id"]
        elif not item.get("carrier"):
            self._all_read()
        self.items[item["id"]] = item
        while len(self.items) > MOST_ITEMS:
            del self.items[next(iter(self.items))]
        self._publish("item", item)

    def _all_read(self) -> None:
        """The desk answered: it has read what was sent."""
        for item in [item for item in self.items.values() if item.get("mine")]:
            self.tick(item["id"], "read")

    def tick(self, item_id: str, ticks: str) -> None:
        """Note how far a message has come."""
        item = self.items.get(item_id)
        if item is None or _TICKS.index(ticks) <= _TICKS.index(item.get("ticks", "accepted")):
            return
        self.items[item_id] = {**item, "ticks": ticks}
        self._publish("ticks", {"id": item_id, "ticks": ticks})

    def drop(self, item_id: str) -> None:
        """Take a message away."""
        if self.items.pop(item_id, None) is not None:
            self._publish("gone", {"id": item_id})

    def set_keys(self, keys: list[list[Payload]]) -> None:
        """Show other keys in place of the letters."""
        if keys != self.keys:
            self.keys = keys
            self._publish("keys", {"keys": keys})

    def next_line(self) -> int:
        """Return the number of a line that is noted later, when its request is answered."""
        self._lines += 1
        return self._lines

    def note(self, line: Payload, number: int | None = None) -> None:
        """Add a line about a request."""
        numbered = {"id": self.next_line() if number is None else number, **line}
        self.behind.append(numbered)
        self._publish("behind", numbered)
