"""Every version that a programme had, kept; of those before this migration only the one that is current."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from domain.store.types import Moment

revision = "0005"
down_revision = "0004"

_SQLITE = (
    """CREATE TRIGGER programme_version_stays BEFORE UPDATE ON programme_version
    BEGIN SELECT RAISE(ABORT, 'versions of programmes are not changed'); END""",
    """CREATE TRIGGER programme_version_is_kept BEFORE DELETE ON programme_version
    BEGIN SELECT RAISE(ABORT, 'versions of programmes are not deleted'); END""",
)
_POSTGRESQL = (
    """CREATE TRIGGER programme_version_stays BEFORE UPDATE OR DELETE ON programme_version
    FOR EACH ROW EXECUTE FUNCTION is_kept()""",
)


def upgrade() -> None:
    op.create_table(
        "programme_version",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["programme.key"], name="fk_programme_version_key"),
        sa.PrimaryKeyConstraint("key", "version", name="pk_programme_version"),
    )
    copied = sa.text(
        "INSERT INTO programme_version (key, version, body, made_at, made_by) "
        "SELECT key, version, body, :now, 'migration' FROM programme"
    )
    op.execute(copied.bindparams(sa.bindparam("now", datetime.now(UTC), Moment())))
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
