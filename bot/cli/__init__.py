"""The `frontdesk` command: one parser, one function for each command, in files by subject.

A command returns its exit status: 0 only when it did what it says. A wrong setting ends any of them with status 2.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot import log
from bot.settings import SettingError, Settings, read_settings

Run = Callable[[argparse.Namespace, Settings], Awaitable[int]]
Arguments = Callable[[argparse.ArgumentParser], None]
WRONG_SETTING = 2
_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """One command: its *name* in one or two words, what it does in a sentence, its arguments, and its function."""

    name: str
    does: str
    run: Run
    arguments: Arguments = lambda _parser: None


def parser_for(commands: Sequence[CommandLine]) -> argparse.ArgumentParser:
    """Return the parser of all *commands*."""
    parser = argparse.ArgumentParser(
        prog="frontdesk", description="The front desk of a clinic inside the chat apps that patients already have."
    )
    top = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in commands:
        first, _, second = command.name.partition(" ")
        if second:
            if first not in groups:
                group = top.add_parser(first, help=f"see: frontdesk {first} --help")
                groups[first] = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
            own = groups[first].add_parser(second, help=command.does, description=command.does)
        else:
            own = top.add_parser(first, help=command.does, description=command.does)
        command.arguments(own)
        own.set_defaults(run=command.run)
    return parser


def run(commands: Sequence[CommandLine], arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit status."""
    given = parser_for(commands).parse_args(arguments)
    try:
        settings = read_settings()
        log.configure(settings.log_level)
        with asyncio.Runner(loop_factory=quick_loop()) as runner:
            status: int = runner.run(given.run(given, settings))
    except SettingError as problem:
        print(f"frontdesk: {problem}", file=sys.stderr)
        return WRONG_SETTING
    except KeyboardInterrupt:
        return 130
    return status


def quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the maker of the quicker event loop where it is installed (the extra `fast`), else None."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def whole_number(text: str) -> int:
    """Read a number of a command line."""
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def day(text: str) -> date:
    """Read a day of a command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2027-03-31") from None


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add --json, for commands whose result a program may read."""
    parser.add_argument("--json", action="store_true", help="print JSON for a program to read")
