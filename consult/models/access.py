"""Ways in: links, consents and sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, Handled, Keyed, one_of, within
from consult.optional_uses import OptionalUse


class Invitation(Keyed, Base):
    """A personal way in, until its end; the token is never stored, only its SHA-256.

    `purpose` is the mail that brings it; `used_at` is kept of new links only: the first consent
    or save through it, when the older links ended.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        within("expert", "expert_id"),
        within("stage", "stage_id"),
        UniqueConstraint("consultation_id", "id"),
        Index("ix_invitation_expert", "consultation_id", "expert_id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    stage_id: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Consent(Keyed, Base):
    """What an expert agreed to or refused, and which text it was. Insert-only."""

    __tablename__ = "consent"
    __table_args__ = (within("expert", "expert_id"), Index("ix_consent_expert", "consultation_id", "expert_id"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    text_hash: Mapped[str] = mapped_column(String(64))
    is_given: Mapped[bool]
    said_at: Mapped[datetime]


class Objection(Keyed, Base):
    """A use that an expert objects to while taking part; it goes when it is taken back."""

    __tablename__ = "objection"
    __table_args__ = (
        within("expert", "expert_id"),
        UniqueConstraint("expert_id", "use"),
        CheckConstraint(one_of("use", OptionalUse), name="known_use"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    use: Mapped[str] = mapped_column(String(10))
    said_at: Mapped[datetime]


class LoginSession(Keyed, Handled, Base):
    """A revocable session of an expert or of a staff account, exactly one of them.

    An expert's knows the link that opened it.
    """

    __tablename__ = "session"
    __table_args__ = (
        within("expert", "expert_id"),
        within("invitation", "invitation_id"),
        CheckConstraint("(expert_id IS NULL) <> (account_id IS NULL)", name="one_holder"),
        CheckConstraint("(expert_id IS NULL) = (consultation_id IS NULL)", name="expert_in_consultation"),
        Index(
            "ix_session_live",
            "expert_id",
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_session_expert", "consultation_id", "expert_id"),
        UniqueConstraint("handle"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    invitation_id: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
