"""Doses promised with places: chosen under the lock of what the centres have, before the appointments are written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.appointments import Appointment, Promise, Slot
from domain.patients import PatientId
from domain.ports import Store
from domain.priority import Terms
from domain.stock import NoDose, Wish, choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """Promises to *patient* on *terms*, at the moment *now*."""

    store: Store
    patient: PatientId
    terms: Terms
    now: datetime

    async def promised(self, slots: Sequence[Slot], own: Sequence[Appointment]) -> Sequence[Promise | None] | NoDose:
        """Choose a dose for each of *slots*, all or none; those of their *own* claims, which move there, are free.

        None stands for each slot where no doses are counted. The stock stays locked until the transaction ends.
        """
        uncounted: tuple[Promise | None, ...] = (None,) * len(slots)
        if not self.terms.products:
            return uncounted
        centres = {slot.centre.id for slot in (*slots, *(claim.slot for claim in own))}
        found = await self._choose(slots, own, centres)
        if isinstance(found, NoDose) and await self.store.appointments.release_lapsed(
            self.now, centres=centres, but_of=self.patient
        ):
            found = await self._choose(slots, own, centres)
        return uncounted if found is None else found

    async def _choose(
        self, slots: Sequence[Slot], own: Sequence[Appointment], centres: Collection[int]
    ) -> Sequence[Promise] | NoDose | None:
        held = [(claim.slot.centre.id, claim.promise) for claim in own if claim.promise is not None]
        products = sorted({*self.terms.products, *(promise.product for _, promise in held)})
        supplies = await self.store.stock.locked(centres, products)
        if supplies is None:
            return None
        for centre, promise in held:
            where = centre, promise.product
            if where in supplies:
                supplies[where] = supplies[where].with_back(promise.day, promise.group)
        wishes = [
            Wish(
                place=slot.centre.id, day=slot.day, is_released=slot.starts_at - self.terms.reserve.release <= self.now
            )
            for slot in slots
        ]
        return choose(wishes, self.terms, supplies)

    async def of_course(self, programme: str, but: Collection[str]) -> Doses:
        """Return the same with the one product that other doses of the course were of, where all must be the same."""
        if not self.terms.same_product:
            return self
        had = await self.store.stock.had(self.patient, programme, but=but)
        fitting = tuple(product for product in had if product in self.terms.products)[:1]
        return replace(self, terms=replace(self.terms, products=fitting)) if fitting else self


async def after(first: Slot, terms: Terms, store: Store) -> Terms:
    """Return the terms of the dose that follows one at *first*, which is of a product that could be had there too."""
    one = replace(terms, doses=1)
    if not terms.same_product:
        return one
    supplies = await store.stock.supplies([first.centre.id], terms.products)
    if supplies is None:
        return one
    fitting = tuple(
        product
        for product in terms.products
        if (supply := supplies.get((first.centre.id, product))) is not None
        and supply.can_promise(first.day, terms.doses + supply.kept_from(terms, is_released=True))
    )
    return replace(one, products=fitting or terms.products)
