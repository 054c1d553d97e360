"""Hand-overs: people who want a person, who talks with them, and which messages went through on the way."""

import sqlalchemy as sa
from alembic import op

from domain.store.types import Id, Moment

revision = "0012"
down_revision = "0011"

_OPEN = sa.text("state IN ('waiting', 'taken')")
_TAKEN = sa.text("state = 'taken'")
_DUE = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("centre_id", Id),
        sa.Column("name", sa.LargeBinary()),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("calls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", Moment()),
        sa.Column("staff_id", Id),
        sa.Column("chat_id", Id),
        sa.Column("taken_at", Moment()),
        sa.Column("spoken_at", Moment()),
        sa.Column("done_at", Moment()),
        sa.Column("done_by", sa.String(length=60)),
        sa.CheckConstraint("why IN ('asked', 'stuck')", name=op.f("ck_handover_why")),
        sa.CheckConstraint("state IN ('waiting', 'taken', 'done')", name=op.f("ck_handover_state")),
        sa.CheckConstraint(
            "state <> 'taken' OR (staff_id IS NOT NULL AND chat_id IS NOT NULL AND taken_at IS NOT NULL)",
            name=op.f("ck_handover_taken"),
        ),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_handover_done")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_handover_contact_id"),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_handover_centre_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_handover_staff_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["contact.id"], name="fk_handover_chat_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ux_handover_contact_id",
        "handover",
        ["contact_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "ux_handover_staff_id", "handover", ["staff_id"], unique=True, sqlite_where=_TAKEN, postgresql_where=_TAKEN
    )
    op.create_index("ix_handover_chat_id", "handover", ["chat_id"], sqlite_where=_TAKEN, postgresql_where=_TAKEN)
    op.create_index("ix_handover_next_at", "handover", ["next_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    op.add_column("outbox", sa.Column("handover_id", Id))
    op.create_index("ix_inbox_contact_id", "inbox", ["contact_id", "id"])
    op.create_index("ix_outbox_contact_id", "outbox", ["contact_id", "id"])
