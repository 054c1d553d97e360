"""How far apart two points are on the globe."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.centres import EARTH_RADIUS_M, METRES_PER_DEGREE, Position, distance_m

HALF_WAY_ROUND_M = math.pi * EARTH_RADIUS_M
PARIS, LONDON, SYDNEY = Position(48.8566, 2.3522), Position(51.5074, -0.1278), Position(-33.8688, 151.2093)

DISTANCES = (
    ("nowhere", PARIS, PARIS, 0),
    ("Paris to London", PARIS, LONDON, 343_556),
    ("Paris to Sydney", PARIS, SYDNEY, 16_960_500),
    ("a degree along a meridian", Position(10, 20), Position(11, 20), METRES_PER_DEGREE),
    ("a degree along the equator", Position(0, 20), Position(0, 21), METRES_PER_DEGREE),
    ("a degree over the 180th meridian", Position(0, 179.5), Position(0, -179.5), METRES_PER_DEGREE),
    ("two degrees over a pole", Position(89, 0), Position(89, 180), 2 * METRES_PER_DEGREE),
    ("pole to pole", Position(90, 0), Position(-90, 77), HALF_WAY_ROUND_M),
    ("a pole is one point", Position(90, 0), Position(90, 120), 0),
    ("180 east is 180 west", Position(10, 180), Position(10, -180), 0),
)
POINTS = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(("way", "one", "other", "expected"), DISTANCES, ids=[row[0] for row in DISTANCES])
def test_distances_on_the_globe(way: str, one: Position, other: Position, expected: float) -> None:
    assert expected == pytest.approx(distance_m(one, other), rel=1e-5, abs=1)


@given(POINTS, POINTS)
def test_it_is_as_far_there_as_back_and_never_farther_than_half_way_round(one: Position, other: Position) -> None:
    assert distance_m(one, other) == pytest.approx(distance_m(other, one), abs=0.001)
    assert 0 <= distance_m(one, other) <= HALF_WAY_ROUND_M + 1
