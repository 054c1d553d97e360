"""What kind of service a programme is: said in its file, or told by its title."""

from __future__ import annotations

from typing import Any

import pytest

from bot.shipped import shipped_programmes
from domain import programmes
from domain.services import COVID_19, GENERAL_PRACTICE, IMMUNIZATION, Coding, service_of

#: A programme's file, and the codes of its service.
CODES: list[tuple[dict[str, Any], tuple[Coding, ...]]] = [
    ({"title": "Flu vaccination"}, (IMMUNIZATION,)),
    ({"title": {"en": "Jab", "fr": "Vaccin contre la grippe", "es": "Gripe"}}, (IMMUNIZATION,)),
    ({"title": {"es": "Vacuna de la gripe"}}, (IMMUNIZATION,)),
    ({"title": "Clinic visit"}, (GENERAL_PRACTICE,)),
    ({"title": "Travel vaccines", "service": "general-practice"}, (GENERAL_PRACTICE,)),
    ({"title": "Jab", "service": "covid-19-immunization"}, (IMMUNIZATION, COVID_19)),
]


@pytest.mark.parametrize(("body", "codes"), CODES)
def test_a_programme_is_a_service(body: dict[str, Any], codes: tuple[Coding, ...]) -> None:
    assert codes == service_of(body).codes


def test_the_shipped_programmes_say_what_they_are() -> None:
    for key, body in shipped_programmes().items():
        service = programmes.from_mapping(body).service
        wanted: tuple[Coding, ...] = (IMMUNIZATION, COVID_19) if key.startswith("covid-19") else (IMMUNIZATION,)
        if key != "flu" and not key.startswith("covid-19"):
            wanted = (GENERAL_PRACTICE,)
        assert (wanted, None, (1, 2) if key == "covid-19-course" else ()) == (
            service.codes,
            service.product,
            service.doses,
        )


def test_a_product_is_a_code_and_its_words() -> None:
    product = service_of({"title": "x", "product": {"cvx": "207", "display": " Moderna "}}).product
    assert Coding(system="http://hl7.org/fhir/sid/cvx", code="207", display="Moderna") == product


#: What cannot be used, and what is said of it.
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"service": "surgery"}, "service: 'surgery' is not one of immunization"),
    ({"service": ["immunization"]}, "service: "),
    ({"product": "207"}, "product: must have cvx"),
    ({"product": {"cvx": 207, "display": "Moderna"}}, "product: must have cvx"),
    ({"product": {"cvx": "207"}}, "product: must have cvx"),
    ({"product": {"cvx": "M", "display": "Moderna"}}, "cvx 'M' must be a CVX code"),
    ({"product": {"cvx": "207", "display": " "}}, "with its display"),
]


@pytest.mark.parametrize(("more", "said"), WRONG)
def test_what_cannot_be_used_is_refused_with_its_place(more: dict[str, Any], said: str) -> None:
    with pytest.raises(programmes.ProgrammeError) as refused:
        programmes.from_mapping({"key": "x", "title": "X", **more})
    assert said in str(refused.value)
