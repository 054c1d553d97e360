"""The routes of the feed: the manifest and its files, told apart by their ETags when nothing has changed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, TypeVar

from aiohttp import ETag, hdrs, web

from bot.app import App
from webhooks.scheduling.feed import FRESH, Feed, Plan
from webhooks.scheduling.resources import timestamp
from webhooks.scheduling.shelf import Kept

Response = TypeVar("Response", bound=web.StreamResponse)
MANIFEST = "/scheduling/$bulk-publish"
_CHUNK = 128 * 1024
_PACKED = "-gzip"
_COMMON = {
    "Cache-Control": f"public, max-age={int(FRESH.total_seconds())}",
    "Access-Control-Allow-Origin": "*",  # finders may run in a browser
}


def add_to(site: web.Application, app: App) -> None:
    """Publish open slots on *site*; nothing in them is about a person."""
    feed = Feed(app)
    sending: set[asyncio.Task[Any]] = set()
    site.router.add_get(MANIFEST, _manifest_handler(app, feed))
    site.router.add_get("/scheduling/{name}.ndjson", _file_handler(feed, sending))

    async def stop(_site: web.Application) -> None:
        for task in sending:  # a slow reader must not keep the process from ending
            task.cancel()

    async def close(_site: web.Application) -> None:
        feed.shelf.close()

    site.on_shutdown.append(stop)
    site.on_cleanup.append(close)


def _manifest_handler(app: App, feed: Feed) -> Any:
    async def answer(request: web.Request) -> web.Response:
        plan = await feed.plan()
        body = json.dumps(_manifest(plan, app.settings.public_url or str(request.url.origin()))).encode()
        tag = hashlib.sha256(body).hexdigest()[:32]
        response = web.Response(body=body, content_type="application/json", headers=_COMMON)
        if _is_known(request, {tag}, plan.made_at):
            response = web.Response(status=304, headers=_COMMON)
        _mark(response, tag, plan.made_at)
        return response

    return answer


def _manifest(plan: Plan, root: str) -> dict[str, Any]:
    return {
        "transactionTime": timestamp(plan.made_at),
        "request": f"{root}{MANIFEST}",
        "output": [
            {"type": kind, "url": f"{root}/scheduling/{name}.ndjson", "extension": {"state": states}}
            for kind, name, states in plan.outputs()
        ],
        "error": [],
    }


def _file_handler(feed: Feed, sending: set[asyncio.Task[Any]]) -> Any:
    async def answer(request: web.Request) -> web.StreamResponse:
        kept = await feed.file(request.match_info["name"])
        if kept is None:
            raise web.HTTPNotFound
        if _is_known(request, {kept.tag, kept.tag + _PACKED}, kept.changed_at):
            return _headed(web.Response(status=304), kept, packed=_takes_gzip(request))
        with _among(sending):
            return await _sent(request, kept)

    return answer


@contextlib.contextmanager
def _among(tasks: set[asyncio.Task[Any]]) -> Iterator[None]:
    """Let this task be one of *tasks* meanwhile."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  a handler runs in one
    tasks.add(task)
    try:
        yield
    finally:
        tasks.discard(task)


async def _sent(request: web.Request, kept: Kept) -> web.StreamResponse:
    packed = _takes_gzip(request)
    response = _headed(web.StreamResponse(), kept, packed=packed)
    response.content_type = "application/fhir+ndjson"
    response.content_length = kept.packed_size if packed else kept.size
    if packed:
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    with kept.open(packed=packed) as file:
        await response.prepare(request)
        if request.method != hdrs.METH_HEAD:
            with contextlib.suppress(ConnectionError):  # who went away wants no more
                await _copy(file, response)
    return response


async def _copy(file: BinaryIO, response: web.StreamResponse) -> None:
    """Send *file* bit by bit, no faster than it is taken."""
    while chunk := await asyncio.to_thread(file.read, _CHUNK):
        await response.write(chunk)
    await response.write_eof()


def _headed(response: Response, kept: Kept, *, packed: bool) -> Response:
    response.headers.update(_COMMON)
    response.headers[hdrs.VARY] = "Accept-Encoding"
    _mark(response, kept.tag + _PACKED if packed else kept.tag, kept.changed_at)
    return response


def _mark(response: web.StreamResponse, tag: str, changed_at: datetime) -> None:
    response.etag = tag
    response.last_modified = changed_at


def _is_known(request: web.Request, tags: set[str], changed_at: datetime) -> bool:
    """Say whether the caller has it already; an ETag goes before a date."""
    given = request.if_none_match
    if given is not None:
        return any(_means(one, tags) for one in given)
    since = request.if_modified_since
    return since is not None and changed_at.astimezone(UTC).replace(microsecond=0) <= since


def _means(given: ETag, tags: set[str]) -> bool:
    return given.value == "*" or given.value in tags


def _takes_gzip(request: web.Request) -> bool:
    accepted = request.headers.get(hdrs.ACCEPT_ENCODING, "").lower().replace(" ", "").split(",")
    return any(one.partition(";")[0] == "gzip" and not one.endswith((";q=0", ";q=0.0")) for one in accepted)
