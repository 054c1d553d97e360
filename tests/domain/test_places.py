"""A place that somebody names is found at the centres, else in the gazetteer of the desk's countries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.centres import CentreId, Position, distance_m
from domain.commands import FindPlace, NoSuchPlace, Place, PlaceFound, SeveralPlaces
from domain.gazetteer.gazetteer import Gazetteer
from domain.patients import ContactId
from domain.places import warm_up
from domain.telephone import country_of
from tests.domain.clinic import Clinic, write_slot

# town, postcode, country, latitude, longitude: one centre each
CENTRES = (
    ("Villeurbanne", "69100", "FR", 45.77, 4.88),
    ("Lyon 3e Arrondissement", "69003", "FR", 45.7602, 4.8552),
    ("Saint-Denis", "97400", "FR", -20.88, 55.45),
    ("Newport", "NP20 1AA", "GB", 51.59, -3.0),
    ("Mérignac", "16200", "FR", 45.78, -0.08),
    ("Clermont-en-Argonne", "55120", "FR", 49.1, 5.08),
)
# what is written → what is found: label, near
ASKED = (
    ("a town with a centre is where that is", "villeurbanne", ("Villeurbanne",)),
    ("though others are called so", "Newport", ("Newport",)),
    ("and others have more people", "Saint-Denis", ("Saint-Denis",)),
    ("unless they dwarf it", "Merignac", ("Mérignac (Nouvelle-Aquitaine)", "Mérignac (16200)")),
    ("or it only begins so", "Clermont", ("Clermont (Hauts-de-France)", "Clermont-en-Argonne (55120)")),
    ("its postcode is where its centres are", "69100", ("69100",)),
    ("a town without a centre", "Vaulx-en-Velin", ("Vaulx-en-Velin",)),
    ("with two letters wrong", "Vilerbane", ()),
    ("with one letter wrong", "Villeurbane", ("Villeurbanne",)),
    ("in a sentence", "j'habite à Vénissieux", ("Vénissieux",)),
    ("a district with a centre", "Lyon 3e", ("Lyon 3e Arrondissement",)),
    ("a district without one", "Lyon 7", ("Lyon 7e",)),
    ("in the other country", "Cardiff", ("Cardiff",)),
    ("in a country without centres", "Getafe", ()),
    ("several", "Richmond", ("Richmond (England) near Hounslow", "Richmond (England) near Darlington")),
    ("with its postcode", "Vaulx-en-Velin 69120", ("Vaulx-en-Velin",)),
    ("a part of a town, with its postcode", "69200 Vénissieux le haut", ("69200",)),
    ("no town, with a postcode", "Atlantis sur Rhône 69003", ("69003",)),
    ("no town", "Atlantis", ()),
    ("a number", "Ville 15", ()),
    ("nothing", "", ()),
)  # fmt: skip


async def filled(clinic: Clinic) -> list[CentreId]:
    return [
        await clinic.centre(f"c{number}", town=town, postcode=postcode, country=country, lat=lat, lon=lon)
        for number, (town, postcode, country, lat, lon) in enumerate(CENTRES)
    ]


async def found(clinic: Clinic, text: str, contact: ContactId, country: str = "") -> tuple[Place, ...]:
    match await clinic.do(FindPlace(text), contact, country=country):
        case PlaceFound(place):
            return (place,)
        case SeveralPlaces(places):
            return places
        case NoSuchPlace():
            return ()


def shown(place: Place) -> str:
    return f"{place.label} near {place.near}" if place.near else place.label


async def test_places_are_those_of_centres_and_then_towns(clinic: Clinic) -> None:
    await filled(clinic)
    contact = (await clinic.someone()).contact
    came = [(why, text, tuple(map(shown, await found(clinic, text, contact)))) for why, text, _ in ASKED]
    assert list(ASKED) == came


async def test_a_town_and_a_postcode_tell_apart_what_the_town_alone_does_not(clinic: Clinic) -> None:
    await clinic.centre("one", town="Montauban", postcode="82000", country="FR", lat=44.0, lon=1.35)
    contact = (await clinic.someone()).contact
    assert 2 == len(await found(clinic, "Valence", contact))
    (place,) = await found(clinic, "Valence, 82400", contact)
    assert distance_m(Position(44.11, 0.89), place.position) < 5_000


@pytest.mark.parametrize(
    ("town", "first", "at_least_m", "at_most_m"), [("Bron", "c0", 1, 9_000), ("Brest", "c3", 3e5, 6e5)]
)
async def test_who_lives_where_no_centre_is_gets_the_nearest_however_far(
    clinic: Clinic, town: str, first: str, at_least_m: float, at_most_m: float
) -> None:
    centres = await filled(clinic)
    start = clinic.clock()
    async with clinic.database.begin() as connection:
        for centre in centres:
            await write_slot(connection, start + timedelta(days=1), centre=centre)
    (place,) = await found(clinic, town, (await clinic.someone()).contact)
    async with clinic.database.begin() as connection:
        near = await clinic.work(connection).centres.centres_near(
            "flu", place.position, start=start, until=start + timedelta(days=9), limit=5, offset=0
        )
    (nearest, far), *_ = near
    assert first.title() == nearest.name
    assert far is not None
    assert at_least_m < far < at_most_m


async def test_the_desk_knows_the_countries_of_its_open_centres(clinic: Clinic) -> None:
    await filled(clinic)
    await clinic.centre("closed", country="ES", active=False)
    async with clinic.database.begin() as connection:
        assert ["FR", "GB"] == await clinic.work(connection).centres.countries()


# ---- where somebody is at home

IN_TWO_COUNTRIES = (
    ("Paris", "75001", "FR", 48.86, 2.34),
    ("Addison", "75001", "US", 32.96, -96.84),
    ("Paris", "75460", "US", 33.66, -95.55),
    ("Dallas", "75201", "US", 32.79, -96.80),
    ("Le Tampon", "97430", "FR", -21.28, 55.52),
)
# at home, what is written → labels and the town near
AT_HOME = (
    ("FR", "75001", ("75001",), 48.86),
    ("US", "75001", ("75001",), 32.96),
    ("RE", "75001", ("75001",), 48.86),
    ("", "75001", ("75001 (FR) near Paris", "75001 (US) near Addison"), 48.86),
    ("GB", "75001", ("75001 (FR) near Paris", "75001 (US) near Addison"), 48.86),
    ("FR", "75002", ("75002",), 48.86),
    ("FR", "75201", ("75201 (FR) near Paris", "75201 (US) near Dallas"), 48.86),
    ("US", "75201", ("75201",), 32.79),
    ("US", "97430", ("97430",), -21.28),
    ("FR", "Paris", ("Paris (75001, FR)", "Paris (75460, US)"), 48.86),
    ("US", "Paris", ("Paris (75460, US)", "Paris (75001, FR)"), 33.66),
    ("US", "Dallas", ("Dallas",), 32.79),
    ("FR", "Dallas", ("Dallas",), 32.79),
    ("US", "Lyon", ("Lyon",), 45.75),
    ("GB", "Cardiff", ("Cardiff",), 51.48),
)


@pytest.mark.parametrize(("country", "text", "labels", "lat"), AT_HOME)
async def test_what_is_had_in_two_countries_is_looked_for_at_home_first(
    clinic: Clinic, country: str, text: str, labels: tuple[str, ...], lat: float
) -> None:
    for number, (town, postcode, land, lat_of, lon) in enumerate(IN_TWO_COUNTRIES):
        await clinic.centre(f"c{number}", town=town, postcode=postcode, country=land, lat=lat_of, lon=lon)
    places = await found(clinic, text, (await clinic.someone()).contact, country)
    assert labels == tuple(map(shown, places))
    assert lat == pytest.approx(places[0].position.lat, abs=0.05)


@pytest.mark.parametrize(
    ("country", "labels"),
    [
        ("US", ("Birmingham (Alabama)", "Birmingham (Michigan)", "Birmingham (B1 1AA)")),
        ("GB", ("Birmingham",)),
        ("FR", ("Birmingham",)),
        ("", ("Birmingham",)),
    ],
)
async def test_a_centre_abroad_does_not_hide_its_towns_namesake_at_home(
    clinic: Clinic, country: str, labels: tuple[str, ...]
) -> None:
    await clinic.centre("dallas", town="Dallas", postcode="75201", country="US", lat=32.79, lon=-96.8)
    await clinic.centre("brum", town="Birmingham", postcode="B1 1AA", country="GB", lat=52.48, lon=-1.89)
    async with clinic.database.read() as connection:
        await warm_up(clinic.work(connection).centres)
    places = await found(clinic, "Birmingham", (await clinic.someone()).contact, country)
    assert labels == tuple(place.label for place in places)


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+33612345678", "FR"),
        ("+262692123456", "RE"),
        ("+15551234567", "US"),
        ("+14165550123", "CA"),
        ("+447400123456", "GB"),
        ("+34612345678", "ES"),
        ("+8001234567", ""),
        ("+", ""),
        ("123456789", ""),
        ("", ""),
        ("FR.13491208655302741918", "FR"),
        ("US.ENT.11815799212886844830", "US"),
        ("FR.", ""),
        ("FRANCE.1", ""),
    ],
)
def test_a_number_tells_where_somebody_is_likely_at_home(number: str, country: str) -> None:
    assert country == country_of(number)


async def test_the_towns_of_the_desks_countries_are_at_hand_from_the_start(clinic: Clinic) -> None:
    await filled(clinic)
    Gazetteer.load.cache_clear()
    async with clinic.database.begin() as connection:
        await warm_up(clinic.work(connection).centres)
    assert [] == Gazetteer.load().missing(["FR", "RE", "GB"])
    assert ["ES"] == Gazetteer.load().missing(["ES"])
