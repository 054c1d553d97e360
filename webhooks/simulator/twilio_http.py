"""The HTTP side of the Twilio double: authentication, routes, and the shape of errors."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from webhooks.simulator import twilio_content, twilio_lists, twilio_messages
from webhooks.simulator.exchange import Answer, Call, Payload, RefusedError
from webhooks.simulator.twilio_account import Account, new_sid
from webhooks.simulator.twilio_lists import Query
from webhooks.simulator.twilio_schema import INVALID, wrong
from webhooks.simulator.twilio_shown import VERSION

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NOT_FOUND = 20404
INJECTED = {429: 20429, 500: 20500, 503: 20503}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A request as far as it could be read."""

    sid: str
    account: str
    root: str
    credentials: str
    query: Query
    form: Query
    body: Any
    content_type: str

    def as_written(self) -> Payload:
        """Give the parameters by name for the record, repeated ones as a list."""
        if isinstance(self.body, dict):
            return self.body
        return {name: values[0] if len(values) == 1 else values for name, values in (self.query | self.form).items()}


Handler = Callable[[Account, Arrived], Answer]
Finish = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def application(account: Account, finish: Finish) -> web.Application:
    """Serve *account*; *finish* runs when an answer is ready to be sent."""
    served = web.Application()
    for verb, path, name, handler in ROUTES:
        served.router.add_route(verb, path, _served(account, name, handler, finish))
    return served


def _served(
    account: Account, name: str, handler: Handler, finish: Finish
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        arrived = await _read(request)
        written = arrived.as_written()
        call = Call(
            provider="twilio",
            method=name,
            recipient=written.get("To"),
            parameters=written,
            at=account.now(),
        )

        async def process() -> Answer:
            _check_caller(account, arrived)
            return handler(account, arrived)

        response = await account.exchange.serve(request, call, process)
        await finish(request, response)
        return response

    return serve


async def _read(request: web.Request) -> Arrived:
    return Arrived(
        sid=request.match_info.get("sid", ""),
        account=request.match_info.get("account", ""),
        root=f"{request.scheme}://{request.host}{request.path.partition('/v1/')[0]}",
        credentials=request.headers.get("Authorization", ""),
        query={name: request.query.getall(name) for name in request.query},
        form=await _form(request),
        body=await _json(request),
        content_type=request.content_type,
    )


async def _form(request: web.Request) -> Query:
    if request.content_type != FORM:
        return {}
    posted = await request.post()
    return {name: [str(value) for value in posted.getall(name)] for name in posted}


async def _json(request: web.Request) -> Any:
    if request.content_type != JSON:
        return None
    try:
        return json.loads(await request.read())
    except ValueError:
        return None


def _check_caller(account: Account, arrived: Arrived) -> None:
    try:
        kind, _, encoded = arrived.credentials.partition(" ")
        given = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        kind, given = "", ""
    if kind.lower() != "basic" or given != f"{account.sid}:{account.token}":
        raise wrong(20003, "Authenticate", 401)
    if arrived.account not in ("", account.sid):
        raise wrong(NOT_FOUND, f"The requested resource /Accounts/{arrived.account} was not found", 404)


def _create_message(account: Account, arrived: Arrived) -> Answer:
    if arrived.content_type != FORM:
        raise wrong(INVALID, f"Content-Type must be {FORM}")
    if arrived.query:
        raise wrong(INVALID, "parameters belong in the body")
    return Answer(201, twilio_messages.create(account, arrived.form).payload())


def _list_messages(account: Account, arrived: Arrived) -> Answer:
    return Answer(200, twilio_lists.messages(account, arrived.query))


def _fetch_message(account: Account, arrived: Arrived) -> Answer:
    if (message := account.messages.get(arrived.sid)) is None:
        raise wrong(NOT_FOUND, f"The requested resource {arrived.sid} was not found", 404)
    return Answer(200, message.payload())


def _create_content(account: Account, arrived: Arrived) -> Answer:
    if arrived.content_type != JSON or arrived.body is None:
        raise wrong(INVALID, f"a JSON body of Content-Type {JSON} is required")
    content = twilio_content.created(
        arrived.body,
        sid=new_sid("HX"),
        account_sid=account.sid,
        at=account.now(),
        longest_variable=account.longest_variable,
    )
    account.contents[content.sid] = content
    return Answer(201, content.payload(arrived.root))


def _list_contents(account: Account, arrived: Arrived) -> Answer:
    return Answer(200, twilio_lists.contents(account, arrived.query, arrived.root))


def _fetch_content(account: Account, arrived: Arrived) -> Answer:
    return Answer(200, account.content(arrived.sid, status=404, code=NOT_FOUND).payload(arrived.root))


def _delete_content(account: Account, arrived: Arrived) -> Answer:
    account.content(arrived.sid, status=404, code=NOT_FOUND)
    del account.contents[arrived.sid]
    return Answer(204, None)


def _submit_content(account: Account, arrived: Arrived) -> Answer:
    content = account.content(arrived.sid, status=404, code=NOT_FOUND)
    others = (one.approval for one in account.contents.values() if one.language == content.language)
    if isinstance(arrived.body, dict) and any(one and one["name"] == arrived.body.get("name") for one in others):
        raise wrong(INVALID, "name: a template of this language has it already", 409)
    status = "approved" if account.auto_approve else "pending"
    submitted = twilio_content.submitted(content, arrived.body, status=status)
    account.contents[arrived.sid] = submitted
    return Answer(201, submitted.approval)


def _fetch_approval(account: Account, arrived: Arrived) -> Answer:
    content = account.content(arrived.sid, status=404, code=NOT_FOUND)
    body = {
        "sid": content.sid,
        "account_sid": account.sid,
        "whatsapp": content.approval or {"status": "unsubmitted"},
        "url": f"{arrived.root}/v1/Content/{content.sid}/ApprovalRequests",
    }
    return Answer(200, body)


def _nothing_here(_: Account, __: Arrived) -> Answer:
    raise wrong(NOT_FOUND, "The requested resource was not found", 404)


def speech(refused: RefusedError) -> Answer:
    """Word an error as Twilio does."""
    code = refused.code or INJECTED.get(refused.status, refused.status)
    headers = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
    body: Payload = {
        "code": code,
        "message": refused.description,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": refused.status,
    }
    return Answer(refused.status, body, headers)


MESSAGES = f"/{VERSION}/Accounts/{{account}}/Messages"
CONTENT = "/v1/Content"
ROUTES: tuple[tuple[str, str, str, Handler], ...] = (
    ("POST", f"{MESSAGES}.json", "Messages.create", _create_message),
    ("GET", f"{MESSAGES}.json", "Messages.list", _list_messages),
    ("GET", f"{MESSAGES}/{{sid}}.json", "Messages.fetch", _fetch_message),
    ("POST", CONTENT, "Content.create", _create_content),
    ("GET", CONTENT, "Content.list", _list_contents),
    ("GET", f"{CONTENT}/{{sid}}", "Content.fetch", _fetch_content),
    ("DELETE", f"{CONTENT}/{{sid}}", "Content.delete", _delete_content),
    ("POST", f"{CONTENT}/{{sid}}/ApprovalRequests/whatsapp", "Content.submit", _submit_content),
    ("GET", f"{CONTENT}/{{sid}}/ApprovalRequests", "Content.approval", _fetch_approval),
    ("*", "/{rest:.*}", "unknown", _nothing_here),
)
