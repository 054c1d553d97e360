"""What lets the database keep true that a practitioner is never in two places (I4).

Each slot of a practitioner takes every five minutes, counted since the epoch, that it touches; a closed one takes none.
The primary key of `occupancy` refuses those that another slot has. It belongs to a migration that was released.
"""

from __future__ import annotations

_STEP = 300  # seconds
_TAKES = "{row}.practitioner_id IS NOT NULL AND {row}.status <> 'busy-unavailable'"
_DIGITS = " UNION ALL ".join(f"SELECT {digit} AS n" for digit in range(10))
#: Numbers from 0 to 999, since a trigger of SQLite may not recur: slots are at most three days long.
_NUMBERS = f"(SELECT a.n + 10 * b.n + 100 * c.n AS n FROM ({_DIGITS}) a, ({_DIGITS}) b, ({_DIGITS}) c) step"
_SECONDS = "CAST(strftime('%s', NEW.{column}) AS INTEGER)"
_FIRST = f"{_SECONDS.format(column='starts_at')} / {_STEP}"
_UNTIL = f"({_SECONDS.format(column='ends_at')} + {_STEP - 1}) / {_STEP}"
_TAKE = f"""INSERT INTO occupancy (practitioner_id, tick, slot_id)
    SELECT NEW.practitioner_id, {_FIRST} + step.n, NEW.id FROM {_NUMBERS} WHERE {_FIRST} + step.n < {_UNTIL};"""
_FREE = "DELETE FROM occupancy WHERE slot_id = OLD.id;"
_CHANGES = "status, starts_at, ends_at, practitioner_id"

SQLITE = (
    f"CREATE TRIGGER slot_occupies AFTER INSERT ON slot WHEN {_TAKES.format(row='NEW')} BEGIN {_TAKE} END",
    f"""CREATE TRIGGER slot_frees AFTER UPDATE OF {_CHANGES} ON slot
    WHEN OLD.practitioner_id IS NOT NULL AND NOT ({_TAKES.format(row="NEW")}) BEGIN {_FREE} END""",
    f"""CREATE TRIGGER slot_occupies_again AFTER UPDATE OF {_CHANGES} ON slot
    WHEN {_TAKES.format(row="NEW")} BEGIN {_FREE} {_TAKE} END""",
    f"CREATE TRIGGER slot_vanishes AFTER DELETE ON slot WHEN OLD.practitioner_id IS NOT NULL BEGIN {_FREE} END",
)

POSTGRESQL = (
    f"""CREATE FUNCTION slot_occupies() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.practitioner_id IS NOT NULL THEN {_FREE} END IF;
        IF TG_OP <> 'DELETE' AND {_TAKES.format(row="NEW")} THEN
            INSERT INTO occupancy (practitioner_id, tick, slot_id)
            SELECT NEW.practitioner_id, tick, NEW.id FROM generate_series(
                floor(extract(epoch FROM NEW.starts_at) / {_STEP})::bigint,
                ceil(extract(epoch FROM NEW.ends_at) / {_STEP})::bigint - 1) AS tick;
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER slot_occupies AFTER INSERT ON slot
    FOR EACH ROW WHEN (NEW.practitioner_id IS NOT NULL) EXECUTE FUNCTION slot_occupies()""",
    f"""CREATE TRIGGER slot_occupies_again AFTER UPDATE OF {_CHANGES} ON slot FOR EACH ROW
    WHEN (OLD.practitioner_id IS NOT NULL OR NEW.practitioner_id IS NOT NULL) EXECUTE FUNCTION slot_occupies()""",
    """CREATE TRIGGER slot_vanishes AFTER DELETE ON slot
    FOR EACH ROW WHEN (OLD.practitioner_id IS NOT NULL) EXECUTE FUNCTION slot_occupies()""",
)
