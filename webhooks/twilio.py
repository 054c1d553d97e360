"""Twilio's webhooks: signed over the public address, then a message becomes an `Inbound`, a receipt is kept."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from multidict import MultiDict

from bot.app import App
from bot.channels.templates import pressed
from bot.channels.twilio_codes import FAILED
from bot.links import centre_in, payload_of
from bot.messages import Inbound
from bot.subscription import as_subscription
from bot.undelivered import told_arrived, told_lost
from bot.wake import Bell
from dialogs.intents import greeted_in
from dialogs.said import Kind, Said
from domain.centres import Position
from domain.patients import Channel
from domain.store import outbox
from domain.telephone import is_number, is_scoped_id

log = structlog.get_logger()
SIGNATURE_HEADER = "X-Twilio-Signature"
_NUMBER, _WHATSAPP = re.compile(r"\+[1-9]\d{3,14}"), "whatsapp:"
#: How far a message has come; of two receipts the one that came further counts, in whatever order they come. What was
#: delivered has arrived, whatever else is said of it; of two that failed the first counts, with its code.
RANKS = {
    status: rank
    for rank, statuses in enumerate(
        (
            ("accepted", "scheduled"),
            ("queued",),
            ("sending",),
            ("sent",),
            ("undelivered", "failed"),
            ("delivered",),
            ("read",),
        )
    )
    for status in statuses
}
_LOST = RANKS["failed"]


def handlers(app: App) -> tuple[Any, Any]:
    """Return the handlers for messages and for receipts."""

    async def message(request: web.Request) -> web.Response:
        await app.turns.receive(inbound(await _genuine(request, app)))
        return web.Response(text="<Response/>", content_type="text/xml")

    async def receipt(request: web.Request) -> web.Response:
        await _keep(app, await _genuine(request, app))
        return web.Response(status=204)

    return message, receipt


async def _genuine(request: web.Request, app: App) -> MultiDict[str]:
    """Return the form of a request that Twilio signed; 403 for any other, before anything is stored."""
    token, public = app.settings.twilio_auth_token, app.settings.public_url
    signature = request.headers.get(SIGNATURE_HEADER, "")
    form = await _form(request)
    address = f"{public}{request.raw_path}"
    if token is None or public is None or not _validator(token).validate(address, form, signature):
        log.warning("forged webhook", route="twilio")
        raise web.HTTPForbidden
    return form


async def _form(request: web.Request) -> MultiDict[str]:
    """Return all parameters as they came, blank and repeated ones too; what is no form has none."""
    try:
        body = (await request.read()).decode()
        return MultiDict(parse_qsl(body, keep_blank_values=True, max_num_fields=400))
    except ValueError:
        return MultiDict()


@functools.cache
def _validator(token: str) -> Any:
    from twilio.request_validator import RequestValidator

    return RequestValidator(token)


def inbound(form: Mapping[str, str]) -> Inbound:
    """Read a message; HTTPBadRequest when it lacks what every message has."""
    channel = Channel.WHATSAPP if form.get("From", "").startswith(_WHATSAPP) else Channel.SMS
    address = _address_in(form, channel)
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if address is None or not re.fullmatch(r"\w{10,64}", sid):
        log.warning("malformed webhook", route="twilio")
        raise web.HTTPBadRequest
    body = form.get("Body", "")
    template, option = pressed(form.get("ButtonPayload", "")) or (None, None)
    return Inbound(
        channel=channel,
        address=address,
        provider_id=sid,
        said=Said(kind=Kind.TAP, text=body, option=option) if template else _said(form, channel),
        answers=form.get("OriginalRepliedMessageSid") or None,
        template=template,
        language=greeted_in(body) or _language_of(address),
    )


def _address_in(form: Mapping[str, str], channel: Channel) -> str | None:
    """Return the number of who wrote, or on WhatsApp the id in its place, where they show none."""
    names = ("From", "ExternalUserId") if channel == Channel.WHATSAPP else ("From",)
    given = [form.get(name, "").removeprefix(_WHATSAPP) for name in names]
    known = (one for one in given if _NUMBER.fullmatch(one) or (channel == Channel.WHATSAPP and is_scoped_id(one)))
    return next(known, None)


def _said(form: Mapping[str, str], channel: Channel) -> Said:
    body = form.get("Body", "")
    opted = {"STOP": Said(kind=Kind.STOP), "START": Said(kind=Kind.RESUME)}.get(form.get("OptOutType", ""))
    if opted is not None:
        return opted
    for name in ("ListId", "ButtonPayload"):
        if (tap := _tap(form.get(name, ""), body)) is not None:
            return tap
    if form.get("Latitude") and form.get("Longitude"):
        return _pin(form)
    if not body.strip():
        return Said(kind=Kind.UNREADABLE)
    if (centre := centre_in(body)) is not None:
        return Said(kind=Kind.BEGIN, text=payload_of(centre))
    return as_subscription(body, channel) or Said(text=body)


def _tap(payload: str, body: str) -> Said | None:
    menu, _, option = payload.partition(":")
    if not (menu.removeprefix("-").isdecimal() and option.isdecimal() and len(menu) < 10 and len(option) < 4):
        return None
    return Said(kind=Kind.TAP, text=body, menu=int(menu), option=int(option))


def _pin(form: Mapping[str, str]) -> Said:
    try:
        lat, lon = float(form["Latitude"]), float(form["Longitude"])
    except ValueError:
        raise web.HTTPBadRequest from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise web.HTTPBadRequest
    return Said(kind=Kind.PIN, position=Position(lat, lon))


#: Where one of our languages is spoken, by the beginning of the number.
_BY_PREFIX = {
    "fr": ["+33", "+262", "+590", "+594", "+596", "+508", "+687", "+689", "+352", "+377", "+221", "+225"],
    "es": [
        "+34",
        "+52",
        "+53",
        "+54",
        "+56",
        "+57",
        "+58",
        "+51",
        "+591",
        "+593",
        "+595",
        "+598",
        "+502",
        "+503",
        "+504",
        "+505",
        "+506",
        "+507",
    ],
}


#: The same of those who show no number, by their country.
_BY_COUNTRY = {
    "fr": ["FR", "RE", "GP", "GF", "MQ", "PM", "NC", "PF", "LU", "MC", "SN", "CI"],
    "es": ["ES", "MX", "CU", "AR", "CL", "CO", "VE", "PE", "BO", "EC", "PY", "UY", "GT", "SV", "HN", "NI", "CR", "PA"],
}


def _language_of(address: str) -> str | None:
    if is_number(address):
        return next((one for one, prefixes in _BY_PREFIX.items() if address.startswith(tuple(prefixes))), None)
    return next((one for one, countries in _BY_COUNTRY.items() if address[:2] in countries), None)


async def _keep(app: App, form: Mapping[str, str]) -> None:
    sid, status = form.get("MessageSid") or form.get("SmsSid"), form.get("MessageStatus") or form.get("SmsStatus")
    if not sid or len(sid) > 64 or status is None:
        log.warning("malformed webhook", route="twilio status")
        raise web.HTTPBadRequest
    if status not in RANKS:
        log.info("unknown receipt", status=status[:20])
        return
    code, now = (form.get("ErrorCode") or "")[:10] or None, app.clock()
    async with app.database.begin() as connection:
        is_news = await outbox.keep_receipt(
            connection, provider_id=sid, status=status, rank=RANKS[status], error_code=code, now=now
        )
        if is_news and RANKS[status] > _LOST:
            await told_arrived(connection, sid)
    if status not in FAILED:
        return
    # In a transaction of its own, so that the dispatcher, who may be about to commit, finds the receipt.
    async with app.database.begin() as connection:
        is_queued = await told_lost(connection, sid, now)
    if is_queued:
        app.wake.ring(Bell.OUTBOX)
