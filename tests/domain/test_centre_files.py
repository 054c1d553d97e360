"""Files of centres are read row by row, or a sentence says which file, where, and what to do."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.centre_files import CentreFileError, read_centre_file
from domain.centre_rows import CentreRow, RefusedRow
from domain.french_centres import DAYS
from domain.plain_centres import COLUMNS

HARBOUR = {
    "key": "harbour",
    "name": "Harbour Clinic",
    "address": "1 Quay Street",
    "town": "Seaport",
    "postcode": "01000",
    "country": "FR",
    "lat": "46.2",
    "lon": "5.22",
    "tz": "Europe/Paris",
    "access_notes": "ramp at the back",
    "step_free": "yes",
    "mon": "09:00-12:30 13:30-17:00",
    "tue": "9h-17h",
    "wed": "closed",
    "thu": "",
    "fri": "by appointment",
    "sat": "closed",
    "sun": "closed",
}
FRENCH_HEADER = ["gid", "nom", "adr_num", "adr_voie", "com_cp", "com_nom", "lat_coor1", "long_coor1"] + [
    f"rdv_{day}" for day in DAYS
]
FRENCH_ROW = ["9001", "Salle des Mouettes", "12", "Quai", "29900", "Port-Imaginaire", "47.87", "-3.92"] + ["fermé"] * 7


def harbour_row() -> CentreRow:
    return CentreRow(
        key="harbour",
        name="Harbour Clinic",
        address="1 Quay Street",
        town="Seaport",
        postcode="01000",
        country="FR",
        lat=46.2,
        lon=5.22,
        tz="Europe/Paris",
        access_notes="ramp at the back",
        step_free=True,
        hours=(
            ((time(9), time(12, 30)), (time(13, 30), time(17))),
            ((time(9), time(17)),),
            *((),) * 5,
        ),
        unread=((4, "by appointment"),),
        not_said=(3,),
    )


def as_csv(*rows: dict[str, str], delimiter: str = ",") -> str:
    lines = [delimiter.join(COLUMNS), *(delimiter.join(row[name] for name in COLUMNS) for row in rows)]
    return "\n".join(lines) + "\n"


def as_ndjson(*rows: dict[str, str]) -> str:
    return "\n".join(json.dumps(row) for row in rows) + "\n"


def as_yaml(*rows: dict[str, str]) -> str:
    lines = (f"{'- ' if name == 'key' else '  '}{name}: {cell}" for row in rows for name, cell in row.items())
    return "\n".join(lines) + "\n"


def as_json(*rows: dict[str, str]) -> str:
    return json.dumps(rows, indent=1)


WRITERS: dict[str, Callable[..., str]] = {
    "csv": as_csv,
    "ndjson": as_ndjson,
    "json": as_json,
    "yaml": as_yaml,
    "yml": as_yaml,
}


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("is_compressed", [False, True])
def test_every_kind_of_file_says_the_same(tmp_path: Path, ending: str, is_compressed: bool) -> None:
    content = WRITERS[ending](HARBOUR, HARBOUR | {"key": "pier", "tz": "Europe/Atlantis"}).encode()
    path = tmp_path / (f"centres.{ending}" + ".gz" * is_compressed)
    path.write_bytes(gzip.compress(content) if is_compressed else content)
    centre, refused = read_centre_file(path)
    assert harbour_row() == centre
    assert isinstance(refused, RefusedRow)
    assert refused.why.startswith("Its tz Europe/Atlantis is not an IANA time zone")
    assert ("pier", content[: content.index(b"pier")].count(b"\n") + 1) == (
        refused.key,
        _line_of_key(refused, ending),
    )


def _line_of_key(refused: RefusedRow, ending: str) -> int:
    """Return the line of a row's key: pretty-printed JSON opens its brace a line earlier."""
    return refused.line + 1 if ending == "json" else refused.line


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_french_list_is_known_by_its_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "centres.csv"
    lines = (delimiter.join(FRENCH_HEADER), delimiter.join(FRENCH_ROW))
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    (centre,) = read_centre_file(path)
    assert isinstance(centre, CentreRow)
    expected = ("9001", "FR", "Europe/Paris")
    assert expected == (centre.key, centre.country, centre.tz)


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    """YAML would read 01000 as 512 and NO as false, JSON numbers would become floats."""
    yaml_path, json_path = tmp_path / "centres.yaml", tmp_path / "centres.json"
    yaml_path.write_text(as_yaml(HARBOUR | {"country": "NO"}), encoding="utf-8")
    json_path.write_text(json.dumps([HARBOUR | {"lat": 46.2, "lon": 5.22, "key": 7, "thu": None}]), encoding="utf-8")
    (from_yaml,), (from_json,) = read_centre_file(yaml_path), read_centre_file(json_path)
    assert isinstance(from_yaml, CentreRow)
    assert isinstance(from_json, CentreRow)
    expected_of_yaml, expected_of_json = ("01000", "NO"), ("7", 46.2, 5.22, (3,))
    assert expected_of_yaml == (from_yaml.postcode, from_yaml.country)
    assert expected_of_json == (from_json.key, from_json.lat, from_json.lon, from_json.not_said)


