"""Status callbacks: what Twilio posts to us about a message after it took it, signed as it signs."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urldefrag

import aiohttp
from twilio.request_validator import RequestValidator

from webhooks.simulator.twilio_account import Account, Receipt, new_sid
from webhooks.simulator.twilio_shown import VERSION, WHATSAPP, TwilioMessage

PATIENCE = aiohttp.ClientTimeout(total=15, sock_connect=5)
FINAL = ("delivered", "undelivered", "failed", "read")
ORDER = ("accepted", "queued", "sending", "sent", "delivered", "read")


def signed(token: str, url: str, form: Mapping[str, str], *, event: str) -> dict[str, str]:
    """Make the headers that Twilio sends with *form* to the public *url*."""
    return {
        "X-Twilio-Signature": RequestValidator(token).compute_signature(url, dict(form)),
        "I-Twilio-Idempotency-Token": event,
        "User-Agent": "TwilioProxy/1.1",
    }


@dataclass(frozen=True, slots=True)
class Delivered:
    """A receipt and how our side answered it; status 0 when it did not."""

    receipt: Receipt
    status: int


async def deliver(
    account: Account, receipt: Receipt, session: aiohttp.ClientSession, route: Callable[[str], str]
) -> Delivered | None:
    """Move the message on and post the receipt, if its message asked for one."""
    message = _moved_on(account, receipt)
    if message.status_callback is None:
        return None
    url = urldefrag(message.status_callback).url
    form = receipt_form(message, receipt)
    headers = signed(account.token, url, form, event=str(uuid.uuid4()))
    try:
        async with session.post(route(url), data=form, headers=headers, timeout=PATIENCE) as response:
            return Delivered(receipt, response.status)
    except (aiohttp.ClientError, TimeoutError):
        return Delivered(receipt, 0)


def _moved_on(account: Account, receipt: Receipt) -> TwilioMessage:
    """Set the status of the message, never back from a final one or an advanced one."""
    message = account.messages[receipt.message_sid]
    if _is_further(message.status, receipt.status):
        message = replace(message, status=receipt.status, error_code=receipt.code)
        account.messages[message.sid] = message
        account.exchange.tell("status", provider="twilio", recipient=message.to, sid=message.sid, status=message.status)
    return message


def _is_further(old: str, new: str) -> bool:
    if old in ORDER and new in ORDER:
        return ORDER.index(new) > ORDER.index(old)
    return old not in FINAL


def receipt_form(message: TwilioMessage, receipt: Receipt) -> dict[str, str]:
    """Give the parameters of a status callback, which differ by channel."""
    form = {
        "SmsSid": message.sid,
        "SmsStatus": receipt.status,
        "MessageStatus": receipt.status,
        "To": message.to,
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.from_,
        "ApiVersion": VERSION,
    }
    if message.messaging_service_sid is not None:
        form["MessagingServiceSid"] = message.messaging_service_sid
    if receipt.code is not None:
        form["ErrorCode"] = str(receipt.code)
    return form | (_on_whatsapp(message, receipt) if message.is_whatsapp else _on_sms(message, receipt))


def _on_whatsapp(message: TwilioMessage, receipt: Receipt) -> dict[str, str]:
    form = {
        "ChannelPrefix": "whatsapp",
        "ChannelInstallSid": new_sid("XE"),
        "ChannelToAddress": message.to.removeprefix(WHATSAPP),
        "StructuredMessage": "false",
    }
    if receipt.code is not None:
        form["ChannelStatusMessage"] = "The message could not be delivered"
    elif receipt.status in ("read", "delivered"):
        form["EventType"] = receipt.status.upper()
    return form


def _on_sms(message: TwilioMessage, receipt: Receipt) -> dict[str, str]:
    return {"RawDlrDoneDate": message.at.strftime("%y%m%d%H%M")} if receipt.status in FINAL else {}
