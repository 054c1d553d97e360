"""Files of centres: .csv of the official French list or of our own, .ndjson, .json and .yaml, each also .gz."""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

import yaml

from domain import french_centres, plain_centres
from domain.centre_rows import CentreRow, RefusedRow, refuse_repeats, tidy

Row: TypeAlias = CentreRow | RefusedRow
NumberedRows: TypeAlias = Iterator[tuple[int, Row]]
RowReader: TypeAlias = Callable[[Mapping[str, str], int], Row]

DELIMITERS = ",;\t"
LONGEST_LINE = 1_000_000
LONGEST_LIST = 20_000_000
NOT_PLAIN = "It is not one set of names with a plain value each."
BETWEEN_ENTRIES = re.compile(r"[\s,]*")
JSON = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


class CentreFileError(Exception):
    """A file of centres cannot be read: which file, where in it, what is wrong and what to do."""

    def __init__(self, path: Path, wrong: str, cure: str, *, line: int | None = None) -> None:
        place = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{place}: {wrong}; {cure}.")


def read_centre_file(path: Path) -> Iterator[Row]:
    """Yield the centres of *path* and the rows refused, in its order; raise `CentreFileError` on the way.

    Memory stays flat but for the keys, and for .json and .yaml, which are held as a whole.
    """
    rows = refuse_repeats(_reader(path)(path))
    first = next(rows, None)
    if first is None:
        raise CentreFileError(path, "it holds no centre", "give a file with one centre a row")
    yield first
    yield from rows


def _reader(path: Path) -> Callable[[Path], NumberedRows]:
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    readers = {".csv": _read_csv, ".ndjson": _read_ndjson, ".json": _read_json}
    reader = readers.get(ending, _read_yaml if ending in {".yaml", ".yml"} else None)
    if reader is None:
        cure = "name it .csv, .ndjson, .json or .yaml after what it is, with .gz behind when compressed"
        raise CentreFileError(path, f"its ending {ending or '(none)'} is not known", cure)
    return reader


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each line of *path* with its number, decoded one by one."""
    number = 0
    try:
        with _open(path) as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise CentreFileError(path, "it is too long", "give one row a line", line=number)
                yield number, line.decode().removeprefix("\ufeff" if number == 1 else "")
    except UnicodeDecodeError as error:
        raise CentreFileError(path, "it is not UTF-8", "save the file as UTF-8", line=number) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        cure = "compress or fetch it again"
        raise CentreFileError(path, "its gzip is broken", cure, line=number + 1) from error
    except OSError as error:
        cure = "check its name and rights"
        raise CentreFileError(path, f"it cannot be read ({error.strerror})", cure) from error


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.name.lower().endswith(".gz") else path.open("rb")


def _whole(path: Path) -> str:
    lines, length = [], 0
    for number, line in _lines(path):
        lines.append(line)
        length += len(line)
        if length > LONGEST_LIST:
            raise CentreFileError(path, "it is too long to hold", "give it as .ndjson or .csv", line=number)
    return "".join(lines)


def _read_csv(path: Path) -> NumberedRows:
    lines = (line for _, line in _lines(path))
    header = next(lines, None)
    if header is None:
        return
    delimiter = max(DELIMITERS, key=header.count)
    names = _column_names(path, header, delimiter)
    read_row = _row_reader(path, names)
    for line, cells in _cut(path, lines, delimiter, first_line=2):
        if len(cells) == len(names):
            yield line, read_row(dict(zip(names, cells, strict=True)), line)
        elif any(cells):
            why = f"It has {len(cells)} cells where the header has {len(names)}."
            yield line, RefusedRow(line=line, key="", why=why)


def _column_names(path: Path, header: str, delimiter: str) -> list[str]:
    _, cells = next(_cut(path, iter([header]), delimiter, first_line=1))
    names = [tidy(name).casefold() for name in cells]
    if "" in names:
        raise CentreFileError(path, "a column has no name", "name it or take it out", line=1)
    if twice := [name for name in names if names.count(name) > 1]:
        raise CentreFileError(path, f"the column {twice[0]} stands there twice", "keep one", line=1)
    return names


def _row_reader(path: Path, names: Sequence[str]) -> RowReader:
    """Tell by the header whose list it is, and that no column is missing or misspelt."""
    given = frozenset(names)
    if "gid" in given:
        needed, unknown, read_row = french_centres.COLUMNS, frozenset[str](), french_centres.french_centre
    else:
        needed, unknown = frozenset(plain_centres.NEEDED), given.difference(plain_centres.COLUMNS)
        read_row = plain_centres.plain_centre
    if missing := sorted(needed - given):
        cure = f"start it with the columns of the French list or with {', '.join(plain_centres.COLUMNS)}"
        raise CentreFileError(path, f"the header has no {', '.join(missing)}", cure, line=1)
    if unknown:
        cure = f"use {', '.join(plain_centres.COLUMNS)}"
        raise CentreFileError(path, f"the header has {', '.join(sorted(unknown))}", cure, line=1)
    return read_row


def _cut(path: Path, lines: Iterator[str], delimiter: str, *, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row and the line it starts on, when *lines* start on *first_line*."""
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + first_line
        try:
            cells = next(rows, None)
        except csv.Error as error:
            wrong = f"the row cannot be cut into cells ({error})"
            raise CentreFileError(path, wrong, "check its quotation marks", line=line) from error
        if cells is None:
            return
        yield line, cells


