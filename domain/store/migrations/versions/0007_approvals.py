"""Approvals: what WhatsApp says of a Content resource that it has to approve."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("content", sa.Column("approval", sa.String(length=20)))
