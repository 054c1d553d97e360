"""The official French list becomes centres; what cannot be sure is refused with a reason."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date, time

import pytest

from domain.centre_rows import CentreRow, RefusedRow
from domain.french_centres import DAYS, french_centre, read_french_centres
from domain.french_territories import TERRITORIES, territories_of
from domain.hours import NotSaid, Unread, read_hours
from tests.shared_data import FRENCH_LIST, needed

DAY_SPAN = ((time(9), time(17)),)

SEASIDE = {
    "gid": "9001",
    "nom": "Salle des Mouettes ",
    "adr_num": "12 ",
    "adr_voie": " Quai  des Dunes",
    "com_cp": "29900",
    "com_nom": "Port-Imaginaire",
    "lat_coor1": "47.8701",
    "long_coor1": "-3.9183",
    "rdv_lundi": "9h-17h",
    "rdv_mardi": "fermé",
    "rdv_mercredi": "A confirmer ",
    "rdv_jeudi": "",
    "rdv_vendredi": "9h à 12h et de 14h à 18h",
    "rdv_samedi": "fermé",
    "rdv_dimanche": "fermé",
    "lieu_accessibilite": "oui ",
    "date_ouverture": "2021-01-18",
    "date_fermeture": "",
    "rdv_modalites": "",
    "centre_fermeture": "",
    "reserve_professionels_sante": "",
}


def seaside(**cells: str) -> CentreRow:
    centre = french_centre(SEASIDE | cells, 2)
    assert isinstance(centre, CentreRow), centre
    return centre


def test_a_row_becomes_a_centre() -> None:
    expected = CentreRow(
        key="9001",
        name="Salle des Mouettes",
        address="12 Quai des Dunes",
        town="Port-Imaginaire",
        postcode="29900",
        country="FR",
        lat=47.8701,
        lon=-3.9183,
        tz="Europe/Paris",
        access_notes="oui",
        step_free=True,
        open_from=date(2021, 1, 18),
        hours=(DAY_SPAN, (), (), (), ((time(9), time(12)), (time(14), time(18))), (), ()),
        unread=((2, "A confirmer"),),
        not_said=(3,),
    )
    assert expected == seaside()


@pytest.mark.parametrize(
    ("typed", "step_free"),
    [
        ("OUI", True),
        ("Oui - Ascenseur", True),
        ("oui (le parcours est fléché)", True),
        ("NON", False),
        ("Non précisé", None),
        ("EMV", None),
        ("A partir du 18 janvier 9h -12h", None),
        ("", None),
    ],
)
def test_a_centre_is_step_free_or_not_only_where_the_list_says_so(typed: str, step_free: bool | None) -> None:
    assert step_free == seaside(lieu_accessibilite=typed).step_free


@pytest.mark.parametrize(
    ("number", "street", "address"),
    [
        ("12", "Quai des Dunes", "12 Quai des Dunes"),
        ("12 bis ", "Quai des Dunes", "12 bis Quai des Dunes"),
        ("10-12", "Quai des Dunes", "10-12 Quai des Dunes"),
        ("", "Quai des Dunes, ", "Quai des Dunes"),
        ("12", "", "12"),
        ("", "", ""),
        ("nan", "Quai des Dunes", "Quai des Dunes"),
        ("12", "nan", "12"),
        ("é-", "Quai des Dunes", "Quai des Dunes"),
        ("12", "12 Quai des Dunes", "12 Quai des Dunes"),
        ("1", "12 Quai des Dunes", "1, 12 Quai des Dunes"),
        ("Salle Neptune", "Quai des Dunes", "Salle Neptune, Quai des Dunes"),
        ("Salle Neptune", "12 Quai des Dunes", "Salle Neptune, 12 Quai des Dunes"),
        ("Cabinet, 2 bis", " Quai des Dunes", "Cabinet, 2 bis Quai des Dunes"),
        ("Dispensaire de ", "Hautdune", "Dispensaire de Hautdune"),
    ],
)
def test_an_address_is_joined_and_never_invented(number: str, street: str, address: str) -> None:
    assert address == seaside(adr_num=number, adr_voie=street).address


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        ("CH  de\xa0Hautdune\t- Salle\u200b A, ", "CH de Hautdune - Salle A"),
        ("Me\u0301diathe\u0300que -", "Médiathèque"),
        ('Salle "Neptune" (1er étage)', 'Salle "Neptune" (1er étage)'),
    ],
)
def test_a_name_is_tidied(name: str, tidied: str) -> None:
    assert tidied == seaside(nom=name).name


@pytest.mark.parametrize(
    ("cells", "is_for_them"),
    [
        ({"reserve_professionels_sante": "t"}, True),
        ({"reserve_professionels_sante": "f"}, False),
        ({"nom": "CH de Hautdune (réservé aux professionnels de santé)"}, True),
        ({"nom": "CH de Hautdune (Professionnels de santé uniquement)"}, True),
        ({"rdv_modalites": "Réservé aux professionnels de santé libéraux"}, True),
        ({"rdv_modalites": "Uniquement pour les professionnels de santé"}, True),
        ({"rdv_modalites": "Réservé aux professionnels de santé et aux personnes à risque"}, False),
        ({"rdv_modalites": "Ouvert aux professionnels de santé et aux plus de 75 ans"}, False),
        ({"nom": "Communauté professionnelle territoriale de santé de Hautdune"}, False),
    ],
)
def test_a_place_for_health_workers_is_told_by_mark_or_words(cells: dict[str, str], is_for_them: bool) -> None:
    assert is_for_them == seaside(**cells).professionals_only


def test_a_place_marked_closed_is_not_public() -> None:
    expected = {"": True, "f": True, "t": False}
    assert expected == {mark: seaside(centre_fermeture=mark).is_public for mark in expected}


def test_dates_are_read_in_french_order_too() -> None:
    centre = seaside(date_ouverture="03/02/2021", date_fermeture="2021-02-03")
    assert (date(2021, 2, 3), date(2021, 2, 3)) == (centre.open_from, centre.open_until)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"gid": " "}, "It has no key (gid)."),
        ({"nom": "nan"}, "It has no name (nom)."),
        ({"nom": " - "}, "It has no name (nom)."),
        ({"com_nom": ""}, "It has no town (com_nom)."),
        ({"com_cp": ""}, "It has no postcode (com_cp)."),
        ({"com_cp": "2990"}, "Its postcode 2990 is not a French one."),
        ({"com_cp": "98000"}, "Its postcode 98000 is not a French one."),
        ({"lat_coor1": ""}, "It has no position (lat_coor1, long_coor1)."),
        ({"lat_coor1": "nord"}, "Its position nord, -3.9183 is not one on the globe."),
        ({"lat_coor1": "0", "long_coor1": "0"}, "Its position 0, 0 is not one on the globe."),
        ({"lat_coor1": "147.8"}, "Its position 147.8, -3.9183 is not one on the globe."),
        (
            {"lat_coor1": "-3.9183", "long_coor1": "47.8701"},
            "Its latitude and longitude -3.9183, 47.8701 are the wrong way round.",
        ),
        (
            {"lat_coor1": "2.4e-4", "long_coor1": "-2e-05"},
            "Its position 0.00024, -2e-05 is not in metropolitan France, where its postcode 29900 is.",
        ),
        (
            {"com_cp": "97133"},
            "Its position 47.8701, -3.9183 is not in Saint-Barthélemy, where its postcode 97133 is.",
        ),
        ({"date_ouverture": "bientôt"}, "Its date bientôt (date_ouverture) cannot be read."),
        (
            {"date_fermeture": "2021-01-17"},
            "Its last day 2021-01-17 (date_fermeture) is before its first day 2021-01-18 (date_ouverture).",
        ),
    ],
)
def test_a_row_that_gives_no_centre_is_refused(cells: dict[str, str], why: str) -> None:
    row = SEASIDE | cells
    refused = french_centre(row, 7)
    assert isinstance(refused, RefusedRow)
    assert (7, row["gid"].strip(), why) == (refused.line, refused.key, refused.why)


def test_rows_are_refused_for_the_same_kind_of_reason_whatever_stands_in_them() -> None:
    rows = [SEASIDE | {"com_cp": postcode} for postcode in ("2990", "98000")]
    refused = [french_centre(row, 2) for row in rows]
    assert {"Its postcode … is not a French one."} == {row.kind for row in refused if isinstance(row, RefusedRow)}


def test_a_repeated_key_is_refused_with_the_line_of_the_first() -> None:
    rows = [SEASIDE, SEASIDE | {"gid": "9002"}, SEASIDE]
    *_, last = read_french_centres(rows)
    assert isinstance(last, RefusedRow)
    expected = (4, "9001", "Salle des Mouettes", "Its key 9001 is taken by line 2.")
    assert expected == (last.line, last.key, last.name, last.why)


@pytest.mark.parametrize(
    ("postcode", "lat", "lon", "tz"),
    [
        ("75 012", "48,84", "2,38", "Europe/Paris"),
        ("20090", "41.9232", "8.74", "Europe/Paris"),
        ("97110", "16.24", "-61.54", "America/Guadeloupe"),
        ("97200", "14.60", "-61.07", "America/Martinique"),
        ("97300", "4.92", "-52.31", "America/Cayenne"),
        ("97400", "-20.88", "55.45", "Indian/Reunion"),
        ("97500", "46.78", "-56.18", "America/Miquelon"),
        ("97600", "-12.78", "45.23", "Indian/Mayotte"),
        ("97133", "17.90", "-62.85", "America/St_Barthelemy"),
        ("97700", "17.90", "-62.85", "America/St_Barthelemy"),
        ("97150", "18.07", "-63.08", "America/Marigot"),
        ("97800", "18.07", "-63.08", "America/Marigot"),
        ("98600", "-13.28", "-176.18", "Pacific/Wallis"),
        ("98713", "-17.54", "-149.57", "Pacific/Tahiti"),
        ("98742", "-8.91", "-140.10", "Pacific/Marquesas"),
        ("98755", "-23.12", "-134.97", "Pacific/Gambier"),
        ("98800", "-22.27", "166.44", "Pacific/Noumea"),
    ],
)
def test_each_territory_has_its_clock(postcode: str, lat: str, lon: str, tz: str) -> None:
    assert tz == seaside(com_cp=postcode, lat_coor1=lat, long_coor1=lon).tz


def test_every_territory_has_postcodes() -> None:
    numbers = (*range(0, 97_000, 1_000), *range(97_000, 99_000))
    found = {territory.name for number in numbers for territory in territories_of(f"{number:05}")}
    assert {territory.name for territory in TERRITORIES} == found


OVERSEAS_OF_PUBLIC_LIST = {
    "America/Cayenne": 3,
    "America/Guadeloupe": 10,
    "America/Marigot": 1,
    "America/Martinique": 4,
    "Indian/Mayotte": 2,
    "Indian/Reunion": 8,
}


@pytest.fixture(scope="module")
def public_rows() -> list[CentreRow | RefusedRow]:
    return list(read_french_centres(public_cells()))


def public_cells() -> list[dict[str, str]]:
    """Return the rows of the public list as they are."""
    needed(FRENCH_LIST)
    with gzip.open(FRENCH_LIST, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_public_list_is_read_or_refused(public_rows: list[CentreRow | RefusedRow]) -> None:
    """One lies at 0, 0; one has a postcode of Saint-Barthélemy and a position in Guadeloupe."""
    size, expected = 1_433, {"1443", "1293"}
    assert size == len(public_rows)
    assert expected == {row.key for row in public_rows if isinstance(row, RefusedRow)}


def test_the_overseas_sites_of_the_public_list_have_their_clocks(public_rows: list[CentreRow | RefusedRow]) -> None:
    """Twenty-eight: the twenty-ninth is the refused one of Saint-Barthélemy."""
    centres = (row for row in public_rows if isinstance(row, CentreRow))
    found = Counter(row.tz for row in centres if row.postcode.startswith(("97", "98")))
    assert found == OVERSEAS_OF_PUBLIC_LIST


#: What the public list has of each kind: spellings, and cells that have them.
UNDERSTOOD_OF_PUBLIC_LIST = {"hours": (657, 5_480), "closed": (4, 3_467), "not said": (6, 750), "unread": (52, 334)}


def test_most_hours_of_the_public_list_are_read() -> None:
    """667 of 719 spellings in 9,697 of 10,031 cells; of the other 334, 288 give no hours or say that they will."""
    cells = Counter(row[f"rdv_{day}"] for row in public_cells() for day in DAYS)
    spellings: Counter[str] = Counter(map(_understood, cells))
    counts: Counter[str] = Counter()
    for typed, count in cells.items():
        counts[_understood(typed)] += count
    assert UNDERSTOOD_OF_PUBLIC_LIST == {kind: (spellings[kind], counts[kind]) for kind in UNDERSTOOD_OF_PUBLIC_LIST}


def _understood(typed: str) -> str:
    match read_hours(typed):
        case Unread():
            return "unread"
        case NotSaid():
            return "not said"
        case spans:
            return "hours" if spans else "closed"


def test_unread_hours_stand_in_their_rows(public_rows: list[CentreRow | RefusedRow]) -> None:
    centres = [row for row in public_rows if isinstance(row, CentreRow)]
    expected = UNDERSTOOD_OF_PUBLIC_LIST["unread"][1]
    assert expected == sum(len(row.unread) for row in centres)
    assert all(isinstance(read_hours(text), Unread) for row in centres for _, text in row.unread)


def test_few_rows_of_the_public_list_say_whether_there_are_steps(public_rows: list[CentreRow | RefusedRow]) -> None:
    said = Counter(row.step_free for row in public_rows if isinstance(row, CentreRow))
    assert {None: 1_139, True: 288, False: 4} == said
