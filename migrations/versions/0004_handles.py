"""Random handles for what an address or a page names, so that no number leaves the server.

Rows that are there already get one each, drawn now.
"""

import base64
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WITHIN_CONSULTATION = ("expert", "comment", "proposal", "message")
TABLES = (*WITHIN_CONSULTATION, "session")
"""A session of staff belongs to no consultation: its handle is unique on the whole server."""


def upgrade() -> None:
    for name in TABLES:
        op.add_column(name, sa.Column("handle", sa.String(16), nullable=True))
        _draw(name)
        scope = ["consultation_id", "handle"] if name in WITHIN_CONSULTATION else ["handle"]
        with op.batch_alter_table(name) as batch:
            batch.alter_column("handle", existing_type=sa.String(16), nullable=False)
            batch.create_unique_constraint(op.f(f"uq_{name}_{'_'.join(scope)}"), scope)


def downgrade() -> None:
    for name in reversed(TABLES):
        scope = ["consultation_id", "handle"] if name in WITHIN_CONSULTATION else ["handle"]
        with op.batch_alter_table(name) as batch:
            batch.drop_constraint(op.f(f"uq_{name}_{'_'.join(scope)}"), type_="unique")
            batch.drop_column("handle")


def _draw(name: str) -> None:
    """Give every row there a handle: 80 random bits, 16 letters and digits of base 32."""
    table = sa.table(name, sa.column("id", sa.BigInteger), sa.column("handle", sa.String))
    connection = op.get_bind()
    ids = connection.execute(sa.select(table.c.id)).scalars().all()
    drawn = [{"row": row, "drawn": base64.b32encode(secrets.token_bytes(10)).decode().lower()} for row in ids]
    if drawn:
        connection.execute(
            table.update().where(table.c.id == sa.bindparam("row")).values(handle=sa.bindparam("drawn")), drawn
        )
