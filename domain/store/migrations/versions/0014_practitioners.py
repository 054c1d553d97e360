"""Practitioners: their schedules, slots and shifts, what keeps each in one place (I4), and requests that they answer."""

import sqlalchemy as sa
from alembic import op

from domain.store.migrations.occupancy_rules import POSTGRESQL, SQLITE
from domain.store.types import Id, Moment

revision = "0014"
down_revision = "0015"


def upgrade() -> None:
    _practitioners()
    _schedules()
    _shifts()
    _occupancy()
    _requests()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _practitioners() -> None:
    op.create_table(
        "practitioner",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("specialities", sa.JSON(), nullable=False),
        sa.Column("staff_id", Id),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_practitioner_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_practitioner"),
        sa.UniqueConstraint("key", name="uq_practitioner_key"),
    )
    op.create_index("ix_practitioner_staff_id", "practitioner", ["staff_id"])


def _schedules() -> None:
    """Let a centre have a schedule of a programme for each practitioner beside one for none of them."""
    with op.batch_alter_table("schedule") as schedule:
        schedule.add_column(sa.Column("practitioner_id", Id))
        schedule.drop_constraint("uq_schedule_centre_id_programme", type_="unique")
        schedule.create_foreign_key("fk_schedule_practitioner_id", "practitioner", ["practitioner_id"], ["id"])
    for name, columns, where in (
        ("ux_schedule_centre", ["centre_id", "programme"], "practitioner_id IS NULL"),
        (
            "ux_schedule_practitioner",
            ["practitioner_id", "centre_id", "programme"],
            "practitioner_id IS NOT NULL",
        ),
    ):
        only = sa.text(where)
        op.create_index(name, "schedule", columns, unique=True, sqlite_where=only, postgresql_where=only)


def _shifts() -> None:
    op.create_table(
        "shift",
        sa.Column("id", Id, nullable=False),
        sa.Column("practitioner_id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("schedule_id", Id),
        sa.Column("rule", sa.JSON()),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint("(schedule_id IS NULL) = (rule IS NULL)", name=op.f("ck_shift_rule")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name="fk_shift_practitioner_id"),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name="fk_shift_schedule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shift"),
    )
    op.create_index("ix_shift_practitioner_id_day", "shift", ["practitioner_id", "day"])


def _occupancy() -> None:
    """Columns of slots stay without a foreign key, which SQLite cannot add; occupancy has it for them."""
    op.add_column("slot", sa.Column("practitioner_id", Id))
    theirs = sa.text("practitioner_id IS NOT NULL")
    op.create_index(
        "ix_slot_practitioner_id",
        "slot",
        ["practitioner_id", "starts_at"],
        sqlite_where=theirs,
        postgresql_where=theirs,
    )
    op.create_table(
        "occupancy",
        sa.Column("practitioner_id", Id, nullable=False),
        sa.Column("tick", Id, nullable=False),
        sa.Column("slot_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name="fk_occupancy_practitioner_id"),
        sa.PrimaryKeyConstraint("practitioner_id", "tick", name="pk_occupancy"),
    )
    op.create_index("ix_occupancy_slot_id", "occupancy", ["slot_id"])


def _requests() -> None:
    op.add_column("appointment", sa.Column("requested_at", Moment()))
    requested = sa.text("status = 'pending' AND requested_at IS NOT NULL")
    op.create_index(
        "ix_appointment_requested",
        "appointment",
        ["expires_at"],
        sqlite_where=requested,
        postgresql_where=requested,
    )
    op.add_column("staff_invite", sa.Column("practitioner_id", Id))
