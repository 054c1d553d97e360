"""Clinic days that fall out: what was closed, whose visits that concerns, and the places held for them instead."""

import sqlalchemy as sa
from alembic import op

from domain.store.types import Id, Moment

revision = "0011"
down_revision = "0010"

_LIVE = sa.text("state IN ('waiting', 'offered')")
_TO_DO = sa.text("state IN ('waiting', 'offered', 'withdrawing')")


def upgrade() -> None:
    op.create_table(
        "displacement",
        sa.Column("id", Id, nullable=False),
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("product", sa.String(length=40)),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.CheckConstraint("cause IN ('closed', 'ill', 'loss')", name=op.f("ck_displacement_cause")),
        sa.CheckConstraint("state IN ('open', 'done', 'undone')", name=op.f("ck_displacement_state")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_displacement_centre_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_displacement_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_displacement"),
    )
    op.create_index("ix_displacement_made_at", "displacement", ["centre_id", "made_at"])
    op.create_table(
        "displaced",
        sa.Column("id", Id, nullable=False),
        sa.Column("displacement_id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("slot_id", Id, nullable=False),
        sa.Column("visit_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("lease_until", Moment()),
        sa.Column("offered_at", Moment()),
        sa.Column("deadline_at", Moment()),
        sa.Column("contact_id", Id),
        sa.Column("telephoned_at", Moment()),
        sa.Column("telephoned_by", sa.String(length=60)),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by", sa.String(length=60)),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'withdrawing', 'moved', 'cancelled', 'lapsed', 'withdrawn')",
            name=op.f("ck_displaced_state"),
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'offered', 'withdrawing')) = (ended_at IS NULL)", name=op.f("ck_displaced_ended_at")
        ),
        sa.ForeignKeyConstraint(["displacement_id"], ["displacement.id"], name="fk_displaced_displacement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_displaced"),
    )
    op.create_index("ix_displaced_displacement_id", "displaced", ["displacement_id"])
    op.create_index("ix_displaced_to_do", "displaced", ["visit_at", "id"], sqlite_where=_TO_DO, postgresql_where=_TO_DO)
    op.create_index(
        "ux_displaced_live",
        "displaced",
        ["appointment_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "displaced_hold",
        sa.Column("displaced_id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["displaced_id"], ["displaced.id"], name="fk_displaced_hold_displaced_id"),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_displaced_hold_appointment_id"),
        sa.PrimaryKeyConstraint("displaced_id", "appointment_id", name="pk_displaced_hold"),
    )
