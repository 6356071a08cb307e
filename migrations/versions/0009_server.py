"""The server itself: a secret of its own, the beats of its workers, attempts at its doors."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    installation = op.create_table(
        "installation",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.bulk_insert(installation, [{"id": 1, "secret": secrets.token_hex(32)}])
    op.create_table(
        "beat",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("worker", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat")),
        sa.UniqueConstraint("worker", name=op.f("uq_beat_worker")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("subject", "ends_at", name=op.f("uq_attempt_subject_ends_at")),
    )
    op.create_index(op.f("ix_attempt_ends_at"), "attempt", ["ends_at"])


def downgrade() -> None:
    for name in ("attempt", "beat", "installation"):
        op.drop_table(name)
