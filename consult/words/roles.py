"""Roles of staff in words."""

from collections.abc import Mapping

from consult.roles import Role
from consult.words.phrases import N_, Translate, said

ROLES: Mapping[str, str] = {
    Role.FACILITATOR: N_("facilitator"),
    Role.SECRETARIAT: N_("secretariat"),
    Role.ANALYST: N_("analyst"),
    Role.RAPPORTEUR: N_("rapporteur"),
}
"""In the order in which pages name them."""


def role_words(role: str, translate: Translate) -> str:
    """A role in the reader's language."""
    return said(ROLES, role, translate)
