"""Closed lists of words: what a protocol says, and what a result may say of a measure and its stage."""

from enum import StrEnum


class StageKind(StrEnum):
    """What a stage is: only rounds rate measures."""

    SURVEY = "survey"
    EVENT = "event"
    ROUND = "round"


class NoAnswer(StrEnum):
    """Why somebody who was asked gave no value, in the order in which tables hold them."""

    DONT_KNOW = "dont_know"
    NOT_MY_FIELD = "not_my_field"
    NOT_IN_MY_COUNTRY = "not_in_my_country"
    ABSTAINED = "abstained"
    SKIPPED = "skipped"
    BLANK = "blank"
    NOT_REACHED = "not_reached"


class Verdict(StrEnum):
    """What the registered rule says of one measure under one criterion."""

    IN = "in"
    OUT = "out"
    NONE = "none"
    NOT_JUDGED = "not_judged"


class StabilityState(StrEnum):
    """Whether ratings still move between two rounds."""

    STABLE = "stable"
    MOVING = "moving"
    NOT_ASSESSED = "not_assessed"


class WhyChanged(StrEnum):
    """What somebody says played a part in changing a rating or keeping it; never a cause."""

    REASON_READ = "reason_read"
    PANEL_RATINGS = "panel_ratings"
    EVENT_OR_COLLEAGUE = "event_or_colleague"
    NEW_INFORMATION = "new_information"
    UNDERSTOOD_DIFFERENTLY = "understood_differently"
    SLIP = "slip"
    RATHER_NOT_SAY = "rather_not_say"


class Without(StrEnum):
    """What becomes of a finding without some of those it rests on."""

    UNCHANGED = "unchanged"
    CHANGES = "changes"


class Outcome(StrEnum):
    """Verdict and stability together."""

    AGREED = "agreed"
    NOT_PRIORITISED = "not_prioritised"
    STABLE_DISSENT = "stable_dissent"
    MIDDLING = "middling"
    STILL_MOVING = "still_moving"
    NOT_JUDGED = "not_judged"


class MeasureClass(StrEnum):
    """Under which heading of the briefing a measure stands."""

    ACT_NOW = "act_now"
    PREPARE_HARD = "prepare_hard"
    PREPARE_DISPUTED = "prepare_disputed"
    LOW_PRIORITY = "low_priority"
    CONTESTED = "contested"
    MIDDLING = "middling"
    STILL_MOVING = "still_moving"
    NOT_JUDGED = "not_judged"


class VerdictChange(StrEnum):
    """What became of the verdict of the round before."""

    KEPT = "kept"
    GAINED = "gained"
    LOST = "lost"
    REVERSED = "reversed"


class Towards(StrEnum):
    """Which verdict is nearest where there is none."""

    IN = "in"
    OUT = "out"
    EITHER = "either"


class SavedAnswers(StrEnum):
    """What becomes, when a round closes, of answers that were saved and never submitted."""

    LEFT_OUT = "left_out"
    COUNTED_AT_CLOSE = "counted_at_close"
