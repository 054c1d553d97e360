"""A state's clock is known where it keeps one; a postcode is mended where there is one way to."""

from __future__ import annotations

import csv
import gzip

import pytest

from domain.feed_rows import Fault, Tally
from domain.us_states import STATES, ZONES, read_postcode
from tests.shared_data import PHARMACIES, needed

ZERO, SHORT = "had lost the leading zero and got it back", "had too short a second part, which was left out"
STAYED = "had not five digits and stayed so"


@pytest.mark.parametrize(
    ("typed", "state", "postcode", "faults"),
    [
        ("08332-3762", "NJ", "08332-3762", []),
        ("8332-3762", "NJ", "08332-3762", [ZERO]),
        ("7002", "NJ", "07002", [ZERO]),
        ("8015-385", "NJ", "08015", [ZERO, SHORT]),
        ("99801", "AK", "99801", []),
        ("99801-12", "AK", "99801", [SHORT]),
        ("2139", "MA", "02139", [ZERO]),
        ("4101", "ME", "04101", [ZERO]),
        ("907", "PR", "00907", [ZERO]),
        ("9332", "NJ", "9332", [STAYED]),
        ("8332", "AK", "8332", [STAYED]),
        ("907", "NJ", "907", [STAYED]),
        ("NJ 08332", "NJ", "NJ 08332", [STAYED]),
        ("", "NJ", "", []),
    ],
)
def test_a_postcode_is_mended_where_there_is_one_way_to(
    typed: str, state: str, postcode: str, faults: list[str]
) -> None:
    tally = Tally()
    assert postcode == read_postcode(typed, state, tally, 4)
    assert faults == [fault.what for fault in tally.faults()]


def test_faults_are_counted_and_the_first_are_shown() -> None:
    tally = Tally()
    for line in range(1, 6):
        read_postcode("8332", "NJ", tally, line)
    (fault,) = tally.faults()
    examples = tuple(f"line {line}: 8332 became 08332" for line in (1, 2, 3))
    assert Fault(count=5, noun="postcode", what=ZERO, examples=examples) == fault
    assert "5 postcodes had lost the leading zero and got it back." == fault.sentence


def test_every_state_is_there_once() -> None:
    expected = 50 + len({"DC", "PR", "VI", "GU", "MP", "AS"})
    assert expected == len(STATES)


def test_the_clocks_of_states_are_those_of_real_pharmacies() -> None:
    needed(PHARMACIES)
    with gzip.open(PHARMACIES, "rt", encoding="utf-8", newline="") as file:
        rows = [(row["state"], row["timezone"]) for row in csv.DictReader(file)]
    compared = [(state, zone) for state, zone in rows if state in ZONES]
    assert len(compared) > 1_000
    assert [] == [(state, zone) for state, zone in compared if ZONES[state] != zone]
