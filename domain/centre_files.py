"""Files of centres, what kind each is told by what is in it: all but YAML also with stock or slots.

.csv of the official French list, of Vaccines.gov or of our own; .ndjson and .json of SMART Scheduling Links or of our
own; .yaml of our own; each also .gz.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias, cast

import yaml

from domain import alaskan_centres, french_centres, plain_centres, plain_stock
from domain.centre_rows import CentreRow, RefusedRow, lack, refuse_repeats, tidy
from domain.feed_rows import CountRow, Fault, Row
from domain.smart_feed import Feed

NumberedRows: TypeAlias = Iterator[tuple[int, Row]]
AtLine: TypeAlias = Callable[[int], None]

DELIMITERS = ",;\t"
LONGEST_LINE = 1_000_000
LONGEST_LIST = 20_000_000
NOT_PLAIN = lack("It is not one set of names with a plain value each.")
BETWEEN_ENTRIES = re.compile(r"[\s,]*")
JSON = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


class CentreFileError(Exception):
    """A file of centres cannot be read: which file, where in it, what is wrong and what to do."""

    def __init__(self, path: Path, wrong: str, cure: str, *, line: int | None = None) -> None:
        place = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{place}: {wrong}; {cure}.")


class RowReader(Protocol):
    """Reads the rows of one kind of list, each with its cells by column, and tells at the end what they shared."""

    def read(self, row: Mapping[str, str], line: int) -> Iterable[Row]: ...

    def faults(self) -> Iterable[Fault]: ...


@dataclass(frozen=True, slots=True)
class _OneByOne:
    """A list in which each row is a centre, or a count of stock, or refused."""

    read_row: Callable[[Mapping[str, str], int], CentreRow | CountRow | RefusedRow]

    def read(self, row: Mapping[str, str], line: int) -> Iterable[Row]:
        yield self.read_row(row, line)

    def faults(self) -> Iterable[Fault]:
        return ()


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that is read: what its *feed* told before, and who is told *at_line* how far it is."""

    path: Path
    feed: Feed
    at_line: AtLine


def read_centre_file(path: Path, feed: Feed | None = None, at_line: AtLine = lambda _line: None) -> Iterator[Row]:
    """Yield what *path* gives in its order, the rows refused included, and at the end the faults that rows share.

    Files of one feed are given the same *feed*, locations first. Raise `CentreFileError` on the way. Memory stays flat
    but for the keys, and for .json and .yaml, which are held as a whole.
    """
    source = _Source(path, feed or Feed(), at_line)
    rows = refuse_repeats(plain_stock.refuse_repeats(_reader(path)(source)))
    first = next(rows, None)
    if first is None:
        raise CentreFileError(path, "it holds no centre", "give a file with one centre a row")
    yield first
    yield from rows


