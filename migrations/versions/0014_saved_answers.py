"""Answers that were saved and never submitted may count at the close: which were sent, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = "channel IN ('web', 'telephone', 'paper')"
AFTER = "channel IN ('web', 'telephone', 'paper', 'draft')"
WITH_RECEIPT = "(receipt IS NULL) = (channel = 'draft')"


def upgrade() -> None:
    with op.batch_alter_table("draft") as batch:
        batch.add_column(sa.Column("is_sent", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("draft") as batch:
        batch.alter_column("is_sent", server_default=None)
    _unguard()
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint(op.f("ck_submission_channel"), type_="check")
        batch.create_check_constraint(op.f("ck_submission_channel"), AFTER)
        batch.alter_column("receipt", existing_type=sa.String(20), nullable=True)
        batch.create_check_constraint(op.f("ck_submission_receipt_of_whom_submits"), WITH_RECEIPT)
    _guard()


def downgrade() -> None:
    """What was counted at the close is a submission like any other, its receipt a name of its own."""
    _unguard()
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint(op.f("ck_submission_receipt_of_whom_submits"), type_="check")
    submission = sa.table(
        "submission", sa.column("id", sa.BigInteger), sa.column("receipt", sa.String), sa.column("channel", sa.String)
    )
    receipt = sa.literal("draft ") + sa.cast(submission.c.id, sa.String(14))
    op.execute(submission.update().where(submission.c.channel == "draft").values(channel="web", receipt=receipt))
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint(op.f("ck_submission_channel"), type_="check")
        batch.create_check_constraint(op.f("ck_submission_channel"), BEFORE)
        batch.alter_column("receipt", existing_type=sa.String(20), nullable=False)
    _guard()
    with op.batch_alter_table("draft") as batch:
        batch.drop_column("is_sent")


def _unguard() -> None:
    """Let rows be changed; SQLite has a trigger that goes, PostgreSQL one that is switched off."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE submission DISABLE TRIGGER tr_submission_unchanged")
    else:
        op.execute("DROP TRIGGER tr_submission_no_update")


def _guard() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE submission ENABLE TRIGGER tr_submission_unchanged")
    else:
        op.execute(
            "CREATE TRIGGER tr_submission_no_update BEFORE UPDATE ON submission "
            "BEGIN SELECT RAISE(ABORT, 'submission rows cannot be changed'); END"
        )
