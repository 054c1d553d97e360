"""Codes by which people show that an e-mail address is theirs."""

import sqlalchemy as sa
from alembic import op

from domain.store.types import Id, Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "mail_code",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary()),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("(address IS NULL) = (digest IS NULL)", name=op.f("ck_mail_code_void")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_mail_code_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_code"),
    )
    for column in ("contact_id", "made_at"):
        op.create_index(f"ix_mail_code_{column}", "mail_code", [column])
