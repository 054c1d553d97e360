"""Commands that import and export a programme: as its own file, or as a FHIR Questionnaire."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from bot.app import open_database, wall_clock
from bot.cli import CommandLine, json_option, whole_number
from bot.settings import Settings
from bot.shipped import all_shipped
from domain import programmes, questionnaires
from domain.programmes import ProgrammeError
from domain.store import catalogue, publishing
from domain.store.stamp import Stamp

# ---- import


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = ".yaml or .json, a FHIR Questionnaire too, each also .gz"
    parser.add_argument("file", type=Path, metavar="FILE", help=f"{kinds}; or one of: {', '.join(all_shipped())}")
    json_option(parser)


async def run_import(given: argparse.Namespace, settings: Settings) -> int:
    """Import a programme; centres that have hours offer it from the next publication on."""
    try:
        body = _body_of(given.file)
        programmes.from_mapping(body)
    except (ProgrammeError, ValueError) as problem:
        print(f"frontdesk import programme: {given.file}: {_one_line(problem)}. Nothing was imported.", file=sys.stderr)
        return 1
    database = await open_database(settings)
    try:
        async with database.begin() as connection:
            became = await catalogue.keep_programme(connection, body, Stamp(now=wall_clock(), actor="import"))
            offered = await catalogue.offer_everywhere(connection, body["key"])
            for one in await catalogue.schedules(connection) if became == "changed" else []:
                if one.programme == body["key"]:
                    await publishing.keep_reserves(connection, one, wall_clock())
    finally:
        await database.close()
    if given.json:
        print(json.dumps({"key": body["key"], "became": became, "centres": offered}))
    else:
        print(f"Programme {body['key']}: {became}; {offered} more centres offer it.")
    return 0


def _body_of(file: Path) -> dict[str, Any]:
    """Return the programme in *file*, or the shipped one of that name where there is no such file."""
    shipped = all_shipped()
    if str(file) in shipped and not file.exists():
        return shipped[str(file)]
    body = _read_mapping(file)
    return questionnaires.from_questionnaire(body) if questionnaires.is_questionnaire(body) else body


def _read_mapping(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
        name = path.name.lower()
        text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8-sig")
        body = _json(text) if name.removesuffix(".gz").endswith(".json") else _yaml(text)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ProgrammeError("its gzip is broken; compress or fetch it again") from None
    except OSError as problem:
        raise ProgrammeError(f"it cannot be read ({problem.strerror})") from None
    except UnicodeDecodeError:
        raise ProgrammeError("it is not UTF-8; save the file as UTF-8") from None
    except yaml.MarkedYAMLError as problem:
        line = f" in line {problem.problem_mark.line + 1}" if problem.problem_mark else ""
        raise ProgrammeError(f"it is not YAML{line}: {problem.problem or problem.context}") from None
    except (yaml.YAMLError, RecursionError):
        raise ProgrammeError("it is not YAML") from None
    if not isinstance(body, dict):
        raise ProgrammeError("the file must hold one programme: a mapping with key, title and so on")
    return body


def _json(text: str) -> Any:
    try:
        body = json.loads(text, object_pairs_hook=_once)
        json.dumps(body, ensure_ascii=False).encode()
    except json.JSONDecodeError as problem:
        raise ProgrammeError(f"it is not JSON in line {problem.lineno}: {problem.msg}") from None
    except RecursionError:
        raise ProgrammeError("it is not JSON that can be read: it is nested too deep") from None
    except UnicodeEncodeError:
        raise ProgrammeError("a text in it has half a character (\\ud800 to \\udfff alone); write it whole") from None
    return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise ProgrammeError(f"{twice!r} stands twice in one object; let it stand once")
    return body


class _Once(yaml.SafeLoader):
    """YAML whose mappings have each name once: of two the first would be lost, with all that it asks."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        known: set[tuple[str, str]] = set()
        for name in (one for one, _ in node.value if isinstance(one, yaml.ScalarNode)):
            if (name.tag, name.value) in known:
                cure = f"{name.value!r} stands twice in one mapping; let it stand once"
                raise yaml.MarkedYAMLError(problem=cure, problem_mark=name.start_mark)
            known.add((name.tag, name.value))
        return node


def _yaml(text: str) -> Any:
    loader = _Once(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split()).rstrip(".")


# ---- export


def _as_fhir(body: dict[str, Any], version: int) -> str:
    return json.dumps(questionnaires.to_questionnaire(body, version), ensure_ascii=False, indent=2)


def _as_yaml(body: dict[str, Any], _version: int) -> str:
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=120).rstrip()


_FORMATS = {"fhir": _as_fhir, "yaml": _as_yaml}


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="the programme's key")
    parser.add_argument(
        "--format", choices=_FORMATS, default="fhir", help="a FHIR Questionnaire, or a programme's file"
    )
    parser.add_argument("--version", type=whole_number, metavar="N", help="as it was then; without, as it is now")


async def run_export(given: argparse.Namespace, settings: Settings) -> int:
    """Print a programme as a FHIR R4 Questionnaire, or as its own file."""
    database = await open_database(settings)
    try:
        async with database.read() as connection:
            found = await catalogue.kept_programme(connection, given.key, given.version)
            known = [body["key"] for body in await catalogue.programmes(connection)]
    finally:
        await database.close()
    try:
        if found is None:
            raise ProgrammeError(_no_such(given, known))
        body, version = found
        programmes.from_mapping(body)
    except ProgrammeError as problem:
        print(f"frontdesk export programme: {_one_line(problem)}. Nothing was exported.", file=sys.stderr)
        return 1
    print(_FORMATS[given.format](body, version))
    return 0


def _no_such(given: argparse.Namespace, known: list[str]) -> str:
    if given.key in known:
        return f"version {given.version} of {given.key} is not kept; leave --version out for the newest"
    return f"there is no programme {given.key!r}; there are {', '.join(known) or 'none yet'}"


COMMANDS = (
    CommandLine(name="import programme", does="Import a programme.", run=run_import, arguments=_import_arguments),
    CommandLine(
        name="export programme",
        does="Print a programme as a FHIR Questionnaire, or as YAML.",
        run=run_export,
        arguments=_export_arguments,
    ),
)
