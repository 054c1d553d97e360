"""Column types: aware UTC moments, sealed values, and integers that count up on both engines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, LargeBinary, String, type_coerce
from sqlalchemy.types import TypeDecorator, TypeEngine

from domain.store.sealing import Keyring, SealError

#: An id that the database counts up.
Id = BigInteger().with_variant(Integer(), "sqlite")

#: The keys that sealed columns use; set once, when the database is opened.
KEYS = Keyring()


class Moment(TypeDecorator[datetime]):
    """An aware moment: timestamptz on PostgreSQL, sortable ISO text with offset on SQLite; refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone; this datetime is naive")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


class Sealed(TypeDecorator[Any]):
    """A JSON value stored encrypted; *column* is authenticated with it."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return KEYS.seal(text.encode(), self.column)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(KEYS.open(bytes(value), self.column))


def unopened(column: ColumnElement[Any]) -> ColumnElement[bytes]:
    """Return a sealed *column* as it lies there, for rows of several people: one that is broken must not fail all."""
    return type_coerce(column, LargeBinary)


def opened(value: bytes | None, column: ColumnElement[Any]) -> Any:
    """Open a *value* of a sealed *column* that was read `unopened`; None when that cannot be done."""
    kind = column.type
    assert isinstance(kind, Sealed)  # noqa: S101  no other column is read so
    try:
        return None if value is None else json.loads(KEYS.open(bytes(value), kind.column))
    except (SealError, ValueError):
        return None
