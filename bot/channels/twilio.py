"""Twilio: one message with one request, on the application's own HTTP session, for SMS and WhatsApp alike."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from twilio.base.exceptions import TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from bot.channels.base import BlockedError, RefusedError, ThrottledError, UnreachableError

_TIMEOUT_S = 10.0
_OPTED_OUT = {21610}
_THROTTLED = {429, 20429, 63018, 21611}
_WAIT = timedelta(seconds=2)


class TwilioOverAiohttp(AsyncHttpClient):  # type: ignore[misc]  # the library has no types
    """The library's transport: a shared session, a timeout that works, and a root that can stand elsewhere."""

    def __init__(self, session: aiohttp.ClientSession, root: str, timeout_s: float) -> None:
        super().__init__(logging.getLogger("twilio"), True, timeout_s)
        self._session = session
        self._root = root
        self._timeout_s = timeout_s
        self.pause = _WAIT  # how long the last answer asked us to wait, which the library's errors do not tell

    async def request(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  the library's signature
        allow_redirects: bool = False,
    ) -> Response:
        """Make one HTTP request."""
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = aiohttp.encode_basic_auth(*auth)
        async with self._session.request(
            method,
            self._root + url.split("api.twilio.com", 1)[-1],
            params=params,
            data=data,
            headers=sent,
            timeout=aiohttp.ClientTimeout(total=timeout or self._timeout_s),
            allow_redirects=allow_redirects,
        ) as response:
            self.pause = _pause(response.headers.get("Retry-After", ""))
            return Response(response.status, await response.text(), response.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """An account at Twilio, and whom its messages come from: a number, or a Messaging Service."""

    account_sid: str
    auth_token: str
    root: str
    session: aiohttp.ClientSession
    status_callback: str | None
    timeout_s: float = _TIMEOUT_S

    async def create(self, **parameters: Any) -> str:
        """Create a message and return its SID; raises one of the four kinds of `SendError`."""
        from twilio.rest import Client

        over = TwilioOverAiohttp(self.session, self.root, self.timeout_s)
        client = Client(self.account_sid, self.auth_token, http_client=over)
        if self.status_callback:
            parameters["status_callback"] = self.status_callback
        try:
            message = await client.messages.create_async(**parameters)
        except TwilioRestException as problem:
            raise _kind_of(problem, over.pause) from problem
        except (TimeoutError, aiohttp.ClientError, ValueError, KeyError, AttributeError, TypeError) as problem:
            raise UnreachableError(type(problem).__name__) from problem
        if not message.sid:
            raise UnreachableError("no sid")
        return str(message.sid)


def _pause(seconds: str) -> timedelta:
    return max(_WAIT, timedelta(seconds=int(seconds))) if seconds.isdecimal() and len(seconds) < 5 else _WAIT


def _kind_of(problem: TwilioRestException, pause: timedelta) -> Exception:
    code = str(problem.code or problem.status)
    if problem.status == 429 or problem.code in _THROTTLED:
        return ThrottledError(code, pause)
    if problem.code in _OPTED_OUT:
        return BlockedError(code)
    if problem.status >= 500 or problem.status in (401, 403, 408):  # a wrong token is for the operator to mend
        return UnreachableError(code)
    return RefusedError(code)
