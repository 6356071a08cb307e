"""A reason belongs to the criterion it is given for; and which reasons stood first is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment") as batch:
        batch.add_column(sa.Column("criterion", sa.String(80), nullable=True))
        batch.create_check_constraint(op.f("ck_comment_criterion_of_reason"), "criterion IS NULL OR kind = 'reason'")
    op.add_column("shown", sa.Column("reasons", sa.Text(), nullable=True))


def downgrade() -> None:
    """A reason is one of the measure again."""
    with op.batch_alter_table("shown") as batch:
        batch.drop_column("reasons")
    with op.batch_alter_table("comment") as batch:
        batch.drop_constraint(op.f("ck_comment_criterion_of_reason"), type_="check")
        batch.drop_column("criterion")
