"""Digests are known by the number under which they stand, and may be lost on their way."""

import sqlalchemy as sa
from alembic import op

from domain.store.types import Moment

revision = "0010"
down_revision = "0009"

_LOST = sa.text("lost_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("digest", sa.Column("menu", sa.Integer()))
    op.add_column("digest", sa.Column("lost_at", Moment()))
    op.create_index("ix_digest_contact_id_menu", "digest", ["contact_id", "menu"])
    op.create_index("ix_digest_lost_at", "digest", ["lost_at"], sqlite_where=_LOST, postgresql_where=_LOST)
