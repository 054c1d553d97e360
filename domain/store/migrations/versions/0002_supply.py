"""Supply: places and doses kept for priority groups, stock and what is promised of it, people to be told later.

New columns are added as they stand, since a table that is built anew would lose its triggers on SQLite.
"""

import sqlalchemy as sa
from alembic import op

from domain.store.migrations.supply_rules import POSTGRESQL, SQLITE
from domain.store.types import Id, Moment

revision = "0002"
down_revision = "0001"

_MOMENT = {"sqlite": "VARCHAR(32)", "postgresql": "TIMESTAMP WITH TIME ZONE"}
_PUBLIC = "taken < capacity + overbook - reserve AND status = 'free'"
_COLUMNS = (
    "schedule ADD COLUMN policy JSON",
    (
        "slot ADD COLUMN reserve INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_slot_reserve"
        " CHECK (reserve BETWEEN 0 AND capacity)"
    ),
    "slot ADD COLUMN release_at {moment}",
    "appointment ADD COLUMN product VARCHAR(40)",
    (
        "appointment ADD COLUMN product_day DATE"
        " CONSTRAINT ck_appointment_product CHECK ((product IS NULL) = (product_day IS NULL))"
    ),
)


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    for column in _COLUMNS:
        op.execute("ALTER TABLE " + column.format(moment=_MOMENT[engine]))
    _index("ix_slot_public", "slot", ["centre_id", "programme", "starts_at"], _PUBLIC)
    _index("ix_slot_release_at", "slot", ["release_at"], "reserve > 0")
    _stock()
    _recommendations()
    for statement in SQLITE if engine == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _centre(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=f"fk_{table}_centre_id")


def _stock() -> None:
    op.create_table(
        "lot",
        sa.Column("id", Id, nullable=False),
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("on_hand", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_lot_on_hand")),
        _centre("lot"),
        sa.PrimaryKeyConstraint("id", name="pk_lot"),
        sa.UniqueConstraint("centre_id", "product", "number", name="uq_lot_centre_id_product_number"),
    )
    op.create_table(
        "stock_movement",
        sa.Column("id", Id, nullable=False),
        sa.Column("lot_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.CheckConstraint("kind IN ('delivery', 'used', 'loss', 'correction')", name=op.f("ck_stock_movement_kind")),
        sa.CheckConstraint(
            "quantity <> 0 AND (kind <> 'delivery' OR quantity > 0)", name=op.f("ck_stock_movement_quantity")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name="fk_stock_movement_lot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_movement"),
    )
    op.create_index("ix_stock_movement_lot_id", "stock_movement", ["lot_id"], unique=False)
    op.create_table(
        "stock_day",
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
        sa.CheckConstraint("promised >= 0", name=op.f("ck_stock_day_promised")),
        _centre("stock_day"),
        sa.PrimaryKeyConstraint("centre_id", "product", "day", name="pk_stock_day"),
    )
    op.create_table(
        "stock",
        sa.Column("centre_id", Id, nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        _centre("stock"),
        sa.PrimaryKeyConstraint("centre_id", "product", name="pk_stock"),
    )


def _recommendations() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'told', 'dropped')", name=op.f("ck_recommendation_state")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_recommendation_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation"),
    )
    _index("ix_recommendation_due_on", "recommendation", ["due_on"], "state = 'waiting'")
    _index("ux_recommendation_waiting", "recommendation", ["contact_id", "programme"], "state = 'waiting'", unique=True)
