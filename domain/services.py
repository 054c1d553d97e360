"""What kind of service a programme is, in HL7's codes, so that finders outside know what they list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HL7 = "http://terminology.hl7.org/CodeSystem/service-type"
_SMART = "http://fhir-registry.smarthealthit.org/CodeSystem/service-type"
_CVX = "http://hl7.org/fhir/sid/cvx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A code of a code system, with the words for it."""

    system: str
    code: str
    display: str


IMMUNIZATION = Coding(system=_HL7, code="57", display="Immunization")
COVID_19 = Coding(system=_SMART, code="covid19-immunization", display="COVID-19 Immunization Appointment")
GENERAL_PRACTICE = Coding(system=_HL7, code="124", display="General Practice")

#: What may stand under `service` in a programme's file.
KINDS: dict[str, tuple[Coding, ...]] = {
    "immunization": (IMMUNIZATION,),
    "covid-19-immunization": (IMMUNIZATION, COVID_19),
    "general-practice": (GENERAL_PRACTICE,),
}
_VACCINATES = re.compile(r"\b(?:vacc|vacun|immuni|inmuni)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A programme as finders list it: its codes, the vaccine if it is one product, and its doses if it has several."""

    codes: tuple[Coding, ...]
    product: Coding | None = None
    doses: tuple[int, ...] = ()


class ServiceError(ValueError):
    """A programme's service or product cannot be used; the message names the place and the cure."""


def service_of(body: Mapping[str, Any]) -> Service:
    """Read the service of a programme from the mapping of its file; ServiceError says what is wrong."""
    return Service(codes=_codes(body), product=_product(body.get("product")), doses=_doses(body.get("doses")))


def _codes(body: Mapping[str, Any]) -> tuple[Coding, ...]:
    kind = body.get("service")
    if kind is None:
        return KINDS["immunization" if _VACCINATES.search(str(body.get("title"))) else "general-practice"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise ServiceError(f"service: {kind!r} is not one of {', '.join(KINDS)}")
    return KINDS[kind]


def _product(given: object) -> Coding | None:
    if given is None:
        return None
    names = {"cvx", "display"}
    if (
        not isinstance(given, Mapping)
        or given.keys() != names
        or not all(isinstance(one, str) for one in given.values())
    ):
        raise ServiceError('product: must have cvx, a code in quotes such as "207", and display, the vaccine\'s name')
    if not re.fullmatch(r"\d{1,4}", given["cvx"]) or not given["display"].strip():
        raise ServiceError(
            f'product: cvx {given["cvx"]!r} must be a CVX code in quotes such as "207", with its display'
        )
    return Coding(system=_CVX, code=given["cvx"], display=given["display"].strip())


def _doses(given: object) -> tuple[int, ...]:
    return tuple(range(1, len(given) + 1)) if isinstance(given, list) and len(given) > 1 else ()
