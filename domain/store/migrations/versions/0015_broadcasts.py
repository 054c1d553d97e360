"""Broadcasts and whom they go to; the language of a conversation beside its sealed state, so that it can be asked for."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from domain.store.sealing import SealError
from domain.store.types import KEYS, Id, Moment

revision = "0015"
down_revision = "0013"

_GOING = sa.text("state = 'going'")
_UNTOLD = sa.text("told_at IS NULL")
_WAITING = sa.text("state = 'waiting'")
_AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("conversation", sa.Column("language", sa.String(length=5)))
    _take_languages_out()
    _broadcasts()
    _recipients()


def _take_languages_out() -> None:
    """Read the language of each conversation; of one that cannot be opened it comes with the next message."""
    connection, last = op.get_bind(), 0
    found = sa.text("SELECT id, state FROM conversation WHERE id > :last ORDER BY id LIMIT :most")
    keep = sa.text("UPDATE conversation SET language = :language WHERE id = :id")
    while rows := connection.execute(found, {"last": last, "most": _AT_ONCE}).all():
        last = rows[-1].id
        known = [{"id": row.id, "language": language} for row in rows if (language := _language_in(row.state))]
        if known:
            connection.execute(keep, known)


def _language_in(state: Any) -> str | None:
    try:
        body = json.loads(KEYS.open(bytes(state), "conversation.state"))
    except (SealError, ValueError):
        return None
    language = body.get("language")
    return language if isinstance(language, str) else None


def _broadcasts() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", Id, nullable=False),
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("staff_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rate", sa.Integer(), server_default="5", nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("paused_at", Moment()),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by", sa.String(length=60)),
        sa.Column("told_at", Moment()),
        sa.Column("counts", sa.JSON()),
        sa.CheckConstraint("state IN ('going', 'stopped', 'done')", name=op.f("ck_broadcast_state")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_broadcast_rate")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_broadcast_centre_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_broadcast_staff_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_broadcast_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
    )
    op.create_index("ix_broadcast_next_at", "broadcast", ["next_at"], sqlite_where=_GOING, postgresql_where=_GOING)
    op.create_index("ix_broadcast_untold", "broadcast", ["id"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
    op.create_index("ix_broadcast_centre_id", "broadcast", ["centre_id"])


def _recipients() -> None:
    op.create_table(
        "broadcast_recipient",
        sa.Column("broadcast_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20)),
        sa.Column("outbox_id", Id),
        sa.CheckConstraint("state IN ('waiting', 'queued', 'left-out')", name=op.f("ck_broadcast_recipient_state")),
        sa.CheckConstraint(
            "(state = 'queued') = (outbox_id IS NOT NULL)", name=op.f("ck_broadcast_recipient_outbox_id")
        ),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name="fk_broadcast_recipient_broadcast_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_broadcast_recipient_conversation_id"
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_broadcast_recipient_outbox_id"),
        sa.PrimaryKeyConstraint("broadcast_id", "conversation_id", name="pk_broadcast_recipient"),
    )
    op.create_index("ix_broadcast_recipient_conversation_id", "broadcast_recipient", ["conversation_id"])
    op.create_index("ix_broadcast_recipient_outbox_id", "broadcast_recipient", ["outbox_id"], unique=True)
    op.create_index(
        "ix_broadcast_recipient_waiting",
        "broadcast_recipient",
        ["broadcast_id", "conversation_id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
