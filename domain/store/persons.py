"""Which people belong to a contact, as pieces of SQL: the person's own record, and those that they look after."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union

from domain.store.tables import contact, patient

_one, _same, _ward = contact.alias("one"), contact.alias("same"), patient.alias("ward")


def people_of(contact_id: Any, what: Any) -> Select[Any]:
    """Select in SQL *what* of all contacts that are the same person's as this one: those of its conversation."""
    wanted = _same.c[what.name]
    joined = select(wanted).join_from(_one, _same, _same.c.conversation_id == _one.c.conversation_id)
    return joined.where(_one.c.id == contact_id)


def ids_of(contact_id: Any) -> CompoundSelect[Any]:
    """Select in SQL the ids of the people of a contact: the person's own, and those that they look after."""
    cared_for = select(_ward.c.id).join_from(_one, _same, _same.c.conversation_id == _one.c.conversation_id)
    cared_for = cared_for.join(_ward, _ward.c.guardian_contact_id == _same.c.id).where(_one.c.id == contact_id)
    return union(people_of(contact_id, contact.c.patient_id), cared_for)


def is_of(contact_id: Any) -> ColumnElement[bool]:
    """Say in SQL that a patient is the person's own who writes from a contact, or one that they look after."""
    return patient.c.id.in_(ids_of(contact_id))