def read_cells(path: Path) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield the cells of each row of a plain list, by column, with its line; None where it is no plain row.

    `CentreFileError` says what is wrong with the file as a whole.
    """
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    source = _Source(path, Feed(), lambda _line: None)
    if ending == ".csv":
        yield from _cells_of_csv(source)
    elif ending in {".json", ".yaml", ".yml"}:
        text = _whole(source)
        root = _composed(path, text.replace("\t", "  ") if ending == ".json" else text)  # else JSON is YAML
        if not isinstance(root, yaml.SequenceNode):
            raise CentreFileError(path, "it is no list", "start each row with a dash, or put the rows in [ ]", line=1)
        yield from ((node.start_mark.line + 1, _scalars(node)) for node in root.value)
    else:
        raise CentreFileError(path, f"its ending {ending or '(none)'} is not known", "name it .csv, .yaml or .json")


def _cells_of_csv(source: _Source) -> Iterator[tuple[int, dict[str, str] | None]]:
    lines = (text for _, text in _lines(source))
    header = next(lines, "")
    delimiter = max(DELIMITERS, key=header.count)
    names = _column_names(source.path, header, delimiter)
    for line, cells in _cut(source.path, lines, delimiter, first_line=2):
        if any(cells):
            yield line, dict(zip(names, cells, strict=True)) if len(cells) == len(names) else None


def count_lines(path: Path) -> int:
    """Count the lines of *path*; 0 where it cannot be read, which reading it will tell."""
    try:
        with _open(path) as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(LONGEST_LINE), b""))
    except (OSError, EOFError, zlib.error):
        return 0


def _reader(path: Path) -> Callable[[_Source], NumberedRows]:
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    readers = {".csv": _read_csv, ".ndjson": _read_ndjson, ".json": _read_json}
    reader = readers.get(ending, _read_yaml if ending in {".yaml", ".yml"} else None)
    if reader is None:
        cure = "name it .csv, .ndjson, .json or .yaml after what it is, with .gz behind when compressed"
        raise CentreFileError(path, f"its ending {ending or '(none)'} is not known", cure)
    return reader


def _lines(source: _Source) -> Iterator[tuple[int, str]]:
    """Yield each line of the file with its number, decoded one by one."""
    path, number = source.path, 0
    try:
        with _open(path) as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise CentreFileError(path, "it is too long", "give one row a line", line=number)
                source.at_line(number)
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


def _whole(source: _Source) -> str:
    lines, length = [], 0
    for number, line in _lines(source):
        lines.append(line)
        length += len(line)
        if length > LONGEST_LIST:
            raise CentreFileError(source.path, "it is too long to hold", "give it as .ndjson or .csv", line=number)
    return "".join(lines)


def _read_csv(source: _Source) -> NumberedRows:
    path, line = source.path, 1
    lines = (text for _, text in _lines(source))
    header = next(lines, None)
    if header is None:
        return
    delimiter = max(DELIMITERS, key=header.count)
    names = _column_names(path, header, delimiter)
    reader = _row_reader(path, names)
    for line, cells in _cut(path, lines, delimiter, first_line=2):
        if len(cells) == len(names):
            for row in reader.read(dict(zip(names, cells, strict=True)), line):
                yield line, row
        elif any(cells):
            short = lack("It has {count} cells where the header has {wanted}.", count=len(cells), wanted=len(names))
            yield line, short.refused(line=line, key="")
    for fault in reader.faults():
        yield line, fault


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
    unknown = frozenset[str]()
    reader: RowReader
    if "gid" in given:
        needed, reader = french_centres.COLUMNS, _OneByOne(french_centres.french_centre)
    elif alaskan_centres.KEY in given:
        needed, reader = alaskan_centres.COLUMNS, alaskan_centres.StockList()
    elif plain_stock.MARK in given:
        needed, reader = frozenset(plain_stock.NEEDED), _OneByOne(plain_stock.plain_stock)
        unknown = given.difference(plain_stock.COLUMNS)
    else:
        needed, reader = frozenset(plain_centres.NEEDED), _OneByOne(plain_centres.plain_centre)
        unknown = given.difference(plain_centres.COLUMNS)
    if missing := sorted(needed - given):
        cure = f"start it with the columns of the French list, of Vaccines.gov or with {_ours(given)}"
        raise CentreFileError(path, f"the header has no {', '.join(missing)}", cure, line=1)
    if unknown:
        cure = f"use {_ours(given)}"
        raise CentreFileError(path, f"the header has {', '.join(sorted(unknown))}", cure, line=1)
    return reader


def _ours(given: frozenset[str]) -> str:
    """Name the columns of our own list of stock, or of centres, whichever has those that are *given*."""
    return ", ".join(plain_stock.COLUMNS if plain_stock.MARK in given else plain_centres.COLUMNS)


def _plain(cells: Mapping[str, str], line: int) -> Row:
    read = plain_stock.plain_stock if plain_stock.MARK in cells else plain_centres.plain_centre
    return read(cells, line)


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


def _read_ndjson(source: _Source) -> NumberedRows:
    line = 0
    for line, text in _lines(source):
        if text.strip():
            yield line, _entry(_parsed(source.path, text, line), line, source.feed)
    for fault in source.feed.faults():
        yield line, fault


def _read_json(source: _Source) -> NumberedRows:
    path, text = source.path, _whole(source)
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
        yield line, _entry(value, line, source.feed)
    for fault in source.feed.faults():
        yield line, fault


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


def _entry(value: object, line: int, feed: Feed) -> Row:
    """Read one JSON *value* as a resource of *feed* or as a row of our own list."""
    if isinstance(value, dict) and "resourceType" in value:
        return feed.read(value, line)
    if not isinstance(value, dict) or any(isinstance(cell, dict | list) for cell in value.values()):
        return NOT_PLAIN.refused(line=line, key="")
    cells = {name: "" if cell is None else str(cell) for name, cell in value.items()}
    return _plain(cells, line)


def _read_yaml(source: _Source) -> NumberedRows:
    root = _composed(source.path, _whole(source))
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        raise CentreFileError(source.path, "it is not a YAML list", "start each centre with a dash", line=1)
    for node in root.value:
        line = node.start_mark.line + 1
        cells = _scalars(node)
        if cells is None:
            yield line, NOT_PLAIN.refused(line=line, key="")
        else:
            yield line, _plain(cells, line)


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
