"""What happens around every request: it is counted, and what nobody expected is answered and logged without words."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.log import problem
from bot.metrics import REQUESTS

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the request by its route; answer 503 where a handler failed, so that the provider tries again."""
    began = time.perf_counter()
    status = 503
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as answer:
        status = answer.status
        raise
    except Exception as failure:  # noqa: BLE001  the HTTP edge
        log.error("request failed", route=_route(request), problem=problem(failure))
        return web.Response(status=503)
    else:
        return response
    finally:
        REQUESTS.labels(_route(request), status).observe(time.perf_counter() - began)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