def test_a_cell_may_hold_line_breaks_and_lines_still_count(tmp_path: Path) -> None:
    path = tmp_path / "centres.csv"
    noted = HARBOUR | {"access_notes": '"ramp\nat the back"'}
    path.write_text(as_csv(noted, HARBOUR) + "\nonly,three,cells\n", encoding="utf-8")
    centre, repeated, short = read_centre_file(path)
    assert harbour_row() == centre
    taken, cut = "Its key {} is taken by line {}.", "It has {} cells where the header has {}."
    expected = RefusedRow(
        line=4, key="harbour", name="Harbour Clinic", why=taken.format("harbour", 2), kind=taken.format("…", "…")
    )
    assert expected == repeated
    assert RefusedRow(line=6, key="", why=cut.format(3, 18), kind=cut.format("…", "…")) == short


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"key": ""}, "It has no key."),
        ({"name": "null"}, "It has no name."),
        ({"town": "-"}, "It has no town."),
        ({"country": "France"}, "Its country France is not a code of two letters, such as FR."),
        ({"step_free": "maybe"}, "Its step_free maybe is neither yes nor no."),
        ({"tz": "Paris"}, "Its tz Paris is not an IANA time zone, such as Europe/Paris."),
        ({"lat": "91"}, "Its position 91, 5.22 is not one on the globe."),
        ({"lon": "east"}, "Its position 46.2, east is not one on the globe."),
        ({"lat": "0", "lon": "0.0"}, "Its position 0, 0.0 is not one on the globe."),
        ({"monday": "9h-17h"}, f"It has monday, which is none of {', '.join(COLUMNS)}."),
        ({"mon": ["9h-17h"]}, "It is not one set of names with a plain value each."),
    ],
)
def test_a_row_that_gives_no_centre_is_refused(tmp_path: Path, cells: dict[str, object], why: str) -> None:
    path = tmp_path / "centres.ndjson"
    path.write_text("\n" + json.dumps(HARBOUR | cells), encoding="utf-8")
    (refused,) = read_centre_file(path)
    assert isinstance(refused, RefusedRow)
    assert (2, why) == (refused.line, refused.why)


