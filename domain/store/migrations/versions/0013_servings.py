"""What people were given at visits, and from which lot."""

import sqlalchemy as sa
from alembic import op

from domain.store.types import Id, Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "serving",
        sa.Column("id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("product", sa.String(length=40)),
        sa.Column("lot_id", Id),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("undone_at", Moment()),
        sa.Column("undone_by", sa.String(length=60)),
        sa.CheckConstraint("status IN ('completed', 'entered-in-error')", name=op.f("ck_serving_status")),
        sa.CheckConstraint("(status = 'completed') = (undone_at IS NULL)", name=op.f("ck_serving_undone_at")),
        sa.CheckConstraint("(product IS NULL) = (lot_id IS NULL)", name=op.f("ck_serving_product")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_serving_appointment_id"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name="fk_serving_lot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_serving"),
    )
    counts = sa.text("status = 'completed'")
    op.create_index(
        "ux_serving_appointment_id",
        "serving",
        ["appointment_id"],
        unique=True,
        sqlite_where=counts,
        postgresql_where=counts,
    )
