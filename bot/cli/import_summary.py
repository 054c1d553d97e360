"""What became of an import of centres: counted row by row, said in words or as JSON at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain import hours
from domain.centre_rows import CentreRow, RefusedRow
from domain.feed_rows import CountRow, Fault, Row, ScheduleRow, SlotRow, StockRow

REFUSED_SHOWN = 3
UNREAD_SHOWN = 10


@dataclass(slots=True)
class _Spelling:
    """Hours that could not be read: the centre that has them first, and on how many days they stand."""

    key: str
    name: str
    days: int = 0


@dataclass(slots=True)
class Summary:
    """All that is worth telling of *files*; it grows with the kinds of what happened, not with the rows."""

    files: Sequence[str]
    became: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    products: set[str] = field(default_factory=set)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    _unread: dict[str, _Spelling] = field(default_factory=dict)
    _refused: dict[str, list[tuple[str, RefusedRow]]] = field(default_factory=dict)
    _refused_counts: Counter[str] = field(default_factory=Counter)

    def note(self, row: Row, file: str) -> None:
        """Take a *row* of *file* into account."""
        match row:
            case CentreRow():
                self._note_centre(row)
            case StockRow():
                self.counts["stock"] += 1
                self.products.add(row.ndc)
            case CountRow():
                self.counts["counts"] += 1
            case ScheduleRow():
                self.counts["schedules"] += 1
            case SlotRow():
                self.counts["slots"] += 1
                self.counts["free slots"] += row.is_free
                self.counts["places"] += row.capacity if row.is_free else 0
            case RefusedRow():
                self._refused_counts[row.kind] += 1
                examples = self._refused.setdefault(row.kind, [])
                if len(examples) < REFUSED_SHOWN:
                    examples.append((file, row))
            case Fault():
                self.faults.append((file, row))

    def is_refused_whole(self) -> bool:
        """Say whether there were rows and none of them was taken."""
        return bool(self._refused_counts) and not any(
            self.counts[kind] for kind in ("centres", "stock", "counts", "slots")
        )

    def _note_centre(self, row: CentreRow) -> None:
        self.counts["centres"] += 1
        self.counts["centres without hours"] += not any(row.hours)
        for _, text in row.unread:
            self._unread.setdefault(text, _Spelling(row.key, row.name)).days += 1

    def unread(self) -> list[dict[str, Any]]:
        """Return the spellings that could not be read, those of most days first."""
        return [
            {"hours": text, "days": one.days, "why": _why(text), "key": one.key, "name": one.name}
            for text, one in sorted(self._unread.items(), key=lambda pair: (-pair[1].days, pair[0]))
        ]

    def refused(self) -> list[dict[str, Any]]:
        """Return why rows were refused, the reasons of most rows first, with the first rows of each."""
        return [
            {
                "why": kind,
                "rows": count,
                "first": [
                    {"file": file, "line": row.line, "key": row.key, "name": row.name, "why": row.why}
                    for file, row in self._refused[kind]
                ],
            }
            for kind, count in self._refused_counts.most_common()
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything for a program to read."""
        unread = self.unread()
        return {
            "read": self.counts["centres"],
            **{one: self.became[one] for one in ("added", "changed", "same")},
            "without_hours": self.counts["centres without hours"],
            "unread_days": sum(one["days"] for one in unread),
            "unread": unread,
            "stock": {"rows": self.counts["stock"], "products": len(self.products)},
            "schedules": self.counts["schedules"],
            "slots": {name: self.counts[key] for name, key in SLOTS},
            "stored": self.counts["stored"],
            "took_shipped_programme": bool(self.counts["shipped programmes"]),
            "refused_rows": self._refused_counts.total(),
            "refused": self.refused(),
            "faults": [
                {"file": file, "what": one.sentence, "count": one.count, "first": one.examples}
                for file, one in self.faults
            ],
        }

    def in_words(self, *, all_unread: bool) -> Iterator[str]:
        """Yield the lines that say it; *all_unread* adds the spellings that are not among the first."""
        became = self.became
        yield (
            f"Read {self.counts['centres']} centres: {became['added']} new, {became['changed']} changed,"
            f" {became['same']} as before."
        )
        if self.counts["shipped programmes"]:
            yield "There was no programme yet; took the shipped one."
            yield "Import your own with: frontdesk import programme FILE."
        yield from self._feed_in_words()
        if without := self.counts["centres without hours"]:
            yield f"{without} have no opening hours that can be read, and offer no places."
        yield from self._unread_in_words(None if all_unread else UNREAD_SHOWN)
        for file, fault in self.faults:
            yield f"Fault{self._place(' in ', file)}: {fault.sentence}"
            yield from (f"  {example}" for example in fault.examples)
        yield from self._refused_in_words()

    def of_stock_in_words(self) -> Iterator[str]:
        """Yield the lines that say what became of a list of stock."""
        yield from self._feed_in_words()
        for file, fault in self.faults:
            yield f"Fault{self._place(' in ', file)}: {fault.sentence}"
        yield from self._refused_in_words()

    def _feed_in_words(self) -> Iterator[str]:
        counts = self.counts
        if counts["stock"]:
            yield f"Read {counts['stock']:,} reports of stock, of {len(self.products)} products."
            yield f"Kept {counts['stored']:,} of these reports of stock."
        if counts["schedules"]:
            yield f"Read {counts['schedules']:,} schedules."
        if counts["slots"]:
            yield f"Read {counts['slots']:,} slots: {counts['free slots']:,} free, with {counts['places']:,} places."
        if counts["slots"]:
            yield "The slots are booked where the feed says, and are not offered here."

    def _unread_in_words(self, shown: int | None) -> Iterator[str]:
        unread = self.unread()
        if not unread:
            return
        days = sum(one["days"] for one in unread)
        yield (
            f"{days:,} days have hours that could not be read for certain, in {len(unread):,} spellings;"
            " nothing was guessed:"
        )
        for one in unread[:shown]:
            yield f"  {one['days']} × {one['hours']!r}: {one['why']} (first at {one['key']}, {one['name']})"
        if shown is not None and len(unread) > shown:
            yield f"  and {len(unread) - shown} more spellings: --list-unread prints all."

    def _refused_in_words(self) -> Iterator[str]:
        total = self._refused_counts.total()
        yield f"Refused {total:,} rows{':' if total else '.'}"
        for group in self.refused():
            if group["rows"] > 1:
                yield f"  {group['rows']:,} rows: {group['why']}"
            indent = "    " if group["rows"] > 1 else "  "
            for row in group["first"]:
                who = ", ".join(filter(None, (row["key"], row["name"])))
                yield f"{indent}{self._place('', row['file'], ' ')}line {row['line']} ({who}): {row['why']}"

    def _place(self, before: str, file: str, after: str = "") -> str:
        """Name the file, where there are several."""
        return f"{before}{file}{after}" if len(self.files) > 1 else ""


SLOTS = (("rows", "slots"), ("free", "free slots"), ("places", "places"))


def _why(text: str) -> str:
    read = hours.read_hours(text)
    return read.why if isinstance(read, hours.Unread) else ""