HEADER = ",".join(COLUMNS).encode()
GOOD = as_csv(HARBOUR).encode()
BROKEN: tuple[tuple[str, bytes, str], ...] = (
    ("a.csv", b"", ": it holds no centre; give a file with one centre a row."),
    ("a.csv", HEADER, ": it holds no centre; give a file with one centre a row."),
    ("a.json", b"[]", ": it holds no centre; give a file with one centre a row."),
    ("a.yaml", b"# nothing\n", ": it holds no centre; give a file with one centre a row."),
    ("a.ndjson.gz", b"", ": it holds no centre; give a file with one centre a row."),
    ("a.xlsx", b"", ": its ending .xlsx is not known; name it .csv, .ndjson, .json or .yaml"),
    ("a", b"", ": its ending (none) is not known; name it .csv"),
    ("a.csv", b"id,label\n1,x\n", ", line 1: the header has no country, key, lat, lon, name, town, tz; start it"),
    ("a.csv", b"gid,nom\n1,x\n", ", line 1: the header has no adr_num, adr_voie, com_cp"),
    ("a.csv", HEADER + b",monday\n", ", line 1: the header has monday; use key, name"),
    ("a.csv", HEADER + b",mon\n", ", line 1: the column mon stands there twice; keep one."),
    ("a.csv", HEADER + b",\n", ", line 1: a column has no name; name it or take it out."),
    (
        "a.csv",
        GOOD + b'"never closed\n,',
        ", line 3: the row cannot be cut into cells (unexpected end of data); check",
    ),
    ("a.csv", GOOD + "Médiathèque".encode("latin-1"), ", line 3: it is not UTF-8; save the file as UTF-8."),
    ("a.csv", GOOD.decode().encode("utf-16"), ", line 1: it is not UTF-8; save the file as UTF-8."),
    ("a.csv", GOOD + b"x" * 1_000_001, ", line 3: it is too long; give one row a line."),
    ("a.csv.gz", GOOD, ", line 1: its gzip is broken; compress or fetch it again."),
    ("a.csv.gz", gzip.compress(GOOD)[:-9], ", line 3: its gzip is broken; compress or fetch it again."),
    ("a.ndjson", as_ndjson(HARBOUR).encode() + b"{", ", line 2: it is not JSON (Expecting property name"),
    ("a.json", b"[\n{},\n]", ", line 3: it is not JSON ("),
    ("a.json", b'{"centres": []}', ", line 1: it is not a JSON list; put the centres in [ ]."),
    ("a.json", b"[" * 100_000, ", line 1: it is nested too deep; give a flat list."),
    (
        "a.json",
        b"[" + (b" " * 999_990 + b"\n") * 21,
        ", line 21: it is too long to hold; give it as .ndjson or .csv.",
    ),
    ("a.yaml", b"- key: [\n", ", line 2: it is not YAML; mend it there."),
    ("a.yaml", b"- \x07", ": it is not YAML; mend it there."),
    ("a.yaml", b"key: x\n", ", line 1: it is not a YAML list; start each centre with a dash."),
    ("a.yaml", b"[" * 600, ": it is nested too deep; give a flat list."),
)


@pytest.mark.parametrize(("name", "content", "complaint"), BROKEN)
def test_a_file_that_cannot_be_read_is_one_clear_sentence(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CentreFileError) as caught:
        list(read_centre_file(path))
    assert f"{path}{complaint}" == str(caught.value)[: len(f"{path}{complaint}")]
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CentreFileError, match=r"it cannot be read \(No such file or directory\); check its name"):
        next(read_centre_file(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_memory_stays_flat_over_a_long_file(tmp_path: Path, ending: str) -> None:
    long_row = HARBOUR | {"tz": "nowhere", "access_notes": "x" * 5_000}
    path = tmp_path / f"centres.{ending}.gz"
    path.write_bytes(gzip.compress(WRITERS[ending](*[long_row] * 1_000).encode(), compresslevel=1))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_centre_file(path))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    expected = 1_000
    assert expected == count
    assert peak < 2_000_000


def damaged() -> Iterator[st.SearchStrategy[bytes]]:
    """Yield bytes at random, and good files with a piece taken out or put in."""
    yield st.binary(max_size=200)
    for write in WRITERS.values():
        content = write(HARBOUR).encode()
        places = st.integers(0, len(content))
        yield st.builds(_damage, st.just(content), places, places, st.binary(max_size=4))


def _damage(content: bytes, one: int, other: int, piece: bytes) -> bytes:
    return content[: min(one, other)] + piece + content[max(one, other) :]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(*damaged()), st.sampled_from([*WRITERS, "csv.gz"]))
def test_a_damaged_file_gives_rows_or_that_sentence(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"centres.{ending}"
    path.write_bytes(content)
    try:
        rows = list(read_centre_file(path))
    except CentreFileError:
        return
    assert rows
