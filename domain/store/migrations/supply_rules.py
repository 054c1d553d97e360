"""What the second migration lets the database keep true: doses on hand and promised (I5), and a trail that stays.

A promise for a day needs, for that day and every promised day before it, that all doses promised from then on can
come from lots that are still good then. The row of `stock` is locked first, so that promises of a product at a centre
are made one after another. A loss may always be recorded; it only stands in the way of new promises.
"""

from __future__ import annotations

_CLAIMING = "('pending', 'booked', 'arrived')"

_TOO_FEW = """EXISTS (
    SELECT 1 FROM stock_day s
    WHERE s.centre_id = {centre} AND s.product = NEW.product AND s.day <= NEW.product_day AND s.promised > 0
    AND (SELECT coalesce(sum(later.promised), 0) FROM stock_day later
        WHERE later.centre_id = s.centre_id AND later.product = s.product AND later.day >= s.day)
    > (SELECT coalesce(sum(lot.on_hand), 0) FROM lot
        WHERE lot.centre_id = s.centre_id AND lot.product = s.product AND lot.expires_on >= s.day))"""

_PROMISE = """INSERT INTO stock_day (centre_id, product, day, promised)
    VALUES ({centre}, NEW.product, NEW.product_day, 1)
    ON CONFLICT (centre_id, product, day) DO UPDATE SET promised = stock_day.promised + 1;"""
_RETURN = """UPDATE stock_day SET promised = promised - 1
    WHERE centre_id = {centre} AND product = OLD.product AND day = OLD.product_day;"""
_LOCKED = "PERFORM 1 FROM stock WHERE centre_id = place AND product = {row}.product FOR UPDATE;"

_OF_NEW, _OF_OLD = (f"(SELECT centre_id FROM slot WHERE id = {row}.slot_id)" for row in ("NEW", "OLD"))
_PROMISED = _PROMISE.format(centre=_OF_NEW)
_RETURNED = _RETURN.format(centre=_OF_OLD)
_CHECKED = f"SELECT RAISE(ABORT, 'stock is promised already') WHERE {_TOO_FEW.format(centre=_OF_NEW)};"
_HELD_BEFORE = f"OLD.product IS NOT NULL AND OLD.status IN {_CLAIMING}"
_HOLDS_NOW = f"NEW.product IS NOT NULL AND NEW.status IN {_CLAIMING}"
_MOVED = "(NEW.slot_id <> OLD.slot_id OR NEW.product IS NOT OLD.product OR NEW.product_day IS NOT OLD.product_day)"

SQLITE = (
    f"""CREATE TRIGGER appointment_promises AFTER INSERT ON appointment WHEN {_HOLDS_NOW}
    BEGIN {_PROMISED} {_CHECKED} END""",
    f"""CREATE TRIGGER appointment_gives_back AFTER UPDATE OF status, slot_id, product, product_day ON appointment
    WHEN {_HELD_BEFORE} AND NOT ({_HOLDS_NOW})
    BEGIN {_RETURNED} END""",
    f"""CREATE TRIGGER appointment_promises_again AFTER UPDATE OF status, slot_id, product, product_day ON appointment
    WHEN {_HOLDS_NOW} AND NOT ({_HELD_BEFORE})
    BEGIN {_PROMISED} {_CHECKED} END""",
    # In one trigger, since the order of several is nobody's promise: what is given back counts for what is taken.
    f"""CREATE TRIGGER appointment_promises_instead AFTER UPDATE OF status, slot_id, product, product_day ON appointment
    WHEN {_HOLDS_NOW} AND {_HELD_BEFORE} AND {_MOVED}
    BEGIN {_RETURNED} {_PROMISED} {_CHECKED} END""",
    f"""CREATE TRIGGER appointment_vanishes_with_dose AFTER DELETE ON appointment WHEN {_HELD_BEFORE}
    BEGIN {_RETURNED} END""",
    """CREATE TRIGGER stock_moves AFTER INSERT ON stock_movement
    BEGIN UPDATE lot SET on_hand = on_hand + NEW.quantity WHERE id = NEW.lot_id; END""",
    """CREATE TRIGGER stock_movement_stays BEFORE UPDATE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock movements are not changed'); END""",
    """CREATE TRIGGER stock_movement_is_kept BEFORE DELETE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock movements are not deleted'); END""",
    """CREATE TRIGGER audit_event_is_kept BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit events are not deleted'); END""",
)

POSTGRESQL = (
    f"""CREATE FUNCTION appointment_promises() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        gives boolean := TG_OP <> 'INSERT' AND OLD.product IS NOT NULL AND OLD.status IN {_CLAIMING};
        takes boolean := TG_OP <> 'DELETE' AND NEW.product IS NOT NULL AND NEW.status IN {_CLAIMING};
        place bigint;
    BEGIN
        IF gives AND takes AND OLD.slot_id = NEW.slot_id AND OLD.product = NEW.product
            AND OLD.product_day = NEW.product_day THEN RETURN NULL; END IF;
        IF gives THEN
            SELECT centre_id INTO place FROM slot WHERE id = OLD.slot_id;
            {_LOCKED.format(row="OLD")}
            {_RETURN.format(centre="place")}
        END IF;
        IF takes THEN
            SELECT centre_id INTO place FROM slot WHERE id = NEW.slot_id;
            {_LOCKED.format(row="NEW")}
            {_PROMISE.format(centre="place")}
            IF {_TOO_FEW.format(centre="place")} THEN
                RAISE EXCEPTION 'stock is promised already' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER appointment_promises AFTER INSERT OR UPDATE OF status, slot_id, product, product_day OR DELETE
    ON appointment FOR EACH ROW EXECUTE FUNCTION appointment_promises()""",
    """CREATE FUNCTION stock_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN UPDATE lot SET on_hand = on_hand + NEW.quantity WHERE id = NEW.lot_id; RETURN NULL; END $$""",
    """CREATE TRIGGER stock_moves AFTER INSERT ON stock_movement FOR EACH ROW EXECUTE FUNCTION stock_moves()""",
    """CREATE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of % are not changed or deleted', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER stock_movement_stays BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION is_kept()""",
    """CREATE TRIGGER audit_event_is_kept BEFORE DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION is_kept()""",
)
