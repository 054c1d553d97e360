"""The federal list of stock becomes centres with Alaska's clocks and what each reported of each product."""

from __future__ import annotations

from collections import Counter
from datetime import date, time
from pathlib import Path

import pytest

from domain.alaskan_centres import COLUMNS, StockList, alaskan_clock
from domain.centre_files import CentreFileError, read_centre_file
from domain.centre_rows import CentreRow, RefusedRow
from domain.centres import Position
from domain.feed_rows import Fault, Row, StockRow
from domain.hours import write_hours
from tests.shared_data import ALASKAN_LIST, needed

INLET = {
    "provider_location_guid": "guid-1",
    "loc_name": "Inlet Pharmacy ",
    "loc_admin_street1": "1 Whale Road",
    "loc_admin_street2": "STE 2",
    "loc_admin_city": "Homer",
    "loc_admin_state": "AK",
    "loc_admin_zip": "99603",
    "latitude": "59.643",
    "longitude": "-151.548",
    "monday_hours": "9:00 AM - 5:00 PM",
    "tuesday_hours": "9:00 AM - 1:30PM, 2:00 PM - 7:00 PM",
    "wednesday_hours": "09:00AM-09:00PM",
    "thursday_hours": "12:00 AM - 11:59 PM",
    "friday_hours": "",
    "saturday_hours": "Closed",
    "sunday_hours": "Closed",
    "ndc": "00000-0001-01",
    "med_name": "Vaccine A",
    "in_stock": "True",
    "supply_level": "4",
    "quantity_last_updated": "2022-06-22",
    "min_age_years": "5",
    "min_age_months": "6",
}
CENTRE = CentreRow(
    key="guid-1",
    name="Inlet Pharmacy",
    address="1 Whale Road, STE 2",
    town="Homer",
    postcode="99603",
    country="US",
    lat=59.643,
    lon=-151.548,
    tz="America/Anchorage",
    hours=(
        ((time(9), time(17)),),
        ((time(9), time(13, 30)), (time(14), time(19))),
        ((time(9), time(21)),),
        *((),) * 4,
    ),
    unread=((3, "12:00 AM - 11:59 PM"),),
    not_said=(4,),
)
STOCK = StockRow(
    centre="guid-1",
    ndc="00000-0001-01",
    name="Vaccine A",
    in_stock=True,
    supply_level=4,
    as_of=date(2022, 6, 22),
    min_age_months=66,
)


def read(*rows: dict[str, str]) -> list[Row]:
    stock_list = StockList()
    found = [each for line, row in enumerate(rows, start=2) for each in stock_list.read(INLET | row, line)]
    return [*found, *stock_list.faults()]


def stock(**cells: str) -> StockRow:
    found = read(cells)[1]
    assert isinstance(found, StockRow), found
    return found


def test_the_first_row_of_a_site_gives_its_centre_and_each_its_stock() -> None:
    centre, first, second = read({}, {"ndc": "00000-0002-01", "med_name": "Vaccine B", "in_stock": "False"})
    assert (CENTRE, STOCK) == (centre, first)
    assert isinstance(second, StockRow)
    assert ("guid-1", "Vaccine B", False) == (second.centre, second.name, second.in_stock)


@pytest.mark.parametrize(
    ("cells", "level", "age"),
    [
        ({"supply_level": "-1"}, None, 66),
        ({"supply_level": ""}, None, 66),
        ({"supply_level": "1", "min_age_years": "", "min_age_months": ""}, 1, None),
        ({"min_age_years": "3", "min_age_months": ""}, 4, 36),
        ({"min_age_years": "0", "min_age_months": "6"}, 4, 6),
    ],
)
def test_what_was_not_reported_is_none(cells: dict[str, str], level: int | None, age: int | None) -> None:
    found = stock(**cells)
    assert (level, age) == (found.supply_level, found.min_age_months)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"provider_location_guid": ""}, "It has no key (provider_location_guid)."),
        ({"loc_name": "-"}, "It has no name (loc_name)."),
        ({"latitude": ""}, "It has no position (latitude, longitude)."),
        ({"latitude": "north"}, "Its position north, -151.548 is not one on the globe."),
        ({"latitude": "34.77", "longitude": "-92.33"}, "Its position 34.77, -92.33 is not in Alaska, where its state"),
        ({"loc_admin_state": "XX"}, "Its state XX is none of the United States."),
        ({"loc_admin_state": "TX"}, "Its state TX keeps more than one clock, and nothing tells which."),
    ],
)
def test_a_site_that_is_no_centre_is_refused_with_each_of_its_products(cells: dict[str, str], why: str) -> None:
    rows = read(cells, cells | {"ndc": "00000-0002-01"})
    assert [2, 3] == [row.line for row in rows if isinstance(row, RefusedRow) and row.why.startswith(why)]
    assert 2 == len(rows)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"ndc": ""}, "It has no product (ndc, med_name)."),
        ({"in_stock": "maybe"}, "Its in_stock maybe is neither True nor False."),
        ({"supply_level": "5"}, "Its supply_level 5 is none of -1 to 4."),
        ({"quantity_last_updated": "soon"}, "Its day soon (quantity_last_updated) cannot be read."),
        ({"min_age_years": "five"}, "Its least age five years 6 months cannot be read."),
    ],
)
def test_stock_that_cannot_be_read_is_refused_and_the_centre_stays(cells: dict[str, str], why: str) -> None:
    centre, refused = read(cells)
    assert CENTRE == centre
    assert isinstance(refused, RefusedRow)
    assert ("Inlet Pharmacy", why) == (refused.name, refused.why)


