"""Towns and postcodes are found as people write them."""

from __future__ import annotations

from sqlalchemy import insert

from domain.commands import Place
from domain.gazetteer.names import fold
from domain.store import tables
from domain.store.centres import SqlCentres
from domain.store.database import Connection
from tests.domain.clinic import Clinic

# town, postcode, latitude: one centre each
CENTRES = (
    ("Bath", "BA1 1AA", 51.0),
    ("Bath", "BA2 2AA", 53.0),
    ("Bath Spa", "BA1 3AA", 55.0),
    ("Newport", "NP1 1AA", 51.6),
    ("Newport", "PO3 1AA", 50.7),
    ("Newport", "PO3 2AA", 50.9),
    ("Saint-Étienne", "42000", 45.4),
    ("L'Haÿ-les-Roses", "94240", 48.8),
    ("Vandœuvre-lès-Nancy", "54500", 48.6),
    ("Sainte-Foy", "76590", 49.8),
    ("Lyon 1er Arrondissement", "69001", 45.1),
    ("Lyon 3e Arrondissement", "69003", 45.3),
    ("Lyon 3e Arrondissement", "69003", 45.5),
    ("Villeneuve d'Ascq", "59491", 50.6),
    ("Villeneuve Loubet", "06270", 43.6),
    ("Warszawa", "00-950", 52.2),
    ("Łódź", "90-001", 51.7),
    ("Closed Town", "ZZ9 9ZZ", 0.0),
)

# what is written → the places that are meant, and where
ASKED = (
    ("a town: the middle of its centres", "Bath", "Bath 52.0"),
    ("in capitals", "BATH", "Bath 52.0"),
    ("with blanks", "  bath ", "Bath 52.0"),
    ("a longer name", "Bath Spa", "Bath Spa 55.0"),
    ("with a hyphen and an accent", "Saint-Étienne", "Saint-Étienne 45.4"),
    ("without either", "saint etienne", "Saint-Étienne 45.4"),
    ("with the accent as a letter of its own", "Saint-E\u0301tienne", "Saint-Étienne 45.4"),
    ("abbreviated", "St Etienne", "Saint-Étienne 45.4"),
    ("abbreviated with a full stop", "st. étienne", "Saint-Étienne 45.4"),
    ("abbreviated in the feminine", "Ste Foy", "Sainte-Foy 49.8"),
    ("with a typist's apostrophe", "L’Hay les Roses", "L'Haÿ-les-Roses 48.8"),
    ("with œ as two letters", "vandoeuvre les nancy", "Vandœuvre-lès-Nancy 48.6"),
    ("with a letter that has no accent to drop", "lodz", "Łódź 51.7"),
    ("several towns of one name, the larger first", "newport", "Newport (PO3 1AA) 50.8 | Newport (NP1 1AA) 51.6"),
    ("a city in districts: the one with most centres", "Lyon", "Lyon 3e Arrondissement 45.4"),
    ("a district", "lyon 1er arrondissement", "Lyon 1er Arrondissement 45.1"),
    ("a district by its beginning", "Lyon 3e", "Lyon 3e Arrondissement 45.4"),
    ("several towns that begin so", "Villeneuve", "Villeneuve Loubet (06270) 43.6 | Villeneuve d'Ascq (59491) 50.6"),
    ("a part of a word is no town", "Vill", ""),
    ("two letters are no town", "Ba", ""),
    ("a town that is unknown", "Atlantis", ""),
    ("nothing", "", ""),
    ("punctuation alone", "?!", ""),
    ("signs that SQL would read", "%", ""),
    ("a postcode", "42000", "42000 45.4"),
    ("a postcode of several centres", "69003", "69003 45.4"),
    ("a postcode with a space", "BA1 1AA", "BA11AA 51.0"),
    ("a postcode in small letters without it", "ba22aa", "BA22AA 53.0"),
    ("the beginning of a postcode", "PO3", "PO3 50.8"),
    ("the first two digits of a postcode", "69", "69 45.3"),
    ("a postcode nearby", "69009", "69009 45.3"),
    ("a postcode nearby, in another district", "NP20 4AB", "NP204AB 51.6"),
    ("a postcode with a dash", "90-001", "90001 51.7"),
    ("a postcode without its dash", "00950", "00950 52.2"),
    ("a postcode far away", "99999", ""),
    ("one digit", "6", ""),
    ("a word with a number is no postcode of its first letters", "Barton 15", ""),
    ("of centres that closed", "Closed Town", ""),
    ("the postcode of centres that closed", "ZZ9 9ZZ", ""),
)  # fmt: skip


async def write_all(connection: Connection) -> None:
    rows = [
        {
            "key": f"c{number}",
            "name": town,
            "address": "",
            "town": town,
            "town_folded": fold(town),
            "postcode": postcode,
            "country": "FR",
            "lat": lat,
            "lon": 2.0,
            "tz": "Europe/Paris",
            "active": town != "Closed Town",
        }
        for number, (town, postcode, lat) in enumerate(CENTRES)
    ]
    await connection.execute(insert(tables.centre), rows)


def shown(places: list[Place]) -> str:
    return " | ".join(f"{place.label} {place.position.lat:.1f}" for place in places)


async def test_places_are_found_as_they_are_written(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        await write_all(connection)
        centres = SqlCentres(connection)
        found = [(why, asked, shown(await centres.places_called(asked))) for why, asked, _ in ASKED]
    assert list(ASKED) == found


async def test_a_postcode_of_many_towns_is_in_the_middle_of_them_all(clinic: Clinic) -> None:
    async with clinic.database.begin() as connection:
        row = {"name": "", "address": "", "country": "FR", "lon": 2.0, "tz": "Europe/Paris"}
        towns = [
            {**row, "key": f"k{n}", "town": f"T{n}", "town_folded": f"t{n}", "postcode": f"130{n:02}", "lat": float(n)}
            for n in range(21)
        ]
        await connection.execute(insert(tables.centre), towns)
        assert "13 10.0" == shown(await SqlCentres(connection).places_called("13"))
