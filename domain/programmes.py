"""Programmes: what can be booked, for whom, in how many doses; read from YAML and checked as they are read.

A programme file has the manner of a FHIR Questionnaire: criteria with a key, a text in each language, options,
when they apply, and what each option decides. `from_mapping` refuses what it does not know, with the place.

    key, title, bring       what it is called, and what to take along
    lead_minutes            how long before a slot it can still be booked (30)
    doses: [{key, after_days, before_days}]     days are counted from the dose before
    age: {from, to, because}
    criteria:
      - key, text, why      what is asked, and what is answered to "why do you ask?"
        kind: choice        or date: a day in the past, or one of the options ("never", "I do not know")
        when: {KEY: ANSWER or [ANSWERS]}        asked only then; `date` stands for any day
        keeps: true         a lasting fact, asked once
        options: [{key, label, decides, because, wait_days, group}]
                            decides: fine, ineligible (for good, or for wait_days), not-before (for wait_days from
                            today), refer (a person decides); group: whoever picks it is one of that group
        wait_days, because  with kind date: not before so many days after the day that is given
    groups: {KEY: title}    the priority groups that options may name
    products: [KEY, ...]    the vaccine products that may be given, the preferred one first
    product_codes: {PRODUCT: [CODE, ...]}       how lists of stock from elsewhere call a product (NDC)
    same_product: true      all doses of a course are of the same product
    practitioners: true     people are asked whom they want to see, where practitioners have slots for it
    reserve: {share, low_stock, release_hours}  what is kept for the groups: percent of a slot's places; all places
                            of a centre that has no more doses than low_stock; until so many hours before the slot
    reminders, quiet, changes, missed, confirm, video       what happens around a visit: `domain.policies`

Doses of *products* are counted from the first stock that is recorded of any of them, at whatever centre: from then on
a centre without doses offers no place. Until then places are offered without a look at doses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain import programme_fields as fields
from domain.eligibility import AgeRule, Criterion
from domain.policies import NAMES as POLICY_NAMES
from domain.policies import Policy, policy_of
from domain.priority import Reserve, Terms, reserve_of
from domain.programme_criteria import read_criteria
from domain.programme_fields import ProgrammeError as ProgrammeError
from domain.services import Service, ServiceError, service_of
from domain.words import Words

TITLE_LIMIT = 24  # what a WhatsApp list row shows
_DAY = timedelta(days=1)
_LATEST = timedelta(days=28)  # after the earliest day, where a programme does not say
_NAMES = {
    "key",
    "title",
    "bring",
    "doses",
    "age",
    "criteria",
    "lead_minutes",
    "service",
    "product",
    "groups",
    "products",
    "product_codes",
    "same_product",
    "reserve",
    "practitioners",
    *POLICY_NAMES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One visit of a course; all but the first come *after* the one before, at the latest *before*."""

    key: str
    after: timedelta = timedelta(0)
    before: timedelta = timedelta(0)

    @property
    def latest(self) -> timedelta:
        """By when it must be, counted from the dose before."""
        return self.before or self.after + _LATEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Something that can be booked (FHIR HealthcareService)."""

    key: str
    title: Words
    bring: Words
    doses: tuple[Dose, ...]
    age: AgeRule = field(default_factory=AgeRule)
    criteria: tuple[Criterion, ...] = ()
    lead: timedelta = timedelta(minutes=30)
    service: Service = field(default_factory=lambda: Service(codes=()))
    groups: tuple[tuple[str, Words], ...] = ()
    products: tuple[str, ...] = ()
    product_codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    same_product: bool = False
    reserve: Reserve = field(default_factory=Reserve)
    policy: Policy = field(default_factory=Policy)
    practitioners: bool = False

    def terms(self, groups: tuple[str, ...] = (), *, doses: int = 1, products: Iterable[str | None] = ()) -> Terms:
        """Return on what terms one of *groups* books so many *doses*, where *products* are of others of the course."""
        had = [one for one in products if one is not None and one in self.products] if self.same_product else []
        return Terms(
            groups=groups,
            products=tuple(had[:1]) or self.products,
            same_product=self.same_product,
            doses=doses,
            reserve=self.reserve,
        )

    def window(self, dose: str, others: Mapping[str, date]) -> tuple[date | None, date | None]:
        """Return the days [first, last) on which *dose* may be, when *others* of the course are on these days."""
        number = next((n for n, one in enumerate(self.doses) if one.key == dose), 0)
        first: list[date] = []
        last: list[date] = []
        if number > 0 and (before := others.get(self.doses[number - 1].key)) is not None:
            first.append(before + self.doses[number].after)
            last.append(before + self.doses[number].latest)
        if number + 1 < len(self.doses) and (following := others.get(self.doses[number + 1].key)) is not None:
            first.append(following - self.doses[number + 1].latest + _DAY)
            last.append(following - self.doses[number + 1].after + _DAY)
        return max(first, default=None), min(last, default=None)


def from_mapping(body: Mapping[str, Any]) -> Programme:
    """Read a programme from the mapping of its YAML file; ProgrammeError says what is wrong and where."""
    fields.only(body, "", _NAMES)
    key = fields.key(body, "")
    criteria = read_criteria(body)
    products = _products(body)
    return Programme(
        key=key,
        title=fields.words(body, "title", ""),
        bring=fields.words(body, "bring", "", needed=False),
        doses=_doses(body),
        age=_age(body.get("age") or {}),
        criteria=criteria,
        lead=timedelta(minutes=fields.number(body, "lead_minutes", "", 30)),
        service=_service(body),
        groups=_groups(body, criteria),
        products=products,
        product_codes=_product_codes(body, products),
        same_product=_same_product(body, products),
        reserve=_reserve(body.get("reserve")),
        policy=policy_of(body),
        practitioners=fields.truth(body, "practitioners", ""),
    )


def _service(body: Mapping[str, Any]) -> Service:
    try:
        return service_of(body)
    except ServiceError as fault:
        raise ProgrammeError(str(fault)) from None


def _doses(body: Mapping[str, Any]) -> tuple[Dose, ...]:
    doses = tuple(_dose(item, f"doses[{n}]") for n, item in enumerate(fields.items(body, "doses", "")))
    if len({dose.key for dose in doses}) != len(doses):
        raise ProgrammeError("doses: two doses have the same key; give each its own")
    return doses or (Dose(key="1"),)


def _dose(body: Mapping[str, Any], place: str) -> Dose:
    fields.only(body, place, {"key", "after_days", "before_days"})
    after, before = (fields.number(body, name, place, 0) for name in ("after_days", "before_days"))
    if before and before <= after:
        raise ProgrammeError(f"{place}: before_days must be more than after_days")
    return Dose(key=fields.key(body, place), after=timedelta(days=after), before=timedelta(days=before))


def _age(body: Mapping[str, Any]) -> AgeRule:
    fields.only(body, "age", {"from", "to", "because"})
    least, most = fields.number(body, "from", "age", 0), fields.number(body, "to", "age", 200)
    if least > most:
        raise ProgrammeError("age: from is more than to, so that nobody could book")
    return AgeRule(least=least, most=most, because=fields.words(body, "because", "age", needed=bool(body)))


def _products(body: Mapping[str, Any]) -> tuple[str, ...]:
    found = fields.items(body, "products", "")
    products = tuple(fields.checked_key(one, f"products[{n}]") for n, one in enumerate(found))
    if len(set(products)) != len(products):
        raise ProgrammeError("products: a product stands twice; name each once")
    return products


def _product_codes(body: Mapping[str, Any], products: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = body.get("product_codes") or {}
    if not isinstance(found, Mapping) or not all(isinstance(codes, list) for codes in found.values()):
        raise ProgrammeError("product_codes: must map the key of a product to a list of codes")
    if unknown := sorted(map(str, found.keys() - set(products))):
        raise ProgrammeError(f"product_codes: {unknown[0]!r} is not listed under products")
    if wrong := [code for codes in found.values() for code in codes if not isinstance(code, str) or not code.strip()]:
        raise ProgrammeError(f"product_codes: {wrong[0]!r} must be a text; put it in quotation marks")
    return tuple((product, tuple(codes)) for product, codes in found.items())


def _same_product(body: Mapping[str, Any], products: tuple[str, ...]) -> bool:
    same = fields.truth(body, "same_product", "")
    if same and not products:
        raise ProgrammeError("same_product: there are no products to be the same; list them under products")
    return same


def _groups(body: Mapping[str, Any], criteria: tuple[Criterion, ...]) -> tuple[tuple[str, Words], ...]:
    found = body.get("groups") or {}
    if not isinstance(found, Mapping):
        raise ProgrammeError("groups: must map the key of each group to its title")
    groups = tuple(
        (fields.checked_key(key, "groups"), fields.checked_words(title, f"groups.{key}"))
        for key, title in found.items()
    )
    named = {answer.group for one in criteria for answer in one.answers if answer.group}
    if groups and (unknown := sorted(named - dict(groups).keys())):
        raise ProgrammeError(f"groups: {unknown[0]!r} is named by an option and not listed here")
    return groups


def _reserve(body: Any) -> Reserve:
    if body is None:
        return Reserve()
    fields.only(body, "reserve", {"share", "low_stock", "release_hours"})
    fields.number(body, "share", "reserve", 0, most=100)
    for name in ("low_stock", "release_hours"):
        fields.number(body, name, "reserve", 0)
    return reserve_of(body)
