"""Dates of birth in the ways people write them, and names beside them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.readers.birth import read_birth, read_year, split_name_and_birth

TODAY = date(2026, 11, 18)
THE_DAY = date(1950, 4, 3)

READ = [
    ("en", "3 April 1950"),
    ("en", "03/04/1950"),
    ("en", "3/4/1950"),
    ("en", "3.4.50"),
    ("en", "3. 4. 1950"),
    ("en", "03 / 04 / 1950"),
    ("en", "3-4-1950"),
    ("en", "3 4 1950"),
    ("en", "3 4 50"),
    ("en", "1950-04-03"),
    ("en", "1950/4/3"),
    ("en", "03041950"),
    ("en", "19500403"),
    ("en", "april 3 1950"),
    ("en", "April 3rd, 1950"),
    ("en", "3rd of April 1950"),
    ("en", "third of april 1950"),
    ("en", "3 apr 50"),
    ("en", "3 april '50"),
    ("en", "3-Apr-1950"),
    ("en", "1950 April 3"),
    ("en", "Monday 3 April 1950"),
    ("en", "born on the 3rd of April 1950"),
    ("en", "DOB: 3/4/1950"),
    ("en", "I was born on 3 April 1950"),
    ("en", "٣/٤/١٩٥٠"),
    ("en", "３/４/１９５０"),
    ("fr", "3 avril 1950"),
    ("fr", "le 3 avril 1950"),
    ("fr", "3 AVR. 1950"),
    ("fr", "née le 3 avril 1950"),
    ("fr", "né(e) le 3/4/1950"),
    ("fr", "trois avril 1950"),
    ("fr", "date de naissance : 03/04/1950"),
    ("es", "3 de abril de 1950"),
    ("es", "3 de abril del 50"),
    ("es", "nacida el 3 de abril de 1950"),
    ("es", "3 abr 1950"),
    ("es", "el 3/4/1950"),
    ("pt", "3/4/1950"),
]

REFUSED = [
    ("en", "", "empty"),
    ("en", "hello", "no date"),
    ("en", "1950", "a bare year"),
    ("en", "3 april", "no year"),
    ("en", "april 1950", "no day"),
    ("en", "31/02/1950", "no such day"),
    ("en", "31 April 1950", "no such day"),
    ("en", "29/02/1951", "no such day"),
    ("en", "00/04/1950", "no such day"),
    ("en", "13/13/1950", "no such month"),
    ("en", "19/11/2026", "to come"),
    ("en", "3 april 2030", "to come"),
    ("en", "17/11/1906", "more than 120 years ago"),
    ("en", "3/4/950", "a year of three digits"),
    ("en", "3/4/1950 or 1951", "two years"),
    ("en", "tomorrow", "no date of birth"),
    ("en", "3 april 1950 please call me", "more than a date"),
    ("en", "030450", "six digits may be read in many ways"),
    ("en", "9" * 2000, "noise"),
]


@pytest.mark.parametrize(("language", "text"), READ)
def test_a_date_of_birth_is_read(language: str, text: str) -> None:
    assert THE_DAY == read_birth(text, language=language, today=TODAY)


@pytest.mark.parametrize(("language", "text", "reason"), REFUSED)
def test_what_is_no_date_of_birth_is_refused(language: str, text: str, reason: str) -> None:
    assert read_birth(text, language=language, today=TODAY) is None, reason


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("3/4/1950", True, date(1950, 3, 4)),
        ("03041950", True, date(1950, 3, 4)),
        ("25/4/1950", True, date(1950, 4, 25)),
        ("4/25/1950", False, date(1950, 4, 25)),
        ("1950-04-03", True, THE_DAY),
        ("3 April 1950", True, THE_DAY),
    ],
)
def test_numbers_are_read_in_the_order_of_the_place(text: str, month_first: bool, expected: date) -> None:
    assert expected == read_birth(text, language="en", today=TODAY, month_first=month_first)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18.11.26", date(2026, 11, 18)),
        ("19.11.26", date(1926, 11, 19)),
        ("3.4.27", date(1927, 4, 3)),
        ("3.4.00", date(2000, 4, 3)),
        ("29.2.23", None),
        ("3 mar 50", date(1950, 3, 3)),
    ],
)
def test_two_digits_are_the_latest_such_year_that_is_not_to_come(text: str, expected: date | None) -> None:
    assert expected == read_birth(text, language="es", today=TODAY)


def test_the_french_seven_is_also_a_month() -> None:
    assert date(1950, 9, 3) == read_birth("3 sept 1950", language="fr", today=TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1950", 1950), (" 1950. ", 1950), ("١٩٥٠", 1950), ("1906", 1906), ("2026", 2026)]
    + [(text, None) for text in ("1905", "2027", "50", "in 1950", "19500", "1950 1951", "")],
)
def test_a_year_stands_alone(text: str, expected: int | None) -> None:
    assert expected == read_year(text, today=TODAY)


@pytest.mark.parametrize(
    ("language", "text", "name", "birth"),
    [
        ("en", "Ana Silva 3 4 1950", "Ana Silva", THE_DAY),
        ("en", "Ana Silva, born 3 April 1950", "Ana Silva", THE_DAY),
        ("fr", "Ana Silva née le 3/4/1950", "Ana Silva", THE_DAY),
        ("en", "ana silva\n3.4.50", "ana silva", THE_DAY),
        ("fr", "ANA SILVA NÉE LE 3/4/1950", "ANA SILVA", THE_DAY),
        ("fr", "Ana Silva, né(e) le 3 avril 1950", "Ana Silva", THE_DAY),
        ("es", "Ana Silva, nacida el 3 de abril de 1950", "Ana Silva", THE_DAY),
        ("es", "Ana Silva fecha de nacimiento: 3/4/50", "Ana Silva", THE_DAY),
        ("es", "María de los Ángeles 3/4/1950", "María de los Ángeles", THE_DAY),
        ("en", "Ana O'Brien-Silva, DOB 03/04/1950.", "Ana O'Brien-Silva", THE_DAY),
        ("en", "Ana Silva d.o.b. 3/4/50", "Ana Silva", THE_DAY),
        ("en", "Ana Silva was born on 3/4/1950", "Ana Silva", THE_DAY),
        ("en", "Ana Silva (3rd April 1950)", "Ana Silva", THE_DAY),
        ("en", "Ana April 3 1950", "Ana", THE_DAY),
        ("en", "Jane April 3/4/1950", "Jane April", THE_DAY),
        ("en", "3/4/1950 Ana Silva", "Ana Silva", THE_DAY),
        ("en", "born 3/4/1950 Ana Silva", "Ana Silva", THE_DAY),
        ("fr", "Anh Le 3/4/1950", "Anh Le", THE_DAY),
        ("fr", "Ana Silva née Costa 3/4/1950", "Ana Silva née Costa", THE_DAY),
        ("fr", "Ana Silva trois avril 1950", "Ana Silva", THE_DAY),
        ("en", "अना सिल्वा ३/४/१९५०", "अना सिल्वा", THE_DAY),
        ("en", "Ana Silva 31/02/1950", "Ana Silva", None),
        ("en", "Ana Silva 3 April", "Ana Silva", None),
        ("en", "Ana Silva 1950", "Ana Silva", None),
        ("en", "  Ana   Silva, ", "Ana Silva", None),
        ("fr", "Ana Silva née Costa", "Ana Silva née Costa", None),
        ("en", "3/4/1950", "", THE_DAY),
        ("en", "", "", None),
    ],
)
def test_a_name_is_told_from_a_date_of_birth(language: str, text: str, name: str, birth: date | None) -> None:
    assert (name, birth) == split_name_and_birth(text, language=language, today=TODAY)


@given(
    ago=st.integers(0, 119 * 365),
    shape=st.sampled_from(("{0:%Y-%m-%d}", "{0:%d/%m/%Y}", "{0:%d%m%Y}", "{0:%Y%m%d}", "{0.day} {0.month} {0.year}")),
)
def test_every_day_of_a_life_is_read(ago: int, shape: str) -> None:
    day = TODAY - timedelta(days=ago)
    assert day == read_birth(shape.format(day), language="en", today=TODAY)
    assert ("Ana Silva", day) == split_name_and_birth(f"Ana Silva {shape.format(day)}", language="en", today=TODAY)


@given(text=st.text(max_size=300), language=st.sampled_from(("en", "fr", "es", "pt")), month_first=st.booleans())
def test_no_text_raises_or_gives_a_day_to_come(text: str, language: str, month_first: bool) -> None:
    name, birth = split_name_and_birth(text, language=language, today=TODAY, month_first=month_first)
    assert name == " ".join(name.split())
    assert birth is None or TODAY.replace(year=TODAY.year - 121) < birth <= TODAY
    read_birth(text, language=language, today=TODAY, month_first=month_first)
    read_year(text, today=TODAY)
