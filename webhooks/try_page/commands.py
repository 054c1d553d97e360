"""The commands `frontdesk demo` and `frontdesk chat`."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys

from bot import log
from bot.cli import CommandLine
from bot.settings import Settings
from domain.patients import CHATS
from domain.words import LANGUAGES
from webhooks.serving import until_told
from webhooks.try_page.chat import converse
from webhooks.try_page.doubles import CLINIC, LOOPBACK, ignored
from webhooks.try_page.people import STAFF
from webhooks.try_page.stack import demo_at_work, free_port, running_demo
from webhooks.try_page.typed import typed_lines

_WELCOME = """
  {clinic} is open. Chat here:

      http://localhost:{port}/try      phones: Telegram, WhatsApp, SMS, and of the staff
      frontdesk chat                 the same in a terminal

  Nothing leaves this machine. Ctrl-C ends it.

"""


async def run_demo(_given: argparse.Namespace, settings: Settings) -> int:
    """Run everything with the sample clinic and the simulator, and say where to chat."""
    say_what_is_ignored(settings)
    async with demo_at_work(settings, host=settings.host, port=settings.port) as demo:
        _say(_WELCOME.format(clinic=demo.app.settings.clinic_name, port=settings.port))
        await until_told()
    return 0


def _chat_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="channel", choices=[*map(str, CHATS), STAFF], default="sms", help="with which phone"
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="what the person speaks")


async def run_chat(given: argparse.Namespace, settings: Settings) -> int:
    """Talk to the desk in the terminal, line by line; a demo that runs already is used, or else one is started."""
    if "log_level" not in settings.model_fields_set:
        log.configure("WARNING")  # what is done is seen in the conversation
    async with contextlib.AsyncExitStack() as stack:
        address = await running_demo(settings)
        if address is None:
            say_what_is_ignored(settings)
            demo = await stack.enter_async_context(demo_at_work(settings, host=LOOPBACK, port=free_port()))
            address = demo.address
        try:
            return await converse(address, given.channel, given.language, typed_lines(), sys.stdout)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; nor is there more to say
            return 1


def say_what_is_ignored(settings: Settings) -> None:
    """Say on stderr which settings of real providers the demo does not use, if there are any."""
    names = ignored(settings)
    if names:
        sys.stderr.write(
            f"The demo ignores {', '.join(names)}: it talks to stand-ins on this machine. Do not run it on a"
            " database that a real desk works on, whose waiting messages it would take.\n"
        )


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


COMMANDS = (
    CommandLine(name="demo", does=f"Try it: the sample clinic, {CLINIC}, with phones in the browser.", run=run_demo),
    CommandLine(name="chat", does="Talk to the desk in the terminal.", run=run_chat, arguments=_chat_arguments),
)
