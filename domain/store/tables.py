"""The tables. The first migration makes them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.store.types import Id, Moment, Sealed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

OPEN = "status IN ('pending', 'booked', 'arrived')"
CLAIMING = "('pending', 'booked', 'arrived', 'fulfilled')"
HAS_PLACE = "taken < capacity + overbook AND status = 'free'"
HAS_PUBLIC_PLACE = "taken < capacity + overbook - reserve AND status = 'free'"
QUEUED = "state = 'queued'"
WAITING = "state = 'waiting'"
UNDER_WAY = "state IN ('waiting', 'taken')"
TAKEN = "state = 'taken'"
THEIRS = "practitioner_id IS NOT NULL"
REQUESTED = "status = 'pending' AND requested_at IS NOT NULL"
UNANSWERED = "state = 'told' AND answered_at IS NULL"
GOING = "state = 'going'"
DISPLACED_LIVE = "state IN ('waiting', 'offered')"
DISPLACED_TO_DO = "state IN ('waiting', 'offered', 'withdrawing')"

secret = Table(
    "secret",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Sealed("secret.value"), nullable=False),
)

centre = Table(
    "centre",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("town_folded", Text, nullable=False, index=True),
    Column("postcode", String(16), nullable=False, index=True),
    Column("country", String(2), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("tz", String(40), nullable=False),
    Column("access_notes", Text, nullable=False, server_default=""),
    Column("step_free", Boolean),
    Column("professionals_only", Boolean, nullable=False, server_default=text("false")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="position"),
    Index("ix_centre_position", "lat", "lon"),
)

programme = Table(
    "programme",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
)

#: Every version that a programme had; rows are added and never changed.
programme_version = Table(
    "programme_version",
    metadata,
    Column("key", String(40), ForeignKey("programme.key"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
)

schedule = Table(
    "schedule",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre_id", Id, ForeignKey("centre.id"), nullable=False),
    Column("programme", String(40), ForeignKey("programme.key"), nullable=False),
    Column("rules", JSON, nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("ahead_days", Integer, nullable=False, server_default="0"),
    Column("policy", JSON),
    Column("practitioner_id", Id, ForeignKey("practitioner.id")),
    Index(
        "ux_schedule_centre",
        "centre_id",
        "programme",
        unique=True,
        sqlite_where=text("practitioner_id IS NULL"),
        postgresql_where=text("practitioner_id IS NULL"),
    ),
    Index(
        "ux_schedule_practitioner",
        "practitioner_id",
        "centre_id",
        "programme",
        unique=True,
        sqlite_where=text(THEIRS),
        postgresql_where=text(THEIRS),
    ),
)

#: Those who see patients, with what they are for in each language; *staff_id* is who of the staff each is.
practitioner = Table(
    "practitioner",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("specialities", JSON, nullable=False),
    Column("staff_id", Id, ForeignKey("staff.id"), index=True),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

#: Days on which something else holds than the weekly rules of a practitioner: nothing, or spans of some schedules.
shift = Table(
    "shift",
    metadata,
    Column("id", Id, primary_key=True),
    Column("practitioner_id", Id, ForeignKey("practitioner.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("schedule_id", Id, ForeignKey("schedule.id")),
    Column("rule", JSON(none_as_null=True)),
    Column("made_by", String(60), nullable=False),
    CheckConstraint("(schedule_id IS NULL) = (rule IS NULL)", name="rule"),
    Index("ix_shift_practitioner_id_day", "practitioner_id", "day"),
)

#: Where a practitioner is, in steps of five minutes since the epoch: kept by triggers on slots (I4).
occupancy = Table(
    "occupancy",
    metadata,
    Column("practitioner_id", Id, ForeignKey("practitioner.id"), primary_key=True),
    Column("tick", Id, primary_key=True),
    Column("slot_id", Id, nullable=False, index=True),
)

closure = Table(
    "closure",
    metadata,
    Column("centre_id", Id, ForeignKey("centre.id"), primary_key=True),
    Column("day", Date, primary_key=True),
)

slot = Table(
    "slot",
    metadata,
    Column("id", Id, primary_key=True),
    Column("schedule_id", Id, ForeignKey("schedule.id"), nullable=False),
    Column("centre_id", Id, ForeignKey("centre.id"), nullable=False),
    Column("programme", String(40), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("overbook", Integer, nullable=False, server_default="0"),
    Column("taken", Integer, nullable=False, server_default="0"),
    Column("status", String(20), nullable=False, server_default="free"),
    Column("reserve", Integer, nullable=False, server_default="0"),
    Column("release_at", Moment),
    Column("practitioner_id", Id),
    UniqueConstraint("schedule_id", "starts_at"),
    CheckConstraint("reserve BETWEEN 0 AND capacity", name="reserve"),
    CheckConstraint("taken BETWEEN 0 AND capacity + overbook", name="taken"),
    CheckConstraint("capacity >= 0 AND overbook >= 0", name="capacity"),
    CheckConstraint("status IN ('free', 'busy', 'busy-unavailable')", name="status"),
    CheckConstraint("starts_at < ends_at", name="span"),
    Index(
        "ix_slot_free",
        "centre_id",
        "programme",
        "starts_at",
        sqlite_where=text(HAS_PLACE),
        postgresql_where=text(HAS_PLACE),
    ),
    Index(
        "ix_slot_public",
        "centre_id",
        "programme",
        "starts_at",
        sqlite_where=text(HAS_PUBLIC_PLACE),
        postgresql_where=text(HAS_PUBLIC_PLACE),
    ),
    Index(
        "ix_slot_practitioner_id",
        "practitioner_id",
        "starts_at",
        sqlite_where=text(THEIRS),
        postgresql_where=text(THEIRS),
    ),
    Index(
        "ix_slot_release_at",
        "release_at",
        sqlite_where=text("reserve > 0"),
        postgresql_where=text("reserve > 0"),
    ),
)

patient = Table(
    "patient",
    metadata,
    Column("id", Id, primary_key=True),
    Column("guardian_contact_id", Id, index=True),
    Column("name", Sealed("patient.name"), nullable=False),
    Column("birth", Sealed("patient.birth"), nullable=False),
    Column("facts", Sealed("patient.facts"), nullable=False),
    Column("last_centre_id", Id, ForeignKey("centre.id")),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("state", Sealed("conversation.state"), nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("nudge_at", Moment),
    Column("contact_id", Id),
    Column("reminded_at", Moment),
    Column("language", String(5)),  # the one in the state, so that it can be asked for
    Index(
        "ix_conversation_nudge_at",
        "nudge_at",
        sqlite_where=text("nudge_at IS NOT NULL"),
        postgresql_where=text("nudge_at IS NOT NULL"),
    ),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("address", Sealed("contact.address"), nullable=False),
    Column("address_index", String(32), nullable=False),
    Column("patient_id", Id, ForeignKey("patient.id")),
    Column("conversation_id", Id, ForeignKey("conversation.id"), nullable=False),
    Column("consented_at", Moment),
    Column("stopped_at", Moment),
    Column("stop_reason", String(20)),
    Column("created_at", Moment, nullable=False),
    Column("proven_at", Moment),
    Column("misses", Integer, nullable=False, server_default="0"),
    Column("locked_until", Moment),
    Column("email", Sealed("contact.email")),
    UniqueConstraint("channel", "address_index"),
    Index("ix_contact_conversation_id", "conversation_id"),
    Index("ix_contact_patient_id", "patient_id"),
    CheckConstraint("channel IN ('telegram', 'whatsapp', 'sms')", name="channel"),
)

appointment = Table(
    "appointment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(12), nullable=False, unique=True),
    Column("patient_id", Id, ForeignKey("patient.id"), nullable=False, index=True),
    Column("slot_id", Id, ForeignKey("slot.id"), nullable=False, index=True),
    Column("course", String(90), nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("expires_at", Moment),
    Column("channel", String(20), nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("idempotency_key", String(120), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", String(60), nullable=False),
    Column("product", String(40)),
    Column("product_day", Date),
    Column("priority_group", String(40)),
    Column("moves", Integer, nullable=False, server_default="0"),
    Column("quiet", Boolean, nullable=False, server_default=text("false")),
    Column("requested_at", Moment),
    CheckConstraint("(product IS NULL) = (product_day IS NULL)", name="product"),
    CheckConstraint(
        "status IN ('pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'waitlist',"
        " 'entered-in-error')",
        name="status",
    ),
    CheckConstraint("(status = 'pending') = (expires_at IS NOT NULL)", name="hold_expires"),
    Index(
        "ux_appointment_open",
        "patient_id",
        "course",
        unique=True,
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
    Index(
        "ix_appointment_expires_at",
        "expires_at",
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
    Index(
        "ix_appointment_requested",
        "expires_at",
        sqlite_where=text(REQUESTED),
        postgresql_where=text(REQUESTED),
    ),
    sqlite_autoincrement=True,  # its ids stand in the audit trail for ever
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("entity", String(40), nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", String(40), nullable=False),
    UniqueConstraint("entity", "entity_id", "version"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("provider_id", String(80), nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("received_at", Moment, nullable=False, index=True),
    Column("payload", Sealed("inbox.payload")),
    UniqueConstraint("channel", "provider_id"),
    CheckConstraint("state IN ('done', 'waiting', 'dead')", name="state"),
    Index("ix_inbox_contact_id", "contact_id", "id"),
    Index("ix_inbox_waiting", "contact_id", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    sqlite_autoincrement=True,  # its ids stand in the keys of appointments
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("menu", Integer),
    Column("payload", Sealed("outbox.payload"), nullable=False),
    Column("provider_id", String(80), index=True),
    Column("error", String(60)),
    Column("sent_at", Moment),
    Column("appointment_id", Id),
    Column("version", Integer),
    Column("until", Moment),
    Column("handover_id", Id),
    CheckConstraint("state IN ('queued', 'sent', 'dead', 'dropped')", name="state"),
    Index("ix_outbox_contact_id", "contact_id", "id"),
    Index("ix_outbox_due", "priority", "next_at", "id", sqlite_where=text(QUEUED), postgresql_where=text(QUEUED)),
    Index("ix_outbox_queue", "contact_id", "id", sqlite_where=text(QUEUED), postgresql_where=text(QUEUED)),
    Index(
        "ix_outbox_menu",
        "contact_id",
        "menu",
        sqlite_where=text("menu IS NOT NULL"),
        postgresql_where=text("menu IS NOT NULL"),
    ),
)

receipt = Table(
    "receipt",
    metadata,
    Column("provider_id", String(80), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("error_code", String(10)),
    Column("at", Moment, nullable=False),
)

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id")),
    Column("state", String(10), nullable=False),
    Column("note", Sealed("task.note")),
    Column("opened_at", Moment, nullable=False),
    Column("centre_id", Id),
    Column("owner_id", Id),
    Column("lease_until", Moment),
    Column("closed_at", Moment),
    Column("closed_by", String(60)),
    Index(
        "ix_task_opened_at",
        "centre_id",
        "opened_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ux_task_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

#: People who want a person, who talks with them in which chat, and when what is due next: a call, or the desk goes on.
handover = Table(
    "handover",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("centre_id", Id, ForeignKey("centre.id")),
    Column("name", Sealed("handover.name")),
    Column("why", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("staff_id", Id, ForeignKey("staff.id")),
    Column("chat_id", Id, ForeignKey("contact.id")),
    Column("taken_at", Moment),
    Column("spoken_at", Moment),
    Column("done_at", Moment),
    Column("done_by", String(60)),
    CheckConstraint("why IN ('asked', 'stuck')", name="why"),
    CheckConstraint("state IN ('waiting', 'taken', 'done')", name="state"),
    CheckConstraint(
        "state <> 'taken' OR (staff_id IS NOT NULL AND chat_id IS NOT NULL AND taken_at IS NOT NULL)", name="taken"
    ),
    CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
    Index(
        "ux_handover_contact_id",
        "contact_id",
        unique=True,
        sqlite_where=text(UNDER_WAY),
        postgresql_where=text(UNDER_WAY),
    ),
    Index("ux_handover_staff_id", "staff_id", unique=True, sqlite_where=text(TAKEN), postgresql_where=text(TAKEN)),
    Index("ix_handover_chat_id", "chat_id", sqlite_where=text(TAKEN), postgresql_where=text(TAKEN)),
    Index(
        "ix_handover_next_at",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # its ids stand in messages on people's phones
)

content = Table(
    "content",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("sid", String(40), nullable=False),
    Column("approval", String(20)),
)

lot = Table(
    "lot",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre_id", Id, ForeignKey("centre.id"), nullable=False),
    Column("product", String(40), nullable=False),
    Column("number", String(40), nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("on_hand", Integer, nullable=False, server_default="0"),
    UniqueConstraint("centre_id", "product", "number"),
    CheckConstraint("on_hand >= 0", name="on_hand"),
)

stock_movement = Table(
    "stock_movement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lot_id", Id, ForeignKey("lot.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(60), nullable=False),
    CheckConstraint("kind IN ('delivery', 'used', 'loss', 'correction')", name="kind"),
    CheckConstraint("quantity <> 0 AND (kind <> 'delivery' OR quantity > 0)", name="quantity"),
)

stock_day = Table(
    "stock_day",
    metadata,
    Column("centre_id", Id, ForeignKey("centre.id"), primary_key=True),
    Column("product", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("promised", Integer, nullable=False),
    CheckConstraint("promised >= 0", name="promised"),
)

stock = Table(
    "stock",
    metadata,
    Column("centre_id", Id, ForeignKey("centre.id"), primary_key=True),
    Column("product", String(40), primary_key=True, index=True),
    Column("counted_on", Date),
    Column("reported", Boolean),
    Column("low", Integer),
    CheckConstraint("low >= 0", name="low"),
)

stock_span = Table(
    "stock_span",
    metadata,
    Column("centre_id", Id, ForeignKey("centre.id"), primary_key=True),
    Column("product", String(40), primary_key=True),
    Column("after", Date, primary_key=True),
    Column("until", Date, nullable=False),
    Column("spare", Integer, nullable=False),
)

allocation = Table(
    "allocation",
    metadata,
    Column("centre_id", Id, ForeignKey("centre.id"), primary_key=True),
    Column("product", String(40), primary_key=True),
    Column("group_key", String(40), primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("promised", Integer, nullable=False, server_default="0"),
    Column("release_at", Moment),
    Column("is_released", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("quantity >= 0 AND promised >= 0", name="quantity"),
    Index(
        "ix_allocation_release_at",
        "release_at",
        sqlite_where=text("NOT is_released"),
        postgresql_where=text("NOT is_released"),
    ),
)

recommendation = Table(
    "recommendation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("programme", String(40), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("state IN ('waiting', 'told', 'dropped')", name="state"),
    Index(
        "ix_recommendation_due_on",
        "due_on",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ux_recommendation_waiting",
        "contact_id",
        "programme",
        unique=True,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

#: What is to be said of an appointment as time passes. In FHIR's words a CommunicationRequest.
reminder = Table(
    "reminder",
    metadata,
    Column("id", Id, primary_key=True),
    Column("appointment_id", Id, ForeignKey("appointment.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("lease_until", Moment),
    Column("why", String(40)),
    Column("contact_id", Id, ForeignKey("contact.id")),
    Column("told_at", Moment),
    Column("answered_at", Moment),
    UniqueConstraint("appointment_id", "version", "kind"),
    CheckConstraint("state IN ('waiting', 'told', 'dropped')", name="state"),
    CheckConstraint("(state = 'told') = (told_at IS NOT NULL)", name="told_at"),
    Index("ix_reminder_due_at", "due_at", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    Index("ix_reminder_unanswered", "contact_id", sqlite_where=text(UNANSWERED), postgresql_where=text(UNANSWERED)),
    sqlite_autoincrement=True,  # its ids stand in messages on people's phones
)

#: What people said of an appointment, kept for ever.
appointment_response = Table(
    "appointment_response",
    metadata,
    Column("id", Id, primary_key=True),
    Column("appointment_id", Id, ForeignKey("appointment.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("appointment_id", "version", "status"),
    CheckConstraint("status IN ('accepted', 'declined', 'tentative')", name="status"),
)

#: When a contact agreed to be written to, stopped and took it up again: rows are added and never changed.
consent = Table(
    "consent",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("how", String(40), nullable=False),
    CheckConstraint("kind IN ('agreed', 'stopped', 'started')", name="kind"),
)

#: Codes by which somebody shows that a contact is theirs too; only a digest is kept.
link_code = Table(
    "link_code",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    Column("other_id", Id, ForeignKey("contact.id"), index=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("misses", Integer, nullable=False, server_default="0"),
    Column("used_at", Moment),
)

#: Codes that were sent to e-mail addresses; of one that is void only the time is kept.
mail_code = Table(
    "mail_code",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False, index=True),
    Column("address", Sealed("mail_code.address")),
    Column("digest", Sealed("mail_code.digest")),
    Column("made_at", Moment, nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("misses", Integer, nullable=False, server_default="0"),
    CheckConstraint("(address IS NULL) = (digest IS NULL)", name="void"),
)

#: Those who work at centres, by the contact they joined from, until they left.
staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("name", Sealed("staff.name")),
    Column("wants_digest", Boolean, nullable=False, server_default=text("true")),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("left_at", Moment),
    Column("left_by", String(60)),
    Index(
        "ux_staff_contact_id",
        "contact_id",
        unique=True,
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
)

#: What they are at which centre, at all of them where none is named. In FHIR's words PractitionerRole.
staff_post = Table(
    "staff_post",
    metadata,
    Column("id", Id, primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("centre_id", Id, ForeignKey("centre.id"), index=True),
    CheckConstraint("role IN ('administrator', 'manager', 'clinician', 'reception')", name="role"),
)

#: Codes by which somebody becomes a member of staff, once; only a digest is kept.
staff_invite = Table(
    "staff_invite",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("centres", JSON),
    Column("name", Sealed("staff_invite.name")),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("staff_id", Id, ForeignKey("staff.id")),
    Column("practitioner_id", Id),
)

#: Chats of whole teams, to which the messages of a centre go too.
staff_group = Table(
    "staff_group",
    metadata,
    Column("contact_id", Id, ForeignKey("contact.id"), primary_key=True),
    Column("centre_id", Id, ForeignKey("centre.id"), primary_key=True, index=True),
)

#: Who of the staff looked at what of a patient; rows are added and never changed. In FHIR's words AuditEvent (read).
access_event = Table(
    "access_event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("action", String(40), nullable=False),
    Column("entity", String(40), nullable=False),
    Column("entity_id", Id, nullable=False, index=True),
)

#: When a centre's digests come: at which wall time on which days of the week (Monday is 0), and next at which moment.
digest_plan = Table(
    "digest_plan",
    metadata,
    Column("centre_id", Id, ForeignKey("centre.id"), primary_key=True),
    Column("at", String(5), nullable=False),
    Column("weekdays", JSON, nullable=False),
    Column("next_at", Moment, index=True),
)

#: Digests as they were queued: each once for a centre, a contact, a kind and a day. *menu* is the number under which
#: it stands in the conversation; one that is lost waits for another way.
digest = Table(
    "digest",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre_id", Id, ForeignKey("centre.id"), nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("day", Date, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("menu", Integer),
    Column("lost_at", Moment),
    UniqueConstraint("centre_id", "contact_id", "kind", "day"),
    CheckConstraint("kind IN ('daily', 'weekly', 'monthly')", name="kind"),
    Index("ix_digest_contact_id_menu", "contact_id", "menu"),
    Index(
        "ix_digest_lost_at",
        "lost_at",
        sqlite_where=text("lost_at IS NOT NULL"),
        postgresql_where=text("lost_at IS NOT NULL"),
    ),
)

#: What people were given at visits. In FHIR's words an Immunization, where it has a product.
serving = Table(
    "serving",
    metadata,
    Column("id", Id, primary_key=True),
    Column("appointment_id", Id, ForeignKey("appointment.id"), nullable=False),
    Column("product", String(40)),
    Column("lot_id", Id, ForeignKey("lot.id")),
    Column("status", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("undone_at", Moment),
    Column("undone_by", String(60)),
    CheckConstraint("status IN ('completed', 'entered-in-error')", name="status"),
    CheckConstraint("(status = 'completed') = (undone_at IS NULL)", name="undone_at"),
    CheckConstraint("(product IS NULL) = (lot_id IS NULL)", name="product"),
    Index(
        "ux_serving_appointment_id",
        "appointment_id",
        unique=True,
        sqlite_where=text("status = 'completed'"),
        postgresql_where=text("status = 'completed'"),
    ),
)

#: Messages to many: to whom, what, by whom, and how it went. In FHIR's words a CommunicationRequest to a Group.
broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre_id", Id, ForeignKey("centre.id"), nullable=False, index=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("audience", JSON, nullable=False),
    Column("texts", Sealed("broadcast.texts"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("rate", Integer, nullable=False, server_default="5"),
    Column("next_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("paused_at", Moment),
    Column("ended_at", Moment),
    Column("ended_by", String(60)),
    Column("told_at", Moment),
    Column("counts", JSON),
    CheckConstraint("state IN ('going', 'stopped', 'done')", name="state"),
    CheckConstraint("rate > 0", name="rate"),
    Index("ix_broadcast_next_at", "next_at", sqlite_where=text(GOING), postgresql_where=text(GOING)),
    Index("ix_broadcast_untold", "id", sqlite_where=text("told_at IS NULL"), postgresql_where=text("told_at IS NULL")),
)

#: Each person whom a broadcast is meant for, once, and the message that went to them.
broadcast_recipient = Table(
    "broadcast_recipient",
    metadata,
    Column("broadcast_id", Id, ForeignKey("broadcast.id"), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversation.id"), primary_key=True, index=True),
    Column("state", String(10), nullable=False),
    Column("why", String(20)),
    Column("outbox_id", Id, ForeignKey("outbox.id")),
    CheckConstraint("state IN ('waiting', 'queued', 'left-out')", name="state"),
    CheckConstraint("(state = 'queued') = (outbox_id IS NOT NULL)", name="outbox_id"),
    Index("ix_broadcast_recipient_outbox_id", "outbox_id", unique=True),
    Index(
        "ix_broadcast_recipient_waiting",
        "broadcast_id",
        "conversation_id",
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
)

#: Something that fell out: a span at a centre, or doses of a product that are lost; who did it is told how it went.
displacement = Table(
    "displacement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre_id", Id, ForeignKey("centre.id"), nullable=False),
    Column("cause", String(10), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("product", String(40)),
    Column("contact_id", Id, ForeignKey("contact.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("cause IN ('closed', 'ill', 'loss')", name="cause"),
    CheckConstraint("state IN ('open', 'done', 'undone')", name="state"),
    Index("ix_displacement_made_at", "centre_id", "made_at"),
)

#: Whose visit that concerns. Nothing refers to the appointment, so that whoever closes waits for no patient's turn.
displaced = Table(
    "displaced",
    metadata,
    Column("id", Id, primary_key=True),
    Column("displacement_id", Id, ForeignKey("displacement.id"), nullable=False, index=True),
    Column("appointment_id", Id, nullable=False),
    Column("slot_id", Id, nullable=False),
    Column("visit_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),
    Column("lease_until", Moment),
    Column("offered_at", Moment),
    Column("deadline_at", Moment),
    Column("contact_id", Id),
    Column("telephoned_at", Moment),
    Column("telephoned_by", String(60)),
    Column("ended_at", Moment),
    Column("ended_by", String(60)),
    CheckConstraint(
        "state IN ('waiting', 'offered', 'withdrawing', 'moved', 'cancelled', 'lapsed', 'withdrawn')", name="state"
    ),
    CheckConstraint("(state IN ('waiting', 'offered', 'withdrawing')) = (ended_at IS NULL)", name="ended_at"),
    Index(
        "ix_displaced_to_do",
        "visit_at",
        "id",
        sqlite_where=text(DISPLACED_TO_DO),
        postgresql_where=text(DISPLACED_TO_DO),
    ),
    Index(
        "ux_displaced_live",
        "appointment_id",
        unique=True,
        sqlite_where=text(DISPLACED_LIVE),
        postgresql_where=text(DISPLACED_LIVE),
    ),
)

#: Places held for somebody instead of a visit that fell out: appointments in `pending`, each a course of its own.
displaced_hold = Table(
    "displaced_hold",
    metadata,
    Column("displaced_id", Id, ForeignKey("displaced.id"), primary_key=True),
    Column("appointment_id", Id, ForeignKey("appointment.id"), primary_key=True),
)
