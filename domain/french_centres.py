"""The official French list of vaccination sites ("Lieux de vaccination"), row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.centre_rows import (
    CentreRow,
    Lack,
    RefusedRow,
    lack,
    read_position,
    read_week,
    refuse_repeats,
    tidy,
    tidy_label,
)
from domain.centres import Position
from domain.french_territories import Territory, territories_of

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
COLUMNS = frozenset({"gid", "nom", "adr_num", "adr_voie", "com_cp", "com_nom", "lat_coor1", "long_coor1"}) | {
    f"rdv_{day}" for day in DAYS
}
NEEDED = (("gid", "key"), ("nom", "name"), ("com_nom", "town"), ("com_cp", "postcode"))
FIRST_LINE = 2

ENDS_LIKE_A_HOUSE_NUMBER = re.compile(r"(?:\d(?: ?(?:[a-z]|bis|ter|quater))?|\bde)$", re.IGNORECASE)
FOR_PROFESSIONALS = re.compile(
    r"r[ée]serv[ée]s? (?:aux? )?professionnels?\b"
    r"|\bprofessionnels? de sant[ée] uniquement\b"
    r"|\buniquement (?:aux|pour les) professionnels? de sant[ée]\b"
)
ACCESSIBLE = re.compile(r"oui\b", re.IGNORECASE)
NOT_ACCESSIBLE = re.compile(r"non\W*", re.IGNORECASE)
FOR_OTHERS_TOO = re.compile(r"\b(?:ans|patients?|personnes?|population|public)\b")


@dataclass(frozen=True, slots=True)
class _Site:
    """What a row must have before it can be a centre."""

    position: Position
    territory: Territory
    open_from: date | None
    open_until: date | None


def read_french_centres(rows: Iterable[Mapping[str, str]]) -> Iterator[CentreRow | RefusedRow]:
    """Read *rows* by column name, the first of which stands on the second line; a repeated gid is refused."""
    return refuse_repeats((line, french_centre(row, line)) for line, row in enumerate(rows, start=FIRST_LINE))


def french_centre(row: Mapping[str, str], line: int) -> CentreRow | RefusedRow:
    """Read one *row*, which stands on *line*."""
    cells = {column: tidy(cell) for column, cell in row.items()}
    site = _site(cells)
    if isinstance(site, Lack):
        return site.refused(line=line, key=cells.get("gid", ""), name=tidy_label(cells.get("nom", "")))
    return _centre(cells, site)


def _centre(cells: Mapping[str, str], site: _Site) -> CentreRow:
    week = read_week([cells.get(f"rdv_{day}", "") for day in DAYS])
    return CentreRow(
        key=cells["gid"],
        name=tidy_label(cells["nom"]),
        address=_address(cells.get("adr_num", ""), cells.get("adr_voie", "")),
        town=tidy_label(cells["com_nom"]),
        postcode=_postcode(cells),
        country="FR",
        lat=site.position.lat,
        lon=site.position.lon,
        tz=site.territory.tz,
        access_notes=cells.get("lieu_accessibilite", ""),
        step_free=_is_accessible(cells.get("lieu_accessibilite", "")),
        professionals_only=_is_for_professionals(cells),
        is_public=cells.get("centre_fermeture") != "t",
        open_from=site.open_from,
        open_until=site.open_until,
        hours=week.hours,
        unread=week.unread,
        not_said=week.not_said,
    )


def _site(cells: Mapping[str, str]) -> _Site | Lack:
    """Return what the row must have, or what it lacks."""
    for column, name in NEEDED:
        if not tidy_label(cells.get(column, "")):
            return lack(f"It has no {name} ({column}).")
    place = _place(cells)
    if isinstance(place, Lack):
        return place
    days = _days(cells)
    return days if isinstance(days, Lack) else _Site(*place, *days)


def _place(cells: Mapping[str, str]) -> tuple[Position, Territory] | Lack:
    """Return where the row is and in which territory, or why it is nowhere."""
    lat, lon, postcode = cells.get("lat_coor1", ""), cells.get("long_coor1", ""), _postcode(cells)
    if not lat or not lon:
        return lack("It has no position (lat_coor1, long_coor1).")
    position = read_position(lat, lon)
    if position is None:
        return lack("Its position {lat}, {lon} is not one on the globe.", lat=lat, lon=lon)
    territories = territories_of(postcode)
    if not territories:
        return lack("Its postcode {postcode} is not a French one.", postcode=postcode)
    for territory in territories:
        if territory.covers(position):
            return position, territory
    return _misplaced(position, territories[-1], postcode)


def _misplaced(position: Position, territory: Territory, postcode: str) -> Lack:
    where = f"{position.lat:g}, {position.lon:g}"
    if territory.covers(Position(lat=position.lon, lon=position.lat)):
        return lack("Its latitude and longitude {where} are the wrong way round.", where=where)
    sentence = "Its position {where} is not in {territory}, where its postcode {postcode} is."
    return lack(sentence, where=where, territory=territory.name, postcode=postcode)


def _days(cells: Mapping[str, str]) -> tuple[date | None, date | None] | Lack:
    """Return the first and last day of the row, each where it is told, or why not."""
    days: list[date | None] = []
    for column in ("date_ouverture", "date_fermeture"):
        typed = cells.get(column, "")
        day = _read_date(typed)
        if typed and day is None:
            return lack(f"Its date {{typed}} ({column}) cannot be read.", typed=typed)
        days.append(day)
    start, end = days
    if start and end and end < start:
        sentence = "Its last day {end} (date_fermeture) is before its first day {start} (date_ouverture)."
        return lack(sentence, start=start, end=end)
    return start, end


def _read_date(typed: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day of the calendar, not a moment
        except ValueError:
            continue
    return None


def _postcode(cells: Mapping[str, str]) -> str:
    return cells["com_cp"].replace(" ", "")


def _address(number: str, street: str) -> str:
    """Join a house number, or the name of a house that people put there, to a street that may have it already."""
    number = number.strip(" ,;") if re.search(r"\d|[^\W\d_]{3}", number) else ""
    street = tidy_label(street)
    if not number or re.match(rf"{re.escape(number)}(?!\w)", street, re.IGNORECASE):
        return street
    joint = " " if ENDS_LIKE_A_HOUSE_NUMBER.search(number) and not street[:1].isdigit() else ", "
    return f"{number}{joint}{street}" if street else number


def _is_accessible(typed: str) -> bool | None:
    """Read "oui" and "oui - ascenseur", and "non" alone: "non précisé" tells nothing, nor do dates and initials."""
    if ACCESSIBLE.match(typed):
        return True
    return False if NOT_ACCESSIBLE.fullmatch(typed) else None


def _is_for_professionals(cells: Mapping[str, str]) -> bool:
    """Tell whether the row's mark, its name or its terms keep people at large out."""
    texts = (cells.get(column, "").casefold() for column in ("nom", "rdv_modalites"))
    return cells.get("reserve_professionels_sante") == "t" or any(
        FOR_PROFESSIONALS.search(text) and not FOR_OTHERS_TOO.search(text) for text in texts
    )
