"""Every table, index and trigger of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "consultation",
    "definition",
    "stage",
    "registration",
    "deviation",
    "variable",
    "team",
    "note",
    "account",
    "account_link",
    "membership",
    "journal",
    "expert",
    "contact",
    "secretariat_answer",
    "invitation",
    "consent",
    "session",
    "message",
    "measure",
    "measure_version",
    "stage_measure",
    "measure_fate",
    "draft",
    "submission",
    "answer",
    "comment",
    "proposal",
    "result",
    "release",
    "shown",
)
"""In the order of creation: a table points to earlier ones only."""
IMMUTABLE = ("definition", "registration", "result", "release", "journal")
"""Rows are never updated and never deleted."""
INSERT_ONLY = ("submission", "answer", "consent", "shown", "measure_fate", "deviation")
"""Rows are never updated."""


def upgrade() -> None:
    _create_consultations()
    _create_staff()
    _create_panel()
    _create_measures()
    _create_submissions()
    _create_results()
    if op.get_context().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION consult_refuse_change()")


def _guard_on_sqlite() -> None:
    for table in (*IMMUTABLE, *INSERT_ONLY):
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows cannot be changed'); END"
        )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows cannot be changed'); END"
        )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION consult_refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION '% rows cannot be changed', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
    )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER tr_{table}_unchanged BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION consult_refuse_change()"
        )
    for table in INSERT_ONLY:
        op.execute(
            f"CREATE TRIGGER tr_{table}_unchanged BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION consult_refuse_change()"
        )


def _create_consultations() -> None:
    """Consultations, and the protocol they are bound to."""
    op.create_table(
        "consultation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("schedule", sa.String(length=60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultation_slug")),
    )
    op.create_table(
        "definition",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_definition_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("consultation_id", "version", name=op.f("uq_definition_consultation_id_version")),
    )
    op.create_table(
        "stage",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("round_number", WHOLE, nullable=True),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("(kind = 'round') = (round_number IS NOT NULL)", name=op.f("ck_stage_round_has_number")),
        sa.CheckConstraint("kind IN ('survey', 'event', 'round')", name=op.f("ck_stage_kind")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_stage_closes_after_opening")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_stage_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_stage_consultation_id_id")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_stage_consultation_id_key")),
        sa.UniqueConstraint("consultation_id", "round_number", name=op.f("uq_stage_consultation_id_round_number")),
    )
    op.create_table(
        "registration",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("locked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_registration_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_registration_consultation_id")),
    )
    op.create_table(
        "deviation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("stage_key", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_deviation_has_reason")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_deviation_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
    )
    op.create_table(
        "variable",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("scale", sa.String(length=60), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("disclosure", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_variable_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variable")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_variable_consultation_id_id")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_variable_consultation_id_key")),
    )
    op.create_table(
        "team",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_team_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_team_consultation_id_id")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_team_consultation_id_key")),
    )
    op.create_table(
        "note",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("team_id", WHOLE, nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "team_id"],
            ["team.consultation_id", "team.id"],
            name=op.f("fk_note_consultation_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_note_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("team_id", "topic", name=op.f("uq_note_team_id_topic")),
    )


def _create_staff() -> None:
    """Staff, their roles, and the journal of their acts."""
    op.create_table(
        "account",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "account_link",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
    )
    op.create_table(
        "membership",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "role IN ('facilitator', 'analyst', 'secretariat', 'rapporteur')", name=op.f("ck_membership_role")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_membership_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id", "consultation_id", "role", name=op.f("uq_membership_account_id_consultation_id_role")
        ),
    )
    op.create_table(
        "journal",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_journal_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_journal_consultation_id_number")),
    )


def _create_panel() -> None:
    """Experts; apart from them who they are, how they get in and what is mailed to them."""
    op.create_table(
        "expert",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("pseudonym", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("reporting_group", sa.String(length=60), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_expert_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("consultation_id", "code", name=op.f("uq_expert_consultation_id_code")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_expert_consultation_id_id")),
        sa.UniqueConstraint("consultation_id", "pseudonym", name=op.f("uq_expert_consultation_id_pseudonym")),
    )
    op.create_table(
        "contact",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("reminders_stopped_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_contact_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_contact_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("consultation_id", "email", name=op.f("uq_contact_consultation_id_email")),
        sa.UniqueConstraint("consultation_id", "expert_id", name=op.f("uq_contact_consultation_id_expert_id")),
    )
    op.create_table(
        "secretariat_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_secretariat_answer_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_secretariat_answer_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secretariat_answer")),
        sa.UniqueConstraint(
            "consultation_id",
            "expert_id",
            "question",
            name=op.f("uq_secretariat_answer_consultation_id_expert_id_question"),
        ),
    )
    op.create_table(
        "invitation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_invitation_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_invitation_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "consent",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_consent_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_consent_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_table(
        "session",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=True),
        sa.Column("expert_id", WHOLE, nullable=True),
        sa.Column("account_id", WHOLE, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.CheckConstraint("(expert_id IS NULL) <> (account_id IS NULL)", name=op.f("ck_session_one_holder")),
        sa.CheckConstraint(
            "(expert_id IS NULL) = (consultation_id IS NULL)", name=op.f("ck_session_expert_in_consultation")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_session_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_session_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(
        "ix_session_live",
        "session",
        ["expert_id"],
        unique=False,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "message",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("stage_key", sa.String(length=60), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'sent', 'failed', 'uncertain')", name=op.f("ck_message_state")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_message_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_message_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "consultation_id",
            "expert_id",
            "purpose",
            "stage_key",
            "number",
            name=op.f("uq_message_consultation_id_expert_id_purpose_stage_key_number"),
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )


def _create_measures() -> None:
    """Measures, their wordings and their fates."""
    op.create_table(
        "measure",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_measure_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_measure_consultation_id_id")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_measure_consultation_id_key")),
    )
    op.create_table(
        "measure_version",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("measure_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_pairable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_id"],
            ["measure.consultation_id", "measure.id"],
            name=op.f("fk_measure_version_consultation_id_measure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_measure_version_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_version")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_measure_version_consultation_id_id")),
        sa.UniqueConstraint("measure_id", "number", name=op.f("uq_measure_version_measure_id_number")),
    )
    op.create_table(
        "stage_measure",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("measure_version_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_version_id"],
            ["measure_version.consultation_id", "measure_version.id"],
            name=op.f("fk_stage_measure_consultation_id_measure_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_stage_measure_consultation_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_stage_measure_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_measure")),
        sa.UniqueConstraint(
            "stage_id", "measure_version_id", name=op.f("uq_stage_measure_stage_id_measure_version_id")
        ),
    )
    op.create_table(
        "measure_fate",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=True),
        sa.Column("measure_id", WHOLE, nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("into_measure_id", WHOLE, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(fate = 'merged') = (into_measure_id IS NOT NULL)", name=op.f("ck_measure_fate_merged_into")
        ),
        sa.CheckConstraint(
            "fate IN ('carried', 'settled', 'dropped', 'merged', 'reworded', 'added')",
            name=op.f("ck_measure_fate_fate"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_measure_fate_has_reason")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "into_measure_id"],
            ["measure.consultation_id", "measure.id"],
            name=op.f("fk_measure_fate_consultation_id_into_measure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_id"],
            ["measure.consultation_id", "measure.id"],
            name=op.f("fk_measure_fate_consultation_id_measure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_measure_fate_consultation_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_measure_fate_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_fate")),
    )


def _create_submissions() -> None:
    """What experts type and submit."""
    op.create_table(
        "draft",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_draft_revision_counts")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_draft_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_draft_consultation_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_draft_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("stage_id", "expert_id", "name", name=op.f("uq_draft_stage_id_expert_id_name")),
    )
    op.create_table(
        "submission",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.CheckConstraint("channel IN ('web', 'telephone', 'paper')", name=op.f("ck_submission_channel")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_submission_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_submission_consultation_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_submission_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_submission_consultation_id_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_submission_receipt")),
        sa.UniqueConstraint(
            "stage_id", "expert_id", "idempotency_key", name=op.f("uq_submission_stage_id_expert_id_idempotency_key")
        ),
        sa.UniqueConstraint("stage_id", "expert_id", "number", name=op.f("uq_submission_stage_id_expert_id_number")),
    )
    op.create_table(
        "answer",
        sa.Column("submission_id", WHOLE, nullable=False),
        sa.Column("variable_id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("value", WHOLE, nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("measure_version_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('dont_know', 'not_my_field', 'not_in_my_country', "
            "'abstained', 'skipped', 'blank', 'not_reached')",
            name=op.f("ck_answer_known_state"),
        ),
        sa.CheckConstraint(
            "(value IS NOT NULL AND text IS NULL AND state IS NULL) OR "
            "(value IS NULL AND text IS NOT NULL AND state IS NULL) OR "
            "(value IS NULL AND text IS NULL AND state IS NOT NULL)",
            name=op.f("ck_answer_exactly_one"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_version_id"],
            ["measure_version.consultation_id", "measure_version.id"],
            name=op.f("fk_answer_consultation_id_measure_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "submission_id"],
            ["submission.consultation_id", "submission.id"],
            name=op.f("fk_answer_consultation_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "variable_id"],
            ["variable.consultation_id", "variable.id"],
            name=op.f("fk_answer_consultation_id_variable_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_answer_consultation_id")),
        sa.PrimaryKeyConstraint("submission_id", "variable_id", name=op.f("pk_answer")),
    )
    op.create_index("ix_answer_tally", "answer", ["variable_id", "submission_id", "value", "state"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("submission_id", WHOLE, nullable=False),
        sa.Column("measure_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("moderation", sa.String(length=10), nullable=False),
        sa.Column("moderated", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('reason', 'unclear')", name=op.f("ck_comment_kind")),
        sa.CheckConstraint("moderation <> 'withheld' OR reason IS NOT NULL", name=op.f("ck_comment_withheld_why")),
        sa.CheckConstraint("moderation IN ('waiting', 'accepted', 'withheld')", name=op.f("ck_comment_moderation")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_id"],
            ["measure.consultation_id", "measure.id"],
            name=op.f("fk_comment_consultation_id_measure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "submission_id"],
            ["submission.consultation_id", "submission.id"],
            name=op.f("fk_comment_consultation_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_comment_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("measure_id", WHOLE, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("fate <> 'withheld' OR reason IS NOT NULL", name=op.f("ck_proposal_withheld_why")),
        sa.CheckConstraint("fate IN ('waiting', 'accepted', 'merged', 'withheld')", name=op.f("ck_proposal_fate")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_proposal_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_id"],
            ["measure.consultation_id", "measure.id"],
            name=op.f("fk_proposal_consultation_id_measure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_proposal_consultation_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_proposal_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )


def _create_results() -> None:
    """Frozen results, their releases, and who was shown what."""
    op.create_table(
        "result",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("protocol_digest", sa.String(length=64), nullable=False),
        sa.Column("analysis_version", sa.String(length=20), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("row_seed", sa.String(length=64), nullable=False),
        sa.Column("correction", sa.String(), nullable=True),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.CheckConstraint("(number = 1) = (correction IS NULL)", name=op.f("ck_result_correction_says_why")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_result_consultation_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_result_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("consultation_id", "id", name=op.f("uq_result_consultation_id_id")),
        sa.UniqueConstraint("stage_id", "number", name=op.f("uq_result_stage_id_number")),
    )
    op.create_table(
        "release",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("result_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('numbers', 'texts')", name=op.f("ck_release_kind")),
        sa.ForeignKeyConstraint(
            ["consultation_id", "result_id"],
            ["result.consultation_id", "result.id"],
            name=op.f("fk_release_consultation_id_result_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_release_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("result_id", "kind", "number", name=op.f("uq_release_result_id_kind_number")),
    )
    op.create_table(
        "shown",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("consultation_id", WHOLE, nullable=False),
        sa.Column("expert_id", WHOLE, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("measure_version_id", WHOLE, nullable=False),
        sa.Column("result_id", WHOLE, nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("shown_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "expert_id"],
            ["expert.consultation_id", "expert.id"],
            name=op.f("fk_shown_consultation_id_expert_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "measure_version_id"],
            ["measure_version.consultation_id", "measure_version.id"],
            name=op.f("fk_shown_consultation_id_measure_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "result_id"],
            ["result.consultation_id", "result.id"],
            name=op.f("fk_shown_consultation_id_result_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id", "stage_id"],
            ["stage.consultation_id", "stage.id"],
            name=op.f("fk_shown_consultation_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_shown_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown")),
        sa.UniqueConstraint(
            "expert_id",
            "stage_id",
            "measure_version_id",
            "result_id",
            "form",
            name=op.f("uq_shown_expert_id_stage_id_measure_version_id_result_id_form"),
        ),
    )
