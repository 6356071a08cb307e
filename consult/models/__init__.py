"""All tables, as SQLAlchemy classes."""

from consult.models import immutable
from consult.models.access import Consent, Invitation, LoginSession, Objection
from consult.models.base import Base
from consult.models.consultation import (
    Consultation,
    DefinitionRow,
    Deviation,
    Note,
    Registration,
    Stage,
    Team,
    VariableRow,
)
from consult.models.held import HeldForm
from consult.models.measure import Measure, MeasureFate, MeasureVersion, StageMeasure
from consult.models.panel import Contact, Expert, Letter, SecretariatAnswer
from consult.models.result import FeedbackShown, FrozenRows, Population, Release, ReleaseKind, Result
from consult.models.server import Attempt, Beat, Installation
from consult.models.staff import Account, AccountLink, JournalEntry, Membership, Message
from consult.models.submission import Answer, ChangeNote, Channel, Comment, Draft, Pace, Proposal, Submission

immutable.install()

__all__ = [
    "Account",
    "AccountLink",
    "Answer",
    "Attempt",
    "Base",
    "Beat",
    "ChangeNote",
    "Channel",
    "Comment",
    "Consent",
    "Consultation",
    "Contact",
    "DefinitionRow",
    "Deviation",
    "Draft",
    "Expert",
    "FeedbackShown",
    "FrozenRows",
    "HeldForm",
    "Installation",
    "Invitation",
    "JournalEntry",
    "Letter",
    "LoginSession",
    "Measure",
    "MeasureFate",
    "MeasureVersion",
    "Membership",
    "Message",
    "Note",
    "Objection",
    "Pace",
    "Population",
    "Proposal",
    "Registration",
    "Release",
    "ReleaseKind",
    "Result",
    "SecretariatAnswer",
    "Stage",
    "StageMeasure",
    "Submission",
    "Team",
    "VariableRow",
]
