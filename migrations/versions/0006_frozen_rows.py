"""Who stands in the row files of every frozen stage, fixed with its result.

Results frozen before this revision have none yet. It is written down from the submissions by the
first act that could change them (a withdrawal, an erasure, the next freeze); where somebody left
since such a result was frozen, its row and text files are withheld instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "frozen_rows",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("result_id", WHOLE, nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("hidden_groups", sa.Text(), nullable=False),
        sa.Column("shown_variables", sa.Text(), nullable=False),
        sa.Column("withheld", sa.String(20), nullable=True),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "result_id"],
            ["result.consultation_id", "result.id"],
            name=op.f("fk_frozen_rows_consultation_id_result_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_frozen_rows_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_rows")),
        sa.UniqueConstraint("result_id", name=op.f("uq_frozen_rows_result_id")),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER tr_frozen_rows_unchanged BEFORE UPDATE OR DELETE ON frozen_rows "
            "FOR EACH ROW EXECUTE FUNCTION consult_refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_frozen_rows_no_{act} BEFORE {act.upper()} ON frozen_rows "
            "BEGIN SELECT RAISE(ABORT, 'frozen_rows rows cannot be changed'); END"
        )


def downgrade() -> None:
    op.drop_table("frozen_rows")
