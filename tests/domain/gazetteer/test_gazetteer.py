"""Towns are found as people write them, in the countries of the desk, and told apart where several are meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.centres import Position, distance_m
from domain.gazetteer.gazetteer import MOST, Gazetteer, Town
from domain.gazetteer.names import fold

GAZETTEER = Gazetteer.load()
WELL_KNOWN = ("FR", "GB", "ES", "US", "RE")

# country, what is written, labels of the towns that are found
ONE = (
    ("FR", "Villeurbanne", "Villeurbanne"),
    ("FR", "VILLEURBANNE", "Villeurbanne"),
    ("FR", " villeurbanne.", "Villeurbanne"),
    ("FR", "L'Haÿ-les-Roses", "L'Haÿ-les-Roses"),
    ("FR", "l’hay les roses", "L'Haÿ-les-Roses"),
    ("FR", "Lhay les roses", "L'Haÿ-les-Roses"),
    ("FR", "St Etienne", "Saint-Étienne"),
    ("FR", "Saint-Étienne", "Saint-Étienne"),
    ("FR", "st. etienne", "Saint-Étienne"),
    ("FR", "Ste Geneviève des Bois", "Sainte-Geneviève-des-Bois"),
    ("FR", "Évry", "Évry"),
    ("FR", "evry", "Évry"),
    ("FR", "Besançon", "Besançon"),
    ("FR", "besancon", "Besançon"),
    ("FR", "Chalon s/ Saône", "Chalon-sur-Saône"),
    ("FR", "Vandœuvre-lès-Nancy", "Vandœuvre-lès-Nancy"),
    ("FR", "Aix", "Aix-en-Provence"),
    ("FR", "Vitry", "Vitry-sur-Seine"),
    ("FR", "Villeurb", "Villeurbanne"),
    ("FR", "Villeurbane", "Villeurbanne"),
    ("FR", "Vileurbanne", "Villeurbanne"),
    ("FR", "lyonn", "Lyon"),
    ("FR", "Toluouse", "Toulouse"),
    ("FR", "Boulogne Bilancourt", "Boulogne-Billancourt"),
    ("FR", "Marseilles", "Marseille"),
    ("FR", "Marsella", "Marseille"),
    ("FR", "j'habite à Pau", "Pau"),
    ("FR", "près de Cergy", "Cergy"),
    ("FR", "Papeete", "Papeete"),
    ("FR", "Nouméa", "Nouméa"),
    ("FR", "fort de france", "Fort-de-France"),
    ("FR", "Mamoudzou", "Mamoudzou"),
    ("FR", "Saint-Denis, Réunion", "Saint-Denis"),
    ("FR", "Saint-Denis Île-de-France", "Saint-Denis (Île-de-France)"),
    ("GB", "Edinburgh", "Edinburgh"),
    ("GB", "Édimbourg", "Edinburgh"),
    ("GB", "Edimburgo", "Edinburgh"),
    ("GB", "Londres", "London"),
    ("GB", "London, UK", "London (England)"),
    ("GB", "kings lynn", "King's Lynn"),
    ("GB", "St Albans", "St Albans"),
    ("GB", "saint albans", "St Albans"),
    ("GB", "I live in Bath", "Bath"),
    ("GB", "Birmingam", "Birmingham"),
    ("GB", "Newcastle-under-Lyme", "Newcastle under Lyme"),
    ("ES", "Sevilla", "Sevilla"),
    ("ES", "Seville", "Sevilla"),
    ("ES", "malaga", "Málaga"),
    ("ES", "La Coruña", "A Coruña"),
    ("ES", "coruña", "A Coruña"),
    ("ES", "Sta Cruz de Tenerife", "Santa Cruz de Tenerife"),
    ("ES", "l'hospitalet", "L'Hospitalet de Llobregat"),
    ("ES", "Saragosse", "Zaragoza"),
    ("ES", "vivo en Getafe", "Getafe"),
    ("US", "New York", "New York City"),
    ("US", "NYC", "New York City"),
    ("US", "los angles", "Los Angeles"),
    ("US", "Paris, Texas", "Paris (Texas)"),
    ("US", "Springfield IL", "Springfield (Illinois)"),
    ("US", "springfield, missouri", "Springfield (Missouri)"),
    ("US", "Fairbanks", "Fairbanks"),
    ("US", "Ponce", "Ponce"),
    ("IT", "Milano", "Milan"),
)  # fmt: skip
DISTRICTS = (
    ("Paris 15", "Paris 15e"),
    ("Paris 15e", "Paris 15e"),
    ("paris 15ème", "Paris 15e"),
    ("Paris 05", "Paris 5e"),
    ("15e arrondissement de Paris", "Paris 15e"),
    ("Paris 1er", "Paris 1er"),
    ("Paris 1", "Paris 1er"),
    ("Lyon 3e", "Lyon 3e"),
    ("lyon 3", "Lyon 3e"),
    ("Lyon 3e arrondissement", "Lyon 3e"),
    ("Marseille 13", "Marseille 13e"),
    ("Paris 25", "Paris"),
    ("Lyon 0", "Lyon"),
)
SEVERAL = (
    (("FR",), "Saint-Denis", ["Saint-Denis (Réunion)", "Saint-Denis (Île-de-France)"]),
    (("FR",), "valence", ["Valence (Auvergne-Rhône-Alpes)", "Valence (Occitanie)"]),
    (("FR",), "Clermont", ["Clermont-Ferrand (Auvergne-Rhône-Alpes)", "Clermont (Hauts-de-France)"]),
    (("FR",), "Boulogne", ["Boulogne-Billancourt (Île-de-France)", "Boulogne-sur-Mer (Hauts-de-France)"]),
    (("GB",), "Newcastle", ["Newcastle upon Tyne (England)", "Newcastle (Northern Ireland)"]),
    (("GB", "US"), "Bath", ["Bath (England, GB)", "Bath (Maine, US)", "Bath (New York, US)"]),
    (("FR", "US"), "Lafayette, LA", ["Lafayette (Louisiana)"]),
)
NONE = (
    ("FR", "Atlantis"),
    ("FR", ""),
    ("FR", "-"),
    ("FR", "a"),
    ("FR", "les"),
    ("FR", "demain"),
    ("FR", "Ville 15"),
    ("FR", "99999"),
    ("ES", "gracias"),
    ("GB", "Villeurbanne"),
    ("GB", "sorry"),
    ("XX", "Paris"),
    ("areas", "Paris"),
)


def labels(towns: list[Town]) -> list[str]:
    return [town.label for town in towns]


@pytest.mark.parametrize(("country", "written", "label"), ONE)
def test_a_town_is_found_as_it_is_written(country: str, written: str, label: str) -> None:
    assert [label] == labels(GAZETTEER.find(written, (country,)))


@pytest.mark.parametrize(("written", "label"), DISTRICTS)
def test_districts_of_three_cities_are_found_by_number(written: str, label: str) -> None:
    assert [label] == labels(GAZETTEER.find(written, ("FR",)))


@pytest.mark.parametrize(("countries", "written", "expected"), SEVERAL)
def test_towns_of_one_name_are_told_apart(countries: tuple[str, ...], written: str, expected: list[str]) -> None:
    found = labels(GAZETTEER.find(written, countries))
    assert expected == found[: len(expected)]


@pytest.mark.parametrize(("country", "written"), NONE)
def test_what_is_no_town_is_none(country: str, written: str) -> None:
    assert [] == GAZETTEER.find(written, (country,))


def test_what_the_area_does_not_tell_apart_a_larger_town_near_it_does() -> None:
    found = GAZETTEER.find("Newport", ("GB",))
    assert [("Newport (Wales)", ""), ("Newport (England)", "Gosport"), ("Newport (England)", "Telford")] == [
        (town.label, town.near) for town in found
    ]


def test_at_most_six_are_found_the_largest_and_those_of_the_first_country_first() -> None:
    found = GAZETTEER.find("Springfield", ("US",))
    assert MOST == len(found) == len(set(labels(found)))
    assert sorted((town.population for town in found), reverse=True) == [town.population for town in found]
    assert {"GB"} == {town.country for town in GAZETTEER.find("Bath", ("GB", "US"))[:1]}
    assert {"US"} == {town.country for town in GAZETTEER.find("Bath", ("US", "GB"))[:1]}


def test_a_town_knows_where_it_is() -> None:
    (town,) = GAZETTEER.find("Cayenne", ("FR",))
    assert ("GF", "Guyane", "America/Cayenne") == (town.country, town.area, town.zone)
    assert distance_m(Position(4.93, -52.33), town.position) < 5_000


def test_every_name_finds_its_town() -> None:
    """By name as folded when the file was made, which must be as names are folded now."""
    countries = [GAZETTEER.country(code) for code in GAZETTEER.countries()]
    lost = [
        (country.code, name)
        for country in countries
        for town, name in enumerate(country.names)
        if town not in country.called(fold(name))
    ]
    assert [] == lost
    assert 69_000 < sum(map(len, countries))


@given(st.data())
def test_every_town_is_found_by_its_name_or_its_place_taken_by_larger_ones(data: st.DataObject) -> None:
    country = GAZETTEER.country(data.draw(st.sampled_from(GAZETTEER.countries())))
    town = data.draw(st.integers(0, len(country) - 1))
    found = GAZETTEER.find(country.names[town], (country.code,))
    here = country.position(town)
    assert MOST == len(found) or min(distance_m(here, one.position) for one in found) <= 10_000


@settings(max_examples=60)
@given(st.text(max_size=30), st.lists(st.sampled_from(WELL_KNOWN), max_size=3))
def test_whatever_is_written_a_handful_comes_back(written: str, countries: list[str]) -> None:
    found = GAZETTEER.find(written, countries)
    assert len(found) <= MOST
    if len(found) > 1:
        assert all(town.label != town.name or town.near or not town.area for town in found)


@given(st.sampled_from(WELL_KNOWN), st.data())
def test_a_name_with_a_letter_too_many_or_too_few_still_finds_something(code: str, data: st.DataObject) -> None:
    country = GAZETTEER.country(code)
    name = fold(country.names[data.draw(st.integers(0, min(60, len(country) - 1)))])
    place = data.draw(st.integers(1, len(name)))
    typed = data.draw(st.sampled_from((name[:place] + "x" + name[place:], name[:place] + name[place + 1 :])))
    if len(name) > 7 and not any(letter.isdigit() for letter in name):
        assert [] != GAZETTEER.find(typed, (code,))
