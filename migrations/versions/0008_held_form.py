"""Refused forms kept for a while, so that every POST can answer with a redirect and lose nothing.

The signed cookie holds 4 KB and a wording in several languages is longer; several processes may
serve, so memory does not hold it either.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "held_form",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=True),
        sa.Column("expert_id", WHOLE, nullable=True),
        sa.Column("account_id", WHOLE, nullable=True),
        sa.Column("address", sa.String(400), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint("account_id IS NOT NULL OR expert_id IS NOT NULL", name=op.f("ck_held_form_one_sender")),
        sa.CheckConstraint(
            "expert_id IS NULL OR consultation_id IS NOT NULL", name=op.f("ck_held_form_expert_in_consultation")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_held_form_account_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_held_form_consultation_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_held_form_consultation_id_expert_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_form")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_held_form_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("held_form")
