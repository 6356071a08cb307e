"""A release of a third kind: what every measure came to, once the consultation is finished."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('numbers', 'texts')"
AFTER = "kind IN ('numbers', 'texts', 'final')"


def upgrade() -> None:
    _unguard()
    _allow(AFTER)
    _guard()


def downgrade() -> None:
    """What was finished is provisional again; to finish it once more says the same."""
    _unguard()
    release = sa.table("release", sa.column("kind", sa.String))
    op.execute(release.delete().where(release.c.kind == "final"))
    _allow(BEFORE)
    _guard()


def _allow(kinds: str) -> None:
    with op.batch_alter_table("release") as batch:
        batch.drop_constraint(op.f("ck_release_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_release_kind"), kinds)


def _unguard() -> None:
    """Let rows be changed; SQLite has triggers for it, PostgreSQL one that is switched off."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE release DISABLE TRIGGER tr_release_unchanged")
    else:
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER tr_release_no_{act}")


def _guard() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE release ENABLE TRIGGER tr_release_unchanged")
    else:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER tr_release_no_{act} BEFORE {act.upper()} ON release "
                "BEGIN SELECT RAISE(ABORT, 'release rows cannot be changed'); END"
            )
