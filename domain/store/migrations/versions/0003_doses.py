"""Doses: what is spare of each product by day, what is allocated to whom, and stock that is told and not counted."""

import sqlalchemy as sa
from alembic import op

from domain.store.migrations.dose_rules import FILL, POSTGRESQL, SQLITE
from domain.store.types import Id, Moment

revision = "0003"
down_revision = "0002"

_COLUMNS = (
    "stock ADD COLUMN counted_on DATE",
    "stock ADD COLUMN reported BOOLEAN",
    "stock ADD COLUMN low INTEGER CONSTRAINT ck_stock_low CHECK (low >= 0)",
    "appointment ADD COLUMN priority_group VARCHAR(40)",
)


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    for column in _COLUMNS:
        op.execute("ALTER TABLE " + column)
    op.create_index("ix_stock_product", "stock", ["product"])
    op.create_table(
        "stock_span",
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("spare", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_stock_span_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", "product", "after", name="pk_stock_span"),
    )
    op.create_table(
        "allocation",
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("group_key", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Integer(), server_default="0", nullable=False),
        sa.Column("release_at", Moment()),
        sa.Column("is_released", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("quantity >= 0 AND promised >= 0", name=op.f("ck_allocation_quantity")),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_allocation_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", "product", "group_key", name="pk_allocation"),
    )
    op.create_index(
        "ix_allocation_release_at",
        "allocation",
        ["release_at"],
        sqlite_where=sa.text("NOT is_released"),
        postgresql_where=sa.text("NOT is_released"),
    )
    for statement in SQLITE if engine == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))
    for statement in FILL[engine]:
        op.execute(sa.text(statement))
