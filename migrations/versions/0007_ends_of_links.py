"""Every personal link has an end and a purpose, a session knows its link; letters from outside.

Links made before get an end: so long after the last close as later ones, or after they were made
where no stage is known. What they were for is not known; they count as invitations.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
AFTER_CLOSE, UNKNOWN = timedelta(days=30), timedelta(days=60)


def upgrade() -> None:
    for name, kind in (("purpose", sa.String(20)), ("stage_id", WHOLE), ("expires_at", MOMENT), ("used_at", MOMENT)):
        op.add_column("invitation", sa.Column(name, kind, nullable=True))
    _give_ends()
    with op.batch_alter_table("invitation") as batch:
        batch.alter_column("purpose", existing_type=sa.String(20), nullable=False)
        batch.alter_column("expires_at", existing_type=MOMENT, nullable=False)
        batch.create_unique_constraint(op.f("uq_invitation_consultation_id_id"), ["consultation_id", "id"])
        batch.create_foreign_key(
            op.f("fk_invitation_consultation_id_stage_id"),
            "stage",
            ["consultation_id", "stage_id"],
            ["consultation_id", "id"],
        )
    op.add_column("session", sa.Column("invitation_id", WHOLE, nullable=True))
    with op.batch_alter_table("session") as batch:
        batch.create_foreign_key(
            op.f("fk_session_consultation_id_invitation_id"),
            "invitation",
            ["consultation_id", "invitation_id"],
            ["consultation_id", "id"],
        )
    op.create_table(
        "letter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("handle", sa.String(16), nullable=False),
        sa.CheckConstraint("kind IN ('nomination', 'message')", name=op.f("ck_letter_kind")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_letter_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_letter_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("consultation_id", "handle", name=op.f("uq_letter_consultation_id_handle")),
    )


def downgrade() -> None:
    op.drop_table("letter")
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint(op.f("fk_session_consultation_id_invitation_id"), type_="foreignkey")
        batch.drop_column("invitation_id")
    with op.batch_alter_table("invitation") as batch:
        batch.drop_constraint(op.f("fk_invitation_consultation_id_stage_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_invitation_consultation_id_id"), type_="unique")
        for name in ("used_at", "expires_at", "stage_id", "purpose"):
            batch.drop_column(name)


def _give_ends() -> None:
    """An end and a purpose for every link that is there."""
    link = sa.table(
        "invitation",
        sa.column("id", WHOLE),
        sa.column("consultation_id", WHOLE),
        sa.column("created_at", MOMENT),
        sa.column("purpose", sa.String),
        sa.column("expires_at", MOMENT),
    )
    stage = sa.table("stage", sa.column("consultation_id", WHOLE), sa.column("closes_at", MOMENT))
    connection = op.get_bind()
    connection.execute(link.update().values(purpose="invitation"))
    last = dict(
        connection.execute(
            sa.select(stage.c.consultation_id, sa.func.max(stage.c.closes_at)).group_by(stage.c.consultation_id)
        ).all()
    )
    found = connection.execute(sa.select(link.c.id, link.c.consultation_id, link.c.created_at))
    ends = [
        {"row": row, "end": last[held] + AFTER_CLOSE if held in last else made + UNKNOWN} for row, held, made in found
    ]
    if ends:
        connection.execute(
            link.update().where(link.c.id == sa.bindparam("row")).values(expires_at=sa.bindparam("end")), ends
        )
