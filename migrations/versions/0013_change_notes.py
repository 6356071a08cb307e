"""What played a part in changing the rating of a measure, or in keeping it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "change_note",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("submission_id", WHOLE, nullable=False),
        sa.Column("measure_id", WHOLE, nullable=False),
        sa.Column("has_changed", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_change_note_consultation_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_id"],
            ["measure.consultation_id", "measure.id"],
            name=op.f("fk_change_note_consultation_id_measure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "submission_id"],
            ["submission.consultation_id", "submission.id"],
            name=op.f("fk_change_note_consultation_id_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_note")),
        sa.UniqueConstraint("submission_id", "measure_id", name=op.f("uq_change_note_submission_id_measure_id")),
    )


def downgrade() -> None:
    op.drop_table("change_note")
