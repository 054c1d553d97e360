"""What the third migration lets the database keep true: what is spare of each product, and for whom (I5).

`stock_span` is written anew with every change of a lot, of a promise or of the last count; a promise is refused where
its spans do not bear it, or where it would take what is allocated to another group and not released. The row of
`stock` is locked first, so that promises of a product at a centre are made one after another. What was promised for
days before the last count is in the count. Where stock is reported and not counted, what is told decides.
"""

from __future__ import annotations

_CLAIMING = "('pending', 'booked', 'arrived')"
_NEVER = {"sqlite": "'0001-01-01'", "postgresql": "DATE '0001-01-01'"}
_MOST = {"sqlite": "max", "postgresql": "greatest"}

_SPANS = """INSERT INTO stock_span (centre_id, product, after, until, spare)
    SELECT e.centre_id, e.product, e.after, e.until,
        (SELECT coalesce(sum(lot.on_hand), 0) FROM lot
            WHERE lot.centre_id = e.centre_id AND lot.product = e.product AND lot.expires_on > e.after)
        - (SELECT coalesce(sum(d.promised), 0) FROM stock_day d
            WHERE d.centre_id = e.centre_id AND d.product = e.product AND d.day > e.after AND d.day >= e.counted_on)
    FROM (SELECT DISTINCT l.centre_id, l.product, l.expires_on AS until,
            coalesce((SELECT max(b.expires_on) FROM lot b WHERE b.centre_id = l.centre_id AND b.product = l.product
                AND b.on_hand > 0 AND b.expires_on < l.expires_on), {never}) AS after,
            coalesce((SELECT s.counted_on FROM stock s
                WHERE s.centre_id = l.centre_id AND s.product = l.product), {never}) AS counted_on
        FROM lot l WHERE {of}l.on_hand > 0) e;"""
_OF = "l.centre_id = {centre} AND l.product = {product} AND "
_REBUILD = f"""DELETE FROM stock_span WHERE centre_id = {{centre}} AND product = {{product}};
    {_SPANS.format(of=_OF, never="{never}")}"""

_TOO_FEW = """NOT EXISTS (SELECT 1 FROM stock s
        WHERE s.centre_id = {centre} AND s.product = NEW.product AND s.reported) AND (
    NOT EXISTS (SELECT 1 FROM stock_span p
        WHERE p.centre_id = {centre} AND p.product = NEW.product AND p.until >= NEW.product_day)
    OR EXISTS (SELECT 1 FROM stock_span p
        WHERE p.centre_id = {centre} AND p.product = NEW.product AND p.after < NEW.product_day
        AND p.spare < (SELECT coalesce(sum({most}(0, a.quantity - a.promised)), 0) FROM allocation a
            WHERE a.centre_id = {centre} AND a.product = NEW.product AND NOT a.is_released
            AND a.group_key <> coalesce(NEW.priority_group, ''))))"""

_PROMISE = """INSERT INTO stock_day (centre_id, product, day, promised)
    VALUES ({centre}, NEW.product, NEW.product_day, 1)
    ON CONFLICT (centre_id, product, day) DO UPDATE SET promised = stock_day.promised + 1;
    UPDATE allocation SET promised = promised + 1
    WHERE centre_id = {centre} AND product = NEW.product AND group_key = NEW.priority_group;"""
_RETURN = """UPDATE stock_day SET promised = promised - 1
    WHERE centre_id = {centre} AND product = OLD.product AND day = OLD.product_day;
    UPDATE allocation SET promised = promised - 1
    WHERE centre_id = {centre} AND product = OLD.product AND group_key = OLD.priority_group;"""
_LOCKED = "PERFORM 1 FROM stock WHERE centre_id = place AND product = {row}.product FOR UPDATE;"

_OF_NEW, _OF_OLD = (f"(SELECT centre_id FROM slot WHERE id = {row}.slot_id)" for row in ("NEW", "OLD"))
_PROMISED = _PROMISE.format(centre=_OF_NEW)
_RETURNED = _RETURN.format(centre=_OF_OLD)
_CHECKED = f"SELECT RAISE(ABORT, 'stock is promised already') WHERE {_TOO_FEW.format(centre=_OF_NEW, most='max')};"
_HELD_BEFORE = f"OLD.product IS NOT NULL AND OLD.status IN {_CLAIMING}"
_HOLDS_NOW = f"NEW.product IS NOT NULL AND NEW.status IN {_CLAIMING}"
_COLUMNS = "status, slot_id, product, product_day, priority_group"
_MOVED = """(NEW.slot_id <> OLD.slot_id OR NEW.product IS NOT OLD.product OR NEW.product_day IS NOT OLD.product_day
    OR NEW.priority_group IS NOT OLD.priority_group)"""


def _rebuild(row: str) -> str:
    return _REBUILD.format(centre=f"{row}.centre_id", product=f"{row}.product", never=_NEVER["sqlite"])


