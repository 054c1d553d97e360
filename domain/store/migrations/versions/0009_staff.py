"""Those who work at the centres: members, invitations, team chats, what they looked at, digests, tasks they take."""

import sqlalchemy as sa
from alembic import op

from domain.store.types import Id, Moment

revision = "0009"
down_revision = "0008"

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    _members()
    _invites()
    _looks()
    _digests()
    _tasks()


def _members() -> None:
    op.create_table(
        "staff",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("name", sa.LargeBinary()),
        sa.Column("wants_digest", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("left_at", Moment()),
        sa.Column("left_by", sa.String(length=60)),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_staff_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
    )
    here = sa.text("left_at IS NULL")
    op.create_index(
        "ux_staff_contact_id", "staff", ["contact_id"], unique=True, sqlite_where=here, postgresql_where=here
    )
    op.create_table(
        "staff_post",
        sa.Column("id", Id, nullable=False),
        sa.Column("staff_id", Id, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("centre_id", Id),
        sa.CheckConstraint(
            "role IN ('administrator', 'manager', 'clinician', 'reception')", name=op.f("ck_staff_post_role")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_post_staff_id"),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_staff_post_centre_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_post"),
    )
    for column in ("staff_id", "centre_id"):
        op.create_index(f"ix_staff_post_{column}", "staff_post", [column])
    op.create_table(
        "staff_group",
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("centre_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_staff_group_contact_id"),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_staff_group_centre_id"),
        sa.PrimaryKeyConstraint("contact_id", "centre_id", name="pk_staff_group"),
    )
    op.create_index("ix_staff_group_centre_id", "staff_group", ["centre_id"])


def _invites() -> None:
    op.create_table(
        "staff_invite",
        sa.Column("id", Id, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("centres", sa.JSON()),
        sa.Column("name", sa.LargeBinary()),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment()),
        sa.Column("staff_id", Id),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_invite_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_invite"),
        sa.UniqueConstraint("digest", name="uq_staff_invite_digest"),
    )


def _looks() -> None:
    op.create_table(
        "access_event",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_event"),
    )
    op.create_index("ix_access_event_entity_id", "access_event", ["entity_id"])
    if op.get_bind().dialect.name == "sqlite":
        for deed, name in (("UPDATE", "stays"), ("DELETE", "is_kept")):
            op.execute(
                f"CREATE TRIGGER access_event_{name} BEFORE {deed} ON access_event"
                " BEGIN SELECT RAISE(ABORT, 'rows of access_event are kept'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER access_event_stays BEFORE UPDATE OR DELETE ON access_event"
            " FOR EACH ROW EXECUTE FUNCTION is_kept()"
        )


def _digests() -> None:
    op.create_table(
        "digest_plan",
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("next_at", Moment()),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_digest_plan_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", name="pk_digest_plan"),
    )
    op.create_index("ix_digest_plan_next_at", "digest_plan", ["next_at"])
    op.create_table(
        "digest",
        sa.Column("id", Id, nullable=False),
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint("kind IN ('daily', 'weekly', 'monthly')", name=op.f("ck_digest_kind")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_digest_centre_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_digest_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sa.UniqueConstraint("centre_id", "contact_id", "kind", "day", name="uq_digest_centre_id_contact_id_kind_day"),
    )


def _tasks() -> None:
    """Let tasks have a centre, somebody who takes them, and an end; on SQLite foreign keys stay unsaid."""
    for column in (
        sa.Column("centre_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("lease_until", Moment()),
        sa.Column("closed_at", Moment()),
        sa.Column("closed_by", sa.String(length=60)),
    ):
        op.add_column("task", column)
    op.create_index("ix_task_opened_at", "task", ["centre_id", "opened_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
