"""What was sent and not taken yet, kept for a while so that the page can show it again."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, Keyed, within


class HeldForm(Keyed, Base):
    """One refused form. `account_id`: the member of staff who sent it, else the expert did;
    `expert_id`: whom it is about."""

    __tablename__ = "held_form"
    __table_args__ = (
        within("expert", "expert_id"),
        CheckConstraint("account_id IS NOT NULL OR expert_id IS NOT NULL", name="one_sender"),
        CheckConstraint("expert_id IS NULL OR consultation_id IS NOT NULL", name="expert_in_consultation"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    address: Mapped[str] = mapped_column(String(400))
    content: Mapped[dict[str, Any]]
    held_at: Mapped[datetime]
    expires_at: Mapped[datetime]
