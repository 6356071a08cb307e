"""The experts behind released tables, kept for the audit of later releases.

Results frozen before this revision have none; a later release is held against those that have.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "population",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("result_id", WHOLE, nullable=False),
        sa.Column("tables", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "result_id"],
            ["result.consultation_id", "result.id"],
            name=op.f("fk_population_consultation_id_result_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_population_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population")),
        sa.UniqueConstraint("result_id", name=op.f("uq_population_result_id")),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER tr_population_unchanged BEFORE UPDATE OR DELETE ON population "
            "FOR EACH ROW EXECUTE FUNCTION consult_refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_population_no_{act} BEFORE {act.upper()} ON population "
            "BEGIN SELECT RAISE(ABORT, 'population rows cannot be changed'); END"
        )


def downgrade() -> None:
    op.drop_table("population")
