"""Commands about what is said: read, graph, replay."""

from __future__ import annotations

import argparse
import functools
import json
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, json_option, whole_number
from bot.settings import Settings
from bot.shipped import shipped_programmes
from dialogs import explore
from dialogs.desk import Desk
from dialogs.intents import intent_of
from dialogs.outcomes import NOW
from dialogs.readers import choices
from dialogs.readers.birth import read_birth
from dialogs.readers.limits import Limits, read_limits
from dialogs.readers.when import read_when
from dialogs.script import Again, Asks, Does, Ends, Tells, replay
from dialogs.scripts import SCRIPTS
from dialogs.sentences import OUR_CLINIC
from dialogs.state import State
from dialogs.text import render
from domain import programmes
from domain.store import catalogue, conversations
from domain.words import LANGUAGES

# ---- read


async def run_read(_given: argparse.Namespace, _settings: Settings) -> int:
    """Read replies from JSON lines (kind, lang, now, tz, said, options), and print how each is understood."""
    failed = 0
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            print(json.dumps(_understood(_read_line(line)), ensure_ascii=False))
        except ValueError as problem:
            failed += 1
            print(json.dumps({"error": str(problem)}, ensure_ascii=False))
    return 1 if failed else 0


def _read_line(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("the line is no JSON object")  # noqa: TRY004  the line's fault, not the caller's
    return found


def _local_time(line: dict[str, Any]) -> datetime:
    try:
        now = datetime.fromisoformat(line["now"]) if "now" in line else wall_clock()
    except (ValueError, TypeError):
        raise ValueError("now must be a moment such as 2027-03-01T09:00:00+00:00") from None
    try:
        return now.astimezone(ZoneInfo(line.get("tz", "UTC")))
    except (ValueError, TypeError, OSError, OverflowError, ZoneInfoNotFoundError):
        raise ValueError("tz must be a time zone such as Europe/London") from None


def _understood(line: dict[str, Any]) -> dict[str, Any]:
    if "said" not in line:
        raise ValueError("said is missing")
    said, language = str(line["said"]), str(line.get("lang", "en"))
    if language not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}")
    local = _local_time(line)
    match line.get("kind", "choice"):
        case "when":
            when = read_when(said, language=language, now=local)
            return {"kind": "when", "read": when.to_json() if when else None}
        case "birth":
            birth = read_birth(said, language=language, today=local.date())
            return {"kind": "birth", "read": birth.isoformat() if birth else None}
        case "choice":
            return {"kind": "choice", "read": _picked(said, _options(line), language)}
        case "intent":
            return {"kind": "intent", "read": intent_of(said)}
        case "limits":
            return {"kind": "limits", "read": _limits(read_limits(said, language=language, now=local))}
        case kind:
            raise ValueError(f"kind {kind!r} is not one of when, birth, choice, intent, limits")


def _limits(limits: Limits | None) -> dict[str, Any] | None:
    if limits is None:
        return None
    return {"days": limits.days.to_json() if limits.days is not None else None, "step_free": limits.step_free}


def _options(line: dict[str, Any]) -> list[str]:
    options = line.get("options", [])
    if not isinstance(options, list) or not all(isinstance(one, str) for one in options):
        raise ValueError("options must be a list of texts")
    return options


def _picked(said: str, options: list[str], language: str) -> int | list[int] | None:
    picked = choices.pick(said, options, language=language)
    return list(picked.indexes) if isinstance(picked, choices.Close) else picked


# ---- graph


def _graph_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("script", nargs="?", choices=sorted(SCRIPTS), help="one script; all without it")


async def run_graph(given: argparse.Namespace, _settings: Settings) -> int:
    """Draw the scripts for Graphviz, with the shipped programmes."""
    known = tuple(programmes.from_mapping(body) for body in shipped_programmes().values())
    desk = Desk(now=NOW, today=NOW.date(), name="the clinic", programmes=known)
    for name in [given.script] if given.script else SCRIPTS:
        walked = explore.walk(functools.partial(SCRIPTS[name], desk, {}), known[0].key)
        print(explore.as_dot(name, walked))
    return 0


# ---- replay


def _replay_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("conversation", type=whole_number, help="the number in the logs")
    parser.add_argument("--answers", action="store_true", help="print what was answered, not only what was asked")
    json_option(parser)


async def run_replay(given: argparse.Namespace, settings: Settings) -> int:
    """Play a reported conversation again through today's scripts: what was asked, and where it stands."""
    database = await open_database(settings)
    try:
        async with database.read() as connection:
            stored = await conversations.stored_state(connection, given.conversation)
            bodies = await catalogue.programmes(connection)
    finally:
        await database.close()
    if stored is None:
        print(f"frontdesk replay: there is no conversation {given.conversation}.", file=sys.stderr)
        return 1
    known = tuple(programmes.from_mapping(body) for body in bodies)
    now = wall_clock()
    desk = Desk(now=now, today=now.date(), name=settings.clinic_name or OUR_CLINIC, programmes=known)
    frames = list(_replayed(stored, desk, with_answers=given.answers))
    if given.json:
        print(json.dumps(frames, ensure_ascii=False))
        return 0
    if not frames:
        print("Nothing is under way in this conversation.")
    for frame in frames:
        print(f"script {frame['script']} {frame['args']}")
        for row in frame["known"]:
            print("  " + "  ".join(str(part) for part in row if part is not None))
        print(f"  now: {frame['now']}")
    return 0


def _replayed(stored: dict[str, Any], desk: Desk, *, with_answers: bool) -> Any:
    if not stored:
        return
    state = State.from_json(stored, frozenset(SCRIPTS))
    for frame in state.frames:
        maker = SCRIPTS[frame.script]
        step = replay(functools.partial(maker, desk, frame.args), frame.ledger).step
        known = [
            (entry.origin, key, json.dumps(entry.value, ensure_ascii=False) if with_answers else None)
            for key, entry in frame.ledger.entries.items()
        ]
        yield {"script": frame.script, "args": frame.args, "known": known, "now": _stands(step, state.language)}


def _stands(step: Asks | Does | Tells | Ends, language: str) -> str:
    match step:
        case Asks(key, question):
            return f"asks {key}: {render(question.text, language)}"
        case Does(key, _, command):
            return f"does {key}: {type(command).__name__}"
        case Tells(key):
            return f"tells {key}"
        case Ends(Again(keys)):
            return f"asks again: {', '.join(keys)}"
        case Ends():
            return "is at its end"


COMMANDS = (
    CommandLine(name="read", does="Show how replies are understood: JSON lines in, JSON lines out.", run=run_read),
    CommandLine(name="graph", does="Draw the scripts for Graphviz.", run=run_graph, arguments=_graph_arguments),
    CommandLine(name="replay", does="Play a reported conversation again.", run=run_replay, arguments=_replay_arguments),
)
