"""E-mail addresses offered, confirmed by a code, and forgotten. Until a code has come back nothing else is sent."""

from __future__ import annotations

import hmac

from domain import mail_commands as commands
from domain.context import Context, claim_of
from domain.mail import A_DAY, CODE_LASTS, CODES_A_DAY, TRIES, CodeLetter, CopyLetter, digest_of, new_code


async def handle_email(command: commands.EmailCommand, context: Context) -> object:
    """Carry out a command about e-mail."""
    mails, contact = context.store.mails, context.contact
    match command:
        case commands.FindEmail():
            return commands.EmailFound(await mails.address(contact))
        case commands.SendCode(address):
            return await _send_code(address, context)
        case commands.ConfirmEmail(address, code):
            return await _confirm(address, code, context)
        case commands.ForgetEmail():
            await mails.forget(contact)
            return commands.EmailForgotten()


async def _send_code(address: str, context: Context) -> commands.CodeSent | commands.TooManyCodes:
    mails, until = context.store.mails, context.now + CODE_LASTS
    if await mails.codes_since(context.contact, context.now - A_DAY) >= CODES_A_DAY:
        return commands.TooManyCodes()
    code = new_code()
    await mails.keep_code(context.contact, address, digest_of(code, address), until)
    mails.write(CodeLetter(address=address, code=code, until=until))
    return commands.CodeSent()


async def _confirm(
    address: str, code: str, context: Context
) -> commands.EmailConfirmed | commands.WrongCode | commands.CodeGone:
    mails = context.store.mails
    sent = await mails.code(context.contact)
    if sent is None or sent.address != address or sent.expires_at <= context.now or sent.misses >= TRIES:
        return commands.CodeGone()
    if not hmac.compare_digest(sent.digest, digest_of(code, address)):
        await mails.missed(sent)
        return commands.WrongCode()
    await mails.keep_address(context.contact, address)
    for one in await context.store.appointments.appointments_of(context.contact, context.now):
        mails.write(CopyLetter(address=address, claim=claim_of(one)))
    return commands.EmailConfirmed()
