"""The roles of staff in a consultation: the one list."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is in one consultation."""

    FACILITATOR = "facilitator"
    ANALYST = "analyst"
    SECRETARIAT = "secretariat"
    RAPPORTEUR = "rapporteur"


ROLES = tuple(role.value for role in Role)
"""As they are stored and typed."""
