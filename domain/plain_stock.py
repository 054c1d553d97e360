"""Our own plain list of stock: which lots of which product a centre has in its fridge, counted or just delivered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from domain.centre_rows import RefusedRow, lack, tidy
from domain.feed_rows import CountRow, Row

NEEDED = ("centre", "product", "lot", "expires_on", "doses")
COLUMNS = NEEDED
#: The column that no list of centres has, by which a list of stock is known.
MARK = "lot"
PRODUCT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
DOSES = re.compile(r"\d{1,7}")
LONGEST_LOT = 40


def plain_stock(row: Mapping[str, str], line: int) -> CountRow | RefusedRow:
    """Read one *row*, which stands on *line*: how many *doses* of a *lot* a *centre*, by key or name, has on hand."""
    cells = {column: tidy(cell) for column, cell in row.items()}
    expires_on = _day(cells.get("expires_on", ""))
    wrong = None
    if unknown := sorted(cells.keys() - set(COLUMNS)):
        wrong = lack(f"It has {{unknown}}, which is none of {', '.join(COLUMNS)}.", unknown=unknown[0])
    elif missing := [column for column in NEEDED if not cells.get(column)]:
        wrong = lack(f"It has no {missing[0]}.")
    elif not PRODUCT.fullmatch(cells["product"].casefold()):
        wrong = lack("Its product {product} is not a key such as comirnaty.", product=cells["product"])
    elif len(cells["lot"]) > LONGEST_LOT:
        wrong = lack(f"Its lot is longer than {LONGEST_LOT} signs.")
    elif not DOSES.fullmatch(cells["doses"]):
        wrong = lack("Its doses {doses} are no whole number.", doses=cells["doses"])
    elif expires_on is None:
        wrong = lack("Its expires_on {day} is no day such as 2027-03-31.", day=cells["expires_on"])
    if wrong is not None or expires_on is None:
        return (wrong or lack("It has no expires_on.")).refused(line=line, key=cells.get("centre", ""))
    return CountRow(
        line=line,
        centre=cells["centre"],
        product=cells["product"].casefold(),
        lot=cells["lot"],
        expires_on=expires_on,
        doses=int(cells["doses"]),
    )


def refuse_repeats(rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Yield *rows*, given with their lines, and refuse each count of a lot that an earlier one has counted."""
    lines: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        if not isinstance(row, CountRow):
            yield line, row
            continue
        first = lines.setdefault((row.centre, row.product, row.lot), line)
        again = lack("Its lot {lot} was counted in line {line}.", lot=row.lot, line=first)
        yield line, row if first == line else again.refused(line=line, key=row.centre)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
