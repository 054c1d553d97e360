"""Access: whether people get into a centre without steps, where that is known."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE centre ADD COLUMN step_free BOOLEAN")