def test_contradictions_are_counted_and_kept() -> None:
    *_, odd, otherwise = read({"supply_level": "0"}, {"loc_name": "Outlet"}, {"loc_admin_city": "Nome"})
    expected = "1 product stood in stock at supply level 0, which is none, and stayed as reported."
    assert isinstance(odd, Fault)
    assert isinstance(otherwise, Fault)
    assert expected == odd.sentence
    assert "2 rows told otherwise of a site than its first row, which counts." == otherwise.sentence


@pytest.mark.parametrize(
    ("place", "lat", "lon", "tz"),
    [
        ("Anchorage", 61.18, -149.84, "America/Anchorage"),
        ("Utqiagvik", 71.29, -156.79, "America/Anchorage"),
        ("Cordova", 60.54, -145.75, "America/Anchorage"),
        ("Juneau", 58.37, -134.59, "America/Juneau"),
        ("Skagway", 59.46, -135.31, "America/Juneau"),
        ("Sitka", 57.05, -135.34, "America/Sitka"),
        ("Ketchikan", 55.35, -131.69, "America/Sitka"),
        ("Metlakatla", 55.13, -131.57, "America/Metlakatla"),
        ("Yakutat", 59.55, -139.73, "America/Yakutat"),
        ("Nome", 64.50, -165.40, "America/Nome"),
        ("Unalaska", 53.87, -166.54, "America/Nome"),
        ("Nikolski, east of 169.5 W", 52.94, -168.87, "America/Nome"),
        ("Saint Paul, west of 169.5 W and no Aleutian", 57.19, -170.29, "America/Nome"),
        ("Gambell, west of 169.5 W and no Aleutian", 63.78, -171.74, "America/Nome"),
        ("Atka", 52.20, -174.20, "America/Adak"),
        ("Adak", 51.85, -176.66, "America/Adak"),
        ("Shemya, beyond the 180th meridian", 52.72, 174.11, "America/Adak"),
        ("Little Rock", 34.77, -92.33, None),
        ("Prince Rupert's latitude, Hawaii's longitude", 40.0, -155.0, None),
    ],
)
def test_each_part_of_alaska_has_its_clock(place: str, lat: float, lon: float, tz: str | None) -> None:
    assert tz == alaskan_clock(Position(lat=lat, lon=lon)), place


def test_the_list_is_known_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    columns = sorted(COLUMNS)
    cells = [f'"{INLET[column]}"' for column in columns]
    path.write_text(",".join(columns) + "\n" + ",".join(cells) + "\n", encoding="utf-8")
    assert [CENTRE, STOCK] == list(read_centre_file(path))
    path.write_text("provider_location_guid,ndc\n1,2\n", encoding="utf-8")
    with pytest.raises(CentreFileError, match="the header has no friday_hours, in_stock"):
        list(read_centre_file(path))


# ---- the real list


@pytest.fixture(scope="module")
def public_rows() -> list[Row]:
    needed(ALASKAN_LIST)
    return list(read_centre_file(ALASKAN_LIST))


def test_every_row_of_the_real_list_is_read_or_refused(public_rows: list[Row]) -> None:
    """One site of three products says AK and lies in Arkansas."""
    expected = {"CentreRow": 246, "StockRow": 1_106, "RefusedRow": 3, "Fault": 1}
    assert expected == Counter(type(row).__name__ for row in public_rows)
    assert {"Kavanaugh Pharmacy #424426"} == {row.name for row in public_rows if isinstance(row, RefusedRow)}


def test_the_clocks_of_the_real_list(public_rows: list[Row]) -> None:
    found = Counter(row.tz.removeprefix("America/") for row in public_rows if isinstance(row, CentreRow))
    far = {"Metlakatla": 1, "Yakutat": 1, "Adak": 1}
    assert {"Anchorage": 174, "Sitka": 27, "Nome": 23, "Juneau": 19} | far == found


def test_the_stock_of_the_real_list(public_rows: list[Row]) -> None:
    found = [row for row in public_rows if isinstance(row, StockRow)]
    assert 1_106 == len(found)
    assert 9 == len({row.ndc for row in found})
    assert {None: 364, 0: 701, 1: 22, 3: 4, 4: 15} == Counter(row.supply_level for row in found)


def test_the_hours_of_the_real_list_are_read_but_for_those_round_the_clock(public_rows: list[Row]) -> None:
    centres = [row for row in public_rows if isinstance(row, CentreRow)]
    assert {"12:00 AM - 11:59 PM", "12:00AM - 12:00AM"} == {text for row in centres for _, text in row.unread}
    open_days = [write_hours(spans) for row in centres for spans in row.hours if spans]
    assert len(open_days) > 1_000
