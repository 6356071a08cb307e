"""Reasons and the titles of proposals in more languages than one.

What was noted before stays as it was written, in one language.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED = (
    ("measure_version", "reason_in"),
    ("measure_fate", "reason_in"),
    ("deviation", "reason_in"),
    ("proposal", "reason_in"),
    ("proposal", "title_in"),
)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    for table, column in reversed(ADDED):
        op.drop_column(table, column)
