"""Orders that tell neither when a row came nor whose it is: by a keyed hash of its handle."""

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Config
from consult.models import Consultation, Result


def place(seed: str, handle: str) -> str:
    """Where a row stands under a secret seed of hexadecimal digits."""
    return hmac.digest(bytes.fromhex(seed), handle.encode(), "sha256").hex()


def seeds(session: Session, consultation: Consultation) -> dict[int, str]:
    """The secret seed of every frozen stage, by the stage's id: what is not here is not frozen."""
    found = session.execute(
        select(Result.stage_id, Result.row_seed).where(Result.consultation_id == consultation.id, Result.number == 1)
    )
    return dict(found.all())


def seed_of(config: Config, consultation: Consultation) -> str:
    """A seed for what belongs to no frozen stage; it follows from the server's secret key."""
    told = f"order of lists\n{consultation.slug}"
    return hmac.digest(config.secret_key.encode(), told.encode(), "sha256").hex()
