"""The foundation: centres, slots, people, appointments, inbox, outbox."""

import sqlalchemy as sa
from alembic import op

from domain.store.migrations.foundation_rules import POSTGRESQL, SQLITE, VIEWS
from domain.store.types import Id, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sa.UniqueConstraint("entity", "entity_id", "version", name="uq_audit_event_entity_entity_id_version"),
    )
    op.create_table(
        "centre",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("town_folded", sa.Text(), nullable=False),
        sa.Column("postcode", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("tz", sa.String(length=40), nullable=False),
        sa.Column("access_notes", sa.Text(), server_default="", nullable=False),
        sa.Column("professionals_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name=op.f("ck_centre_position")),
        sa.PrimaryKeyConstraint("id", name="pk_centre"),
        sa.UniqueConstraint("key", name="uq_centre_key"),
    )
    op.create_index("ix_centre_position", "centre", ["lat", "lon"], unique=False)
    op.create_index("ix_centre_postcode", "centre", ["postcode"], unique=False)
    op.create_index("ix_centre_town_folded", "centre", ["town_folded"], unique=False)
    op.create_table(
        "content",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_content"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", Id, nullable=False),
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("nudge_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
    )
    op.create_index(
        "ix_conversation_nudge_at",
        "conversation",
        ["nudge_at"],
        unique=False,
        sqlite_where=sa.text("nudge_at IS NOT NULL"),
        postgresql_where=sa.text("nudge_at IS NOT NULL"),
    )
    op.create_table(
        "programme",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_programme"),
    )
    op.create_table(
        "receipt",
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=10), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", name="pk_receipt"),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secret"),
    )
    op.create_table(
        "closure",
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_closure_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", "day", name="pk_closure"),
    )
    op.create_table(
        "patient",
        sa.Column("id", Id, nullable=False),
        sa.Column("guardian_contact_id", Id, nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("birth", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("last_centre_id", Id, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["last_centre_id"], ["centre.id"], name="fk_patient_last_centre_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patient"),
    )
    op.create_index("ix_patient_guardian_contact_id", "patient", ["guardian_contact_id"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("id", Id, nullable=False),
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ahead_days", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_schedule_centre_id"),
        sa.ForeignKeyConstraint(["programme"], ["programme.key"], name="fk_schedule_programme"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
        sa.UniqueConstraint("centre_id", "programme", name="uq_schedule_centre_id_programme"),
    )
    op.create_table(
        "contact",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.String(length=32), nullable=False),
        sa.Column("patient_id", Id, nullable=True),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("consented_at", Moment(), nullable=True),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.Column("stop_reason", sa.String(length=20), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("channel IN ('telegram', 'whatsapp', 'sms')", name=op.f("ck_contact_channel")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_contact_conversation_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_contact_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("channel", "address_index", name="uq_contact_channel_address_index"),
    )
    op.create_table(
        "slot",
        sa.Column("id", Id, nullable=False),
        sa.Column("schedule_id", Id, nullable=False),
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("overbook", sa.Integer(), server_default="0", nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.String(length=20), server_default="free", nullable=False),
        sa.CheckConstraint("status IN ('free', 'busy', 'busy-unavailable')", name=op.f("ck_slot_status")),
        sa.CheckConstraint("capacity >= 0 AND overbook >= 0", name=op.f("ck_slot_capacity")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_slot_span")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity + overbook", name=op.f("ck_slot_taken")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_slot_centre_id"),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name="fk_slot_schedule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_slot"),
        sa.UniqueConstraint("schedule_id", "starts_at", name="uq_slot_schedule_id_starts_at"),
    )
    op.create_index(
        "ix_slot_free",
        "slot",
        ["centre_id", "programme", "starts_at"],
        unique=False,
        sqlite_where=sa.text("taken < capacity + overbook AND status = 'free'"),
        postgresql_where=sa.text("taken < capacity + overbook AND status = 'free'"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", Id, nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("patient_id", Id, nullable=False),
        sa.Column("slot_id", Id, nullable=False),
        sa.Column("course", sa.String(length=90), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("updated_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint("(status = 'pending') = (expires_at IS NOT NULL)", name=op.f("ck_appointment_hold_expires")),
        sa.CheckConstraint(
            "status IN ('pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'waitlist', 'entered-in-error')",
            name=op.f("ck_appointment_status"),
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_appointment_contact_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_appointment_patient_id"),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name="fk_appointment_slot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
        sa.UniqueConstraint("idempotency_key", name="uq_appointment_idempotency_key"),
        sa.UniqueConstraint("reference", name="uq_appointment_reference"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_appointment_expires_at",
        "appointment",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("ix_appointment_patient_id", "appointment", ["patient_id"], unique=False)
    op.create_index("ix_appointment_slot_id", "appointment", ["slot_id"], unique=False)
    op.create_index(
        "ux_appointment_open",
        "appointment",
        ["patient_id", "course"],
        unique=True,
        sqlite_where=sa.text("status IN ('pending', 'booked', 'arrived')"),
        postgresql_where=sa.text("status IN ('pending', 'booked', 'arrived')"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('done', 'waiting', 'dead')", name=op.f("ck_inbox_state")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_inbox_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "provider_id", name="uq_inbox_channel_provider_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], unique=False)
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["contact_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("menu", sa.Integer(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=True),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'sent', 'dead', 'dropped')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_outbox_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["priority", "next_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_outbox_menu",
        "outbox",
        ["contact_id", "menu"],
        unique=False,
        sqlite_where=sa.text("menu IS NOT NULL"),
        postgresql_where=sa.text("menu IS NOT NULL"),
    )
    op.create_index("ix_outbox_provider_id", "outbox", ["provider_id"], unique=False)
    op.create_index(
        "ix_outbox_queue",
        "outbox",
        ["contact_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "task",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("contact_id", Id, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_task_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index(
        "ux_task_open",
        "task",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    for statement in (SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL) + VIEWS:
        op.execute(sa.text(statement.replace(":", r"\:")))
