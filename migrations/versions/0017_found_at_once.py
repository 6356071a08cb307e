"""Indexes for what a page of one expert reads: no request looks through the rows of all others."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_consent_expert": ("consent", ["consultation_id", "expert_id"]),
    "ix_invitation_expert": ("invitation", ["consultation_id", "expert_id"]),
    "ix_comment_submission": ("comment", ["submission_id"]),
    "ix_session_expert": ("session", ["consultation_id", "expert_id"]),
    "ix_submission_expert": ("submission", ["consultation_id", "expert_id"]),
    "ix_proposal_expert": ("proposal", ["consultation_id", "expert_id"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
