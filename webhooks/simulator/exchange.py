"""What both doubles share: the record of calls, faults that tests inject, and waiting for a change.

A double reads a request into a `Call`, and lets its `Exchange` serve it. Rules raise `RefusedError`. A refusal
that a correct product would never meet is kept in `refused`; one that circumstances cause (a blocked chat,
a stale tap, an opted-out number, a full minute) is kept in `declined`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from aiohttp import web

Payload = dict[str, Any]
Listener = Callable[[Payload], None]
Watcher = Callable[["Call"], None]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that a provider got; *status* is 0 while it runs and when its connection was dropped."""

    provider: str
    method: str
    recipient: str | None
    parameters: Mapping[str, Any]
    at: datetime
    status: int = 0
    code: int | None = None
    description: str = ""
    processed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How the provider fails: answers *status*, is silent for *hang* seconds, drops the connection.

    *code* is its own word for why. With *accept_first* it does what it was asked and fails then. With *hang* alone it
    is merely slow.
    It applies to calls *matching*, *times* times; None means always.
    """

    status: int | None = None
    code: int | None = None
    retry_after: int | None = None
    hang: float | None = None
    drop_connection: bool = False
    accept_first: bool = False
    matching: Callable[[Call], bool] | None = None
    times: int | None = 1

    def applies_to(self, call: Call) -> bool:
        return self.matching is None or self.matching(call)


class RefusedError(Exception):
    """The provider says no."""

    def __init__(
        self,
        description: str,
        *,
        status: int = 400,
        code: int | None = None,
        retry_after: int | None = None,
        extra: Payload | None = None,
        circumstance: bool = False,
    ) -> None:
        super().__init__(description)
        self.description = description
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.extra = extra or {}
        self.circumstance = circumstance


class NothingCameError(TimeoutError):
    """What was waited for did not come in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider sends back."""

    status: int
    body: Payload | None
    headers: Mapping[str, str] = field(default_factory=dict)


class Speech(Protocol):
    """How one provider words its errors."""

    def __call__(self, refused: RefusedError) -> Answer: ...


Process = Callable[[], Awaitable[Answer]]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Exchange:
    """Serves calls for one provider, keeps their record and wakes those who wait."""

    def __init__(self, *, now: Callable[[], datetime], speech: Speech) -> None:
        self.now = now
        self.calls: list[Call] = []
        self.refused: list[Call] = []
        self.declined: list[Call] = []
        self.faults: list[Fault] = []
        self.listeners: list[Listener] = []
        self.watchers: list[Watcher] = []
        self.outage = False
        self.mark = 0
        self._speech = speech
        self._waiting: dict[str | None, list[asyncio.Future[None]]] = {}
        self._closing = asyncio.Event()

    def open(self) -> None:
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Let go of all who hang or poll, so that the server can stop."""
        self._closing.set()
        for recipient in list(self._waiting):
            self._wake(recipient)

    @property
    def is_closing(self) -> bool:
        return self._closing.is_set()

    async def serve(self, request: web.Request, call: Call, process: Process) -> web.StreamResponse:
        """Answer *call* with what *process* gives, or fail as the faults have it."""
        self.calls.append(call)
        settled, answer = await self._outcome(call, process)
        self._settle(call, settled)
        for watcher in self.watchers:
            watcher(settled)
        self.changed(call.recipient)
        return _dropped(request) if answer is None else _response(answer)

    def tell(self, kind: str, **details: Any) -> None:
        """Give the listeners the event *kind*; its details can be written as JSON."""
        for listener in self.listeners:
            listener({"kind": kind, **details})

    def forget_calls(self, keep: int) -> None:
        """Drop all but the newest *keep* calls from the record."""
        for record in (self.calls, self.refused, self.declined):
            del record[: max(0, len(record) - keep)]

    def step(self) -> int:
        """Count one more change that a person can see."""
        self.mark += 1
        return self.mark

    def changed(self, recipient: str | None = None) -> None:
        """Wake those who wait for anything, and those who wait for *recipient*."""
        self._wake(None)
        if recipient is not None:
            self._wake(recipient)

    def _wake(self, recipient: str | None) -> None:
        for future in self._waiting.pop(recipient, []):
            if not future.done():
                future.set_result(None)

    async def until(
        self, found: Callable[[], Found | None], seconds: float, recipient: str | None = None
    ) -> Found | None:
        """Look again after every change until *found* gives something; None when *seconds* have passed.

        With *recipient* only what happens to that one counts as a change.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (result := found()) is None and not self.is_closing:
                    await self._next_change(recipient)
                return result
        return found()

    async def wait_for_call(self, predicate: Callable[[Call], bool], seconds: float = 5.0) -> Call:
        """Return the first answered call that satisfies *predicate*, past ones included."""

        def found() -> Call | None:
            return next((call for call in self.calls if predicate(call)), None)

        if (call := await self.until(found, seconds)) is None:
            raise NothingCameError(f"no such call among the {len(self.calls)} that came")
        return call

    async def _next_change(self, recipient: str | None) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(recipient, []).append(future)
        await future

    async def _outcome(self, call: Call, process: Process) -> tuple[Call, Answer | None]:
        if self.outage:
            return call, None
        if (fault := self._fault_for(call)) is None:
            return await self._processed(call, process)
        return await self._failed(call, process, fault)

    async def _processed(self, call: Call, process: Process) -> tuple[Call, Answer]:
        try:
            answer = await process()
        except RefusedError as refused:
            return self._refuse(call, refused)
        return replace(call, status=answer.status, processed=True), answer

    def _refuse(self, call: Call, refused: RefusedError) -> tuple[Call, Answer]:
        settled = replace(
            call, status=refused.status, code=refused.code or refused.status, description=refused.description
        )
        (self.declined if refused.circumstance else self.refused).append(settled)
        self.tell(
            "refused",
            provider=call.provider,
            method=call.method,
            recipient=call.recipient,
            description=refused.description,
        )
        return settled, self._speech(refused)

    async def _failed(self, call: Call, process: Process, fault: Fault) -> tuple[Call, Answer | None]:
        settled, answer = await self._processed(call, process) if fault.accept_first else (call, None)
        self.changed(call.recipient)
        await self._hang(fault.hang)
        if fault.drop_connection:
            return replace(settled, status=0), None
        if fault.status is not None:
            answer = self._speech(_injected(fault))
            return replace(settled, status=fault.status, code=fault.code or fault.status), answer
        return (settled, answer) if fault.accept_first else await self._processed(call, process)

    async def _hang(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds or 0):
                await self._closing.wait()

    def _fault_for(self, call: Call) -> Fault | None:
        for place, fault in enumerate(self.faults):
            if fault.applies_to(call):
                self._use_up(place, fault)
                return fault
        return None

    def _use_up(self, place: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self.faults[place]
        else:
            self.faults[place] = replace(fault, times=fault.times - 1)

    def _settle(self, call: Call, settled: Call) -> None:
        for place in range(len(self.calls) - 1, -1, -1):
            if self.calls[place] is call:
                self.calls[place] = settled
                return


def _injected(fault: Fault) -> RefusedError:
    status = fault.status or 500
    words = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}
    return RefusedError(
        words.get(status, "Service Unavailable"),
        status=status,
        code=fault.code,
        retry_after=fault.retry_after,
        circumstance=True,
    )


def _response(answer: Answer) -> web.Response:
    if answer.body is None:
        return web.Response(status=answer.status, headers=answer.headers)
    return web.json_response(answer.body, status=answer.status, headers=answer.headers)


def _dropped(request: web.Request) -> web.Response:
    """Close the connection under the request; the response goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)