SQLITE = (
    *(
        f"DROP TRIGGER {name}"
        for name in (
            "appointment_promises",
            "appointment_gives_back",
            "appointment_promises_again",
            "appointment_promises_instead",
            "appointment_vanishes_with_dose",
        )
    ),
    f"""CREATE TRIGGER appointment_promises AFTER INSERT ON appointment WHEN {_HOLDS_NOW}
    BEGIN {_PROMISED} {_CHECKED} END""",
    f"""CREATE TRIGGER appointment_gives_back AFTER UPDATE OF {_COLUMNS} ON appointment
    WHEN {_HELD_BEFORE} AND NOT ({_HOLDS_NOW})
    BEGIN {_RETURNED} END""",
    f"""CREATE TRIGGER appointment_promises_again AFTER UPDATE OF {_COLUMNS} ON appointment
    WHEN {_HOLDS_NOW} AND NOT ({_HELD_BEFORE})
    BEGIN {_PROMISED} {_CHECKED} END""",
    # In one trigger, since the order of several is nobody's promise: what is given back counts for what is taken.
    f"""CREATE TRIGGER appointment_promises_instead AFTER UPDATE OF {_COLUMNS} ON appointment
    WHEN {_HOLDS_NOW} AND {_HELD_BEFORE} AND {_MOVED}
    BEGIN {_RETURNED} {_PROMISED} {_CHECKED} END""",
    f"""CREATE TRIGGER appointment_vanishes_with_dose AFTER DELETE ON appointment WHEN {_HELD_BEFORE}
    BEGIN {_RETURNED} END""",
    f"CREATE TRIGGER stock_day_begins AFTER INSERT ON stock_day BEGIN {_rebuild('NEW')} END",
    f"CREATE TRIGGER stock_day_changes AFTER UPDATE OF promised ON stock_day BEGIN {_rebuild('NEW')} END",
    f"CREATE TRIGGER lot_changes AFTER UPDATE OF on_hand, expires_on ON lot BEGIN {_rebuild('NEW')} END",
    f"CREATE TRIGGER stock_is_counted AFTER UPDATE OF counted_on ON stock BEGIN {_rebuild('NEW')} END",
    """CREATE TRIGGER lot_begins AFTER INSERT ON lot BEGIN
    INSERT INTO stock (centre_id, product) VALUES (NEW.centre_id, NEW.product) ON CONFLICT DO NOTHING;
    UPDATE stock SET reported = NULL WHERE centre_id = NEW.centre_id AND product = NEW.product AND reported NOT NULL;
    END""",
)

POSTGRESQL = (
    f"""CREATE FUNCTION rebuild_spans(place bigint, what text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN {_REBUILD.format(centre="place", product="what", never=_NEVER["postgresql"])} END $$""",
    f"""CREATE OR REPLACE FUNCTION appointment_promises() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        gives boolean := TG_OP <> 'INSERT' AND OLD.product IS NOT NULL AND OLD.status IN {_CLAIMING};
        takes boolean := TG_OP <> 'DELETE' AND NEW.product IS NOT NULL AND NEW.status IN {_CLAIMING};
        place bigint;
    BEGIN
        IF gives AND takes AND OLD.slot_id = NEW.slot_id AND OLD.product = NEW.product
            AND OLD.product_day = NEW.product_day AND OLD.priority_group IS NOT DISTINCT FROM NEW.priority_group
            THEN RETURN NULL; END IF;
        IF gives THEN
            SELECT centre_id INTO place FROM slot WHERE id = OLD.slot_id;
            {_LOCKED.format(row="OLD")}
            {_RETURN.format(centre="place")}
        END IF;
        IF takes THEN
            SELECT centre_id INTO place FROM slot WHERE id = NEW.slot_id;
            {_LOCKED.format(row="NEW")}
            {_PROMISE.format(centre="place")}
            IF {_TOO_FEW.format(centre="place", most="greatest")} THEN
                RAISE EXCEPTION 'stock is promised already' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NULL;
    END $$""",
    "DROP TRIGGER appointment_promises ON appointment",
    f"""CREATE TRIGGER appointment_promises AFTER INSERT OR UPDATE OF {_COLUMNS} OR DELETE
    ON appointment FOR EACH ROW EXECUTE FUNCTION appointment_promises()""",
    """CREATE FUNCTION stock_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM rebuild_spans(NEW.centre_id, NEW.product); RETURN NULL; END $$""",
    """CREATE TRIGGER stock_day_changes AFTER INSERT OR UPDATE OF promised ON stock_day
    FOR EACH ROW EXECUTE FUNCTION stock_changes()""",
    """CREATE TRIGGER lot_changes AFTER UPDATE OF on_hand, expires_on ON lot
    FOR EACH ROW EXECUTE FUNCTION stock_changes()""",
    """CREATE TRIGGER stock_is_counted AFTER UPDATE OF counted_on ON stock
    FOR EACH ROW EXECUTE FUNCTION stock_changes()""",
    """CREATE FUNCTION lot_begins() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO stock (centre_id, product) VALUES (NEW.centre_id, NEW.product) ON CONFLICT DO NOTHING;
        UPDATE stock SET reported = NULL
        WHERE centre_id = NEW.centre_id AND product = NEW.product AND reported IS NOT NULL;
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER lot_begins AFTER INSERT ON lot FOR EACH ROW EXECUTE FUNCTION lot_begins()",
    """CREATE OR REPLACE FUNCTION stock_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM stock JOIN lot ON lot.centre_id = stock.centre_id AND lot.product = stock.product
            WHERE lot.id = NEW.lot_id FOR UPDATE OF stock;
        UPDATE lot SET on_hand = on_hand + NEW.quantity WHERE id = NEW.lot_id;
        RETURN NULL;
    END $$""",
)

#: What stood before: the rows of `stock` that lots now bring with them, and the spans of all.
FILL = {
    engine: (
        """INSERT INTO stock (centre_id, product) SELECT DISTINCT centre_id, product FROM lot WHERE true
            ON CONFLICT DO NOTHING""",
        _SPANS.format(of="", never=never).rstrip(";"),
    )
    for engine, never in _NEVER.items()
}
