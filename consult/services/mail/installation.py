"""Which installation this is: two of them never give the same names to different things."""

import hashlib
import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Installation


def named(session: Session, *words: str | int | None) -> str:
    """A name for what these words say: the same here each time, another one elsewhere."""
    secret = session.info.get("installation")
    if secret is None:
        secret = session.scalars(select(Installation.secret)).one()
        session.info["installation"] = secret
    said = "\n".join(map(str, words))
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()
