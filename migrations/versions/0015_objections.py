"""What an expert objects to, and takes part all the same."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "objection",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("use", sa.String(length=10), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("use IN ('reasons', 'rows')", name=op.f("ck_objection_known_use")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_objection_consultation_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_objection_consultation_id_expert_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("expert_id", "use", name=op.f("uq_objection_expert_id_use")),
    )


def downgrade() -> None:
    op.drop_table("objection")
