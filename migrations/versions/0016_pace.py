"""How many people needed how many minutes for a stage: counts alone, of nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("minutes", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("people", WHOLE, nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_pace_people_counted")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 120", name=op.f("ck_pace_known_minutes")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_pace_consultation_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_pace_consultation_id_stage_id"),
        ),
        sa.PrimaryKeyConstraint("stage_id", "minutes", name=op.f("pk_pace")),
    )


def downgrade() -> None:
    op.drop_table("pace")
