"""Roles of staff in words."""

from collections.abc import Mapping

from consult.words.phrases import N_, Translate, said

ROLES: Mapping[str, str] = {
    "facilitator": N_("facilitator"),
    "secretariat": N_("secretariat"),
    "analyst": N_("analyst"),
    "rapporteur": N_("rapporteur"),
}


def role_words(role: str, translate: Translate) -> str:
    """A role in the reader's language."""
    return said(ROLES, role, translate)
