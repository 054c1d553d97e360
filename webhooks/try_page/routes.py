"""The HTTP side of the demo: the page, sessions, what is done on a phone, and the stream of what is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from domain.words import LANGUAGES
from webhooks.simulator.choices import NoSuchButtonError
from webhooks.simulator.exchange import Payload
from webhooks.simulator.telegram_phone import TelegramPhone
from webhooks.try_page.actions import UnreadableActionError, read_action
from webhooks.try_page.session import Session, TooManyStreamsError
from webhooks.try_page.sessions import Sessions
from webhooks.try_page.stream import pour

FOLDER = Path(__file__).parent
FILES = {
    "/try": ("page.html", "text/html"),
    "/try/page.css": ("page.css", "text/css"),
    "/try/page.js": ("page.js", "text/javascript"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cache-Control": "no-cache",
}


def add(site: web.Application, sessions: Sessions, about: Payload, invite: Callable[[], Awaitable[str]]) -> None:
    """Add the demo page to *site*; *about* says of which clinic it is, *invite* makes codes for its staff."""
    for path in FILES:
        site.router.add_get(path, _file)
    page = _Page(sessions, about, invite)
    site.router.add_get("/", _to_page)
    site.router.add_get("/try/about", page.tell)
    site.router.add_post("/try/sessions", page.open)
    site.router.add_get("/try/sessions/{id}/events", page.watch)
    site.router.add_get("/try/sessions/{id}/{phone}/files/{item}", page.download)
    site.router.add_post("/try/sessions/{id}/{phone}", page.act)
    site.on_shutdown.append(page.close)


async def _to_page(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/try")


async def _file(request: web.Request) -> web.Response:
    name, content_type = FILES[request.path]
    return web.Response(body=(FOLDER / name).read_bytes(), headers=HEADERS, content_type=content_type, charset="utf-8")


class _Page:
    """What the page's script calls."""

    def __init__(self, sessions: Sessions, about: Payload, invite: Callable[[], Awaitable[str]]) -> None:
        self._sessions = sessions
        self._invite = invite
        self._about = about

    async def tell(self, _request: web.Request) -> web.Response:
        """Say which demo this is."""
        return web.json_response(self._about)

    async def open(self, request: web.Request) -> web.Response:
        """Give new people their phones."""
        language = (await _body(request)).get("language", "en")
        if language not in LANGUAGES:
            raise _refused(f"language must be one of {', '.join(LANGUAGES)}")
        return web.json_response({"id": self._sessions.open(language, await self._invite()).id}, status=201)

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """Stream what the phones show."""
        try:
            return await pour(request, self._found(request), self._about)
        except TooManyStreamsError:
            return web.json_response({"why": "this session is open in too many tabs"}, status=429)

    async def act(self, request: web.Request) -> web.Response:
        """Do something on a phone."""
        session = self._found(request)
        phone = request.match_info["phone"]
        if phone not in session.phones:
            raise web.HTTPNotFound
        try:
            action = read_action(await _body(request))
            self._sessions.touch(session)
            status, took = await session.act(phone, action)
        except UnreadableActionError as problem:
            raise _refused(str(problem)) from problem
        except NoSuchButtonError as problem:
            return web.json_response({"why": str(problem)}, status=409)
        return web.json_response({"webhook": status, "ms": took})

    async def download(self, request: web.Request) -> web.Response:
        """Give a file that the desk sent."""
        phone = self._found(request).phones.get(request.match_info["phone"])
        item = request.match_info["item"]
        files = {
            str(message.message_id): message.document
            for message in (phone.screen if isinstance(phone, TelegramPhone) else [])
        }
        if (file := files.get(item)) is None:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, headers={**headers, "Content-Type": file.content_type})

    async def close(self, _site: web.Application) -> None:
        """Let go of all who watch."""
        self._sessions.close()

    def _found(self, request: web.Request) -> Session:
        session = self._sessions.find(request.match_info["id"])
        if session is None:
            raise web.HTTPNotFound
        return session


async def _body(request: web.Request) -> dict[str, Any]:
    """Read a JSON object; no form of another site can post one."""
    if request.content_type != "application/json":
        raise _refused("the body must be JSON")
    try:
        body = await request.json()
    except ValueError as problem:
        raise _refused("the body must be JSON") from problem
    if not isinstance(body, dict):
        raise _refused("the body must be a JSON object")
    return body


def _refused(why: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=why)
