"""States are told by the postcode where the country's postcodes tell them."""

from __future__ import annotations

import pytest

from webhooks.scheduling.areas import state_of

#: Country, postcode, and the state that an address in it names.
STATES = [
    ("US", "02114", "MA"),
    ("US", "08332-3762", "NJ"),
    ("US", "10001", "NY"),
    ("US", "06390", "NY"),  # Fishers Island, amid Connecticut
    ("US", "00501", "NY"),
    ("US", "20500", "DC"),
    ("US", "20101", "VA"),
    ("US", "73301", "TX"),
    ("US", "88510", "TX"),
    ("US", "79901", "TX"),
    ("US", "87101", "NM"),
    ("US", "83414", "ID"),
    ("US", "59901", "MT"),
    ("US", "96701", "HI"),
    ("US", "996507713", "AK"),
    ("US", "00100", "US"),
    ("US", "8332-3762", "US"),
    ("US", "", "US"),
    ("FR", "75011", "75"),
    ("FR", "01000", "01"),
    ("FR", "20000", "2A"),
    ("FR", "20200", "2B"),
    ("FR", "97400", "974"),
    ("FR", "98800", "988"),
    ("FR", "7500", "FR"),
    ("GB", "BS1 6XX", "GB"),
    ("ES", "28001", "ES"),
]


@pytest.mark.parametrize(("country", "postcode", "state"), STATES)
def test_an_address_names_its_state(country: str, postcode: str, state: str) -> None:
    assert state == state_of(country, postcode)
