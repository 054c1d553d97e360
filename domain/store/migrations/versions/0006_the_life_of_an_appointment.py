"""The life of an appointment: reminders, what people answer, consent to be written to, codes that link contacts."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from domain.store.types import Id, Moment

revision = "0006"
down_revision = "0005"

_KEPT = ("appointment_response", "consent")


def _added() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "conversation": (sa.Column("contact_id", Id), sa.Column("reminded_at", Moment())),
        "contact": (
            sa.Column("proven_at", Moment()),
            sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
            sa.Column("locked_until", Moment()),
            sa.Column("email", sa.LargeBinary()),
        ),
        "appointment": (
            sa.Column("moves", sa.Integer(), server_default="0", nullable=False),
            sa.Column("quiet", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        ),
        "outbox": (
            sa.Column("appointment_id", Id),
            sa.Column("version", sa.Integer()),
            sa.Column("until", Moment()),
        ),
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_contact_conversation_id", "contact", ["conversation_id"])
    op.create_index("ix_contact_patient_id", "contact", ["patient_id"])
    _reminders()
    _responses()
    _consents()
    _codes()
    for statement in _kept():
        op.execute(statement)


def _reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lease_until", Moment()),
        sa.Column("why", sa.String(length=40)),
        sa.Column("contact_id", Id),
        sa.Column("told_at", Moment()),
        sa.Column("answered_at", Moment()),
        sa.CheckConstraint("(state = 'told') = (told_at IS NOT NULL)", name=op.f("ck_reminder_told_at")),
        sa.CheckConstraint("state IN ('waiting', 'told', 'dropped')", name=op.f("ck_reminder_state")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_reminder_appointment_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_reminder_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("appointment_id", "version", "kind", name="uq_reminder_appointment_id_version_kind"),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_reminder_due_at", "reminder", ["due_at", "id"], sqlite_where=waiting, postgresql_where=waiting)
    unanswered = sa.text("state = 'told' AND answered_at IS NULL")
    op.create_index(
        "ix_reminder_unanswered", "reminder", ["contact_id"], sqlite_where=unanswered, postgresql_where=unanswered
    )


def _responses() -> None:
    op.create_table(
        "appointment_response",
        sa.Column("id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint(
            "status IN ('accepted', 'declined', 'tentative')", name=op.f("ck_appointment_response_status")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_appointment_response_appointment_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_appointment_response_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment_response"),
        sa.UniqueConstraint(
            "appointment_id", "version", "status", name="uq_appointment_response_appointment_id_version_status"
        ),
    )


def _consents() -> None:
    op.create_table(
        "consent",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.CheckConstraint("kind IN ('agreed', 'stopped', 'started')", name=op.f("ck_consent_kind")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_consent_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_contact_id", "consent", ["contact_id"])
    op.execute(
        "INSERT INTO consent (contact_id, at, kind, how) SELECT id, consented_at, 'agreed', 'chat' FROM contact"
        " WHERE consented_at IS NOT NULL"
    )
    op.execute(
        "INSERT INTO consent (contact_id, at, kind, how) SELECT id, stopped_at, 'stopped', coalesce(stop_reason, '')"
        " FROM contact WHERE stopped_at IS NOT NULL"
    )


def _codes() -> None:
    op.create_table(
        "link_code",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("other_id", Id),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("used_at", Moment()),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_link_code_contact_id"),
        sa.ForeignKeyConstraint(["other_id"], ["contact.id"], name="fk_link_code_other_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link_code"),
    )
    for column in ("contact_id", "other_id", "digest"):
        op.create_index(f"ix_link_code_{column}", "link_code", [column])


def _kept() -> Iterator[str]:
    """Make rows stay as they were written."""
    for table in _KEPT:
        if op.get_bind().dialect.name == "sqlite":
            for deed, name in (("UPDATE", "stays"), ("DELETE", "is_kept")):
                yield (
                    f"CREATE TRIGGER {table}_{name} BEFORE {deed} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept'); END"
                )
        else:
            yield (
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION is_kept()"
            )