def _read_ndjson(path: Path) -> NumberedRows:
    for line, text in _lines(path):
        if text.strip():
            yield line, _entry(_parsed(path, text, line), line)


def _read_json(path: Path) -> NumberedRows:
    text = _whole(path)
    if not text.strip():
        return
    if not isinstance(_parsed(path, text, line=1), list):
        raise CentreFileError(path, "it is not a JSON list", "put the centres in [ ]", line=1)
    seen, line = 0, 1
    at = text.index("[") + 1
    while (start := _past(BETWEEN_ENTRIES, text, at)) < len(text) and text[start] != "]":
        line += text.count("\n", seen, start)
        seen = start
        value, at = JSON.raw_decode(text, start)
        yield line, _entry(value, line)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _parsed(path: Path, text: str, line: int) -> object:
    """Return what the JSON *text* that starts on *line* says, numbers as they are written."""
    try:
        return JSON.decode(text)
    except json.JSONDecodeError as error:
        at = line + error.lineno - 1
        raise CentreFileError(path, f"it is not JSON ({error.msg})", "mend it there", line=at) from error
    except RecursionError as error:
        raise CentreFileError(path, "it is nested too deep", "give a flat list", line=line) from error


def _entry(value: object, line: int) -> Row:
    """Read one JSON *value* as a row of our own list."""
    if not isinstance(value, dict) or any(isinstance(cell, dict | list) for cell in value.values()):
        return RefusedRow(line=line, key="", why=NOT_PLAIN)
    cells = {name: "" if cell is None else str(cell) for name, cell in value.items()}
    return plain_centres.plain_centre(cells, line)


def _read_yaml(path: Path) -> NumberedRows:
    root = _composed(path, _whole(path))
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        raise CentreFileError(path, "it is not a YAML list", "start each centre with a dash", line=1)
    for node in root.value:
        line = node.start_mark.line + 1
        cells = _scalars(node)
        if cells is None:
            yield line, RefusedRow(line=line, key="", why=NOT_PLAIN)
        else:
            yield line, plain_centres.plain_centre(cells, line)


def _composed(path: Path, text: str) -> yaml.Node | None:
    """Return the YAML *text* as nodes, so that 01000 stays a postcode and no stays Norway."""
    try:
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise CentreFileError(path, "it is not YAML", "mend it there", line=line) from error
    except RecursionError as error:
        raise CentreFileError(path, "it is nested too deep", "give a flat list") from error


def _scalars(node: yaml.Node) -> dict[str, str] | None:
    """Return the plain values of a mapping by name; None when it is not one of plain values."""
    if not isinstance(node, yaml.MappingNode):
        return None
    if not all(isinstance(part, yaml.ScalarNode) for pair in node.value for part in pair):
        return None
    cells = {name.value: value.value for name, value in node.value}
    return cells if len(cells) == len(node.value) else None
