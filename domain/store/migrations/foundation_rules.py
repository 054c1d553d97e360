"""What the first migration lets the database keep true: places taken (I1, I7), the audit trail (I9), views for reports.

It belongs to a migration that was released: what changes later is a later migration.
"""

from __future__ import annotations

CLAIMING = "('pending', 'booked', 'arrived', 'fulfilled')"

VIEWS = (
    "CREATE VIEW v_centre AS SELECT id, name, town, postcode, lat, lon, tz FROM centre",
    "CREATE VIEW v_slot AS SELECT id, centre_id, starts_at, capacity, overbook, taken FROM slot",
    "CREATE VIEW v_appointment AS SELECT id, slot_id, status, reference, channel, version FROM appointment",
)

_AUDIT = """INSERT INTO audit_event (at, actor, entity, entity_id, version, action)
    VALUES (NEW.updated_at, NEW.updated_by, 'appointment', NEW.id, NEW.version, NEW.status);"""

SQLITE = (
    f"""CREATE TRIGGER appointment_takes AFTER INSERT ON appointment WHEN NEW.status IN {CLAIMING}
    BEGIN UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id; END""",
    f"""CREATE TRIGGER appointment_leaves AFTER UPDATE OF status, slot_id ON appointment
    WHEN OLD.status IN {CLAIMING} AND (NEW.status NOT IN {CLAIMING} OR NEW.slot_id <> OLD.slot_id)
    BEGIN UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id; END""",
    f"""CREATE TRIGGER appointment_retakes AFTER UPDATE OF status, slot_id ON appointment
    WHEN NEW.status IN {CLAIMING} AND (OLD.status NOT IN {CLAIMING} OR NEW.slot_id <> OLD.slot_id)
    BEGIN UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id; END""",
    f"""CREATE TRIGGER appointment_vanishes AFTER DELETE ON appointment WHEN OLD.status IN {CLAIMING}
    BEGIN UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id; END""",
    f"CREATE TRIGGER appointment_added AFTER INSERT ON appointment BEGIN {_AUDIT} END",
    f"CREATE TRIGGER appointment_changed AFTER UPDATE ON appointment BEGIN {_AUDIT} END",
    """CREATE TRIGGER audit_event_stays BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit events are not changed'); END""",
)

POSTGRESQL = (
    f"""CREATE FUNCTION appointment_counts() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        leaves boolean := TG_OP <> 'INSERT' AND OLD.status IN {CLAIMING};
        takes boolean := TG_OP <> 'DELETE' AND NEW.status IN {CLAIMING};
    BEGIN
        IF leaves AND takes AND OLD.slot_id = NEW.slot_id THEN RETURN NULL; END IF;
        IF leaves THEN UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id; END IF;
        IF takes THEN UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id; END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER appointment_counts AFTER INSERT OR UPDATE OF status, slot_id OR DELETE ON appointment
    FOR EACH ROW EXECUTE FUNCTION appointment_counts()""",
    f"""CREATE FUNCTION appointment_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {_AUDIT} RETURN NULL; END $$""",
    """CREATE TRIGGER appointment_audit AFTER INSERT OR UPDATE ON appointment
    FOR EACH ROW EXECUTE FUNCTION appointment_audit()""",
    """CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit events are not changed'; END $$""",
    """CREATE TRIGGER audit_event_stays BEFORE UPDATE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_stays()""",
)
