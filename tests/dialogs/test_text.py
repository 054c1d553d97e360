"""Values are written as people of a language and a country write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.outcomes import CENTRE
from dialogs.scripts.questions import which_centre
from dialogs.scripts.told import address
from dialogs.text import Distance, render
from domain.centres import Centre, Position
from domain.queries import CentreOffer

MILE = 1609.344
# language, metres, in miles, rough → what is written
DISTANCES = (
    ("en", 1_240, False, False, "1.2 km"),
    ("fr", 1_240, False, False, "1,2 km"),
    ("es", 1_240, False, False, "1,2 km"),
    ("en", 12_400, False, False, "12 km"),
    ("en", 9_960, False, False, "10 km"),
    ("fr", 1_234_000, False, False, "1 234 km"),
    ("en", 0.7 * MILE, True, False, "0.7 mi"),
    ("fr", 0.7 * MILE, True, False, "0,7 mi"),
    ("es", 250 * MILE, True, False, "250 mi"),
    ("en", 100, False, False, "0.1 km"),
    ("en", 100, True, False, "0.1 mi"),
    ("en", 99, False, False, ""),
    ("en", 0, True, False, ""),
    ("en", 1_240, False, True, "1 km"),
    ("fr", 2_600, False, True, "3 km"),
    ("en", 999, False, True, ""),
    ("en", 1_240, True, True, ""),
    ("en", 1.6 * MILE, True, True, "2 mi"),
    ("en", 400_000, False, True, "400 km"),
)
COUNTRIES = (("US", True), ("GB", True), ("LR", True), ("MM", True), ("FR", False), ("CA", False), ("", False))


@pytest.mark.parametrize(("language", "metres", "in_miles", "is_rough", "written"), DISTANCES)
def test_distances_are_as_exact_as_they_are_known(
    language: str, metres: float, in_miles: bool, is_rough: bool, written: str
) -> None:
    assert written == render(Distance(metres=metres, in_miles=in_miles, is_rough=is_rough), language)


@pytest.mark.parametrize(("country", "has_miles"), COUNTRIES)
def test_miles_are_of_some_countries(country: str, has_miles: bool) -> None:
    assert has_miles == in_country(country).has_miles


def in_country(country: str) -> Centre:
    return Centre(
        id=CENTRE.id,
        name="Pier",
        address="",
        town="Bath",
        postcode="",
        position=CENTRE.position,
        tz="UTC",
        country=country,
    )


@pytest.mark.parametrize(
    ("country", "is_rough", "metres", "detail"),
    [
        ("GB", False, 2_400, "1.5 mi, Bath"),
        ("GB", True, 2_500, "2 mi, Bath"),
        ("FR", False, 2_400, "2.4 km, Bath"),
        ("FR", True, 2_400, "2 km, Bath"),
        ("FR", True, 900, "Bath"),
        ("FR", False, 50, "Bath"),
        ("FR", False, None, "Bath"),
    ],
)
def test_a_centre_says_how_far_it_is_in_its_countrys_unit(
    country: str, is_rough: bool, metres: float | None, detail: str
) -> None:
    question = which_centre("flu", Position(0.0, 0.0), is_rough=is_rough)
    assert question.present is not None
    shown = question.present(CentreOffer(centre=in_country(country), distance_m=metres)).detail
    assert shown is not None
    assert detail == render(shown, "en")


@pytest.mark.parametrize(
    ("step_free", "notes", "written"),
    [
        (None, "", "Pier, Bath"),
        (None, "Ring twice.", "Pier, Bath\nRing twice."),
        (True, "", "Pier, Bath\nStep-free access."),
        (False, "Ring twice.", "Pier, Bath\nNo step-free access. Ring twice."),
    ],
)
def test_a_centre_tells_how_one_gets_in_where_that_is_known(step_free: bool | None, notes: str, written: str) -> None:
    centre = replace(in_country("GB"), step_free=step_free, access_notes=notes)
    assert written == render(address(centre), "en")
