"""Refusals as codes: why something cannot be done, and what it is about."""

from dataclasses import dataclass, field
from enum import StrEnum

from consult.refusals import facts as about
from consult.refusals import file_facts as files
from consult.refusals.facts import Facts


@dataclass(frozen=True, slots=True)
class StageBecause(Facts):
    """A stage by its key, and what is wrong with a time of it."""

    stage: str
    why: "Refusal"


class Code(StrEnum):
    """Every reason for saying no, each with the facts that go with it."""

    facts: type[Facts]

    def __new__(cls, value: str, facts: type[Facts] = Facts) -> "Code":
        """A code, by default one that needs no facts."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.facts = facts
        return code

    # Ways in, and people
    WITHDRAWN = "withdrawn"
    LINK_NOT_VALID = "link_not_valid"
    NO_SUCH_SESSION = "no_such_session"
    NOT_AGREED = "not_agreed", about.OfExpert
    NO_SUCH_EXPERT = "no_such_expert", about.OfExpert
    NAME_IS_FORGOTTEN = "name_is_forgotten"
    ADDRESS_IS_FORGOTTEN = "address_is_forgotten"
    ADDRESS_OF_ANOTHER = "address_of_another", about.AddressOf
    NO_SUCH_COLUMNS = "no_such_columns", about.ColumnsAmong
    SIGN_IS_HIDDEN = "sign_is_hidden", about.SignIsHidden
    LINE_REFUSED = "line_refused", files.Problems
    PANEL_REFUSED = "panel_refused", files.Problems
    PANEL_IS_FIXED = "panel_is_fixed", about.Named
    # Accounts
    NO_ACCOUNT = "no_account", about.Addressed
    ACCOUNT_EXISTS = "account_exists", about.Addressed
    NO_ADDRESS = "no_address", about.Addressed
    ADDRESS_IS_FOREIGN = "address_is_foreign", about.ForeignAddress
    NAME_HIDES = "name_hides", about.NameHides
    NO_SUCH_ROLE = "no_such_role", about.NamedAmong
    ROLES_APART = "roles_apart", about.RolesApart
    PASSWORD_LENGTH = "password_length", about.Lengths
    # Answering
    NO_SUCH_PAGE = "no_such_page"
    TAKES_NO_ANSWERS = "takes_no_answers", about.OfStage
    ANSWERS_NOT_READY = "answers_not_ready", about.Counted
    SUBMITTED_BEFORE = "submitted_before", about.ExpertAtStage
    BEGUN_ONLINE = "begun_online", about.ExpertAtStage
    NOTHING_SUBMITTED = "nothing_submitted"
    # Mails and letters
    TOO_MANY_LETTERS = "too_many_letters", about.Counted
    NO_SUCH_LETTER = "no_such_letter", about.Named
    NO_SUCH_MAIL = "no_such_mail"
    # Measures, comments and proposals
    NO_SUCH_MEASURE = "no_such_measure", about.Named
    SAME_WORDING = "same_wording"
    MERGED_INTO_ITSELF = "merged_into_itself"
    RATED_ONCE = "rated_once"
    CHANGE_NEEDS_REASON = "change_needs_reason"
    MEASURE_IS_OVER = "measure_is_over", about.OfMeasure
    NO_SUCH_COMMENT = "no_such_comment", about.Named
    WITHHOLDING_NEEDS_REASON = "withholding_needs_reason"
    REASONS_RELEASED = "reasons_released"
    NO_SUCH_PROPOSAL = "no_such_proposal", about.Named
    PROPOSAL_IS_DECIDED = "proposal_is_decided", about.Decided
    MERGING_NEEDS_REASON = "merging_needs_reason"
    TITLE_NEEDS_WORDS = "title_needs_words"
    LEAVING_OUT_NEEDS_REASON = "leaving_out_needs_reason"
    # Stages and their results
    NO_SUCH_STAGE = "no_such_stage", about.Named
    OPENED_BEFORE = "opened_before", about.OfStage
    OPENING_NEEDS_REASON = "opening_needs_reason"
    OVER_ALREADY = "over_already", about.OfStage
    EARLIER_NOT_FROZEN = "earlier_not_frozen", about.OfStages
    CLOSED_AND_FROZEN = "closed_and_frozen", about.OfStage
    MOVING_NEEDS_REASON = "moving_needs_reason"
    CLOSE_NOT_AHEAD = "close_not_ahead"
    CLOSED_ALREADY = "closed_already", about.OfStage
    NOT_OPENED = "not_opened", about.OfStage
    CLOSING_NEEDS_REASON = "closing_needs_reason"
    OTHER_PROTOCOL = "other_protocol", about.Digests
    ROUND_AHEAD = "round_ahead", about.OfStage
    NO_ROUND_HELD = "no_round_held"
    FINISHED = "finished"
    NO_RESULT = "no_result", about.OfStage
    NO_RESULT_OF_MEASURE = "no_result_of_measure", about.Named
    NOT_RATED_THERE = "not_rated_there"
    NO_SUCH_CHART = "no_such_chart", about.Named
    # Publishing
    NO_SUCH_CONSULTATION = "no_such_consultation", about.Named
    NOT_PUBLISHED = "not_published"
    PUBLISHED_ALREADY = "published_already", about.Named
    NO_PART_OF_ADDRESS = "no_part_of_address", about.NamedUpTo
    NO_SUCH_SCHEDULE = "no_such_schedule", about.NamedAmong
    TOO_LATE_TO_CORRECT = "too_late_to_correct"
    OTHER_STAGES = "other_stages"
    FOLDER_REFUSED = "folder_refused", files.Problems
    TIME_LEFT_OUT = "time_left_out", about.InZone
    TIME_TWICE = "time_twice", about.InZone
    TIME_OUT_OF_REACH = "time_out_of_reach", about.AtTime
    TIME_MOVED_TOO_FAR = "time_moved_too_far", about.AtTime
    NO_TIME_OF_STAGE = "no_time_of_stage", StageBecause
    NO_MOVED_TIME_OF_STAGE = "no_moved_time_of_stage", StageBecause
    # Files and packages
    NO_SUCH_FILE = "no_such_file", about.Named
    NO_SUCH_FORMAT = "no_such_format", about.NamedAmong
    FILE_NOT_FOR_ROLE = "file_not_for_role", files.FileForRole
    SHEET_IS_FULL = "sheet_is_full"
    NOTHING_TO_PACK = "nothing_to_pack"
    NO_PACKAGE = "no_package", files.NamedFailed
    PART_UNREADABLE = "part_unreadable", files.NamedFailed
    NO_JSON = "no_json", files.NamedFailed
    NESTS_TOO_DEEP = "nests_too_deep", about.Named
    TABLE_UNREADABLE = "table_unreadable", files.NamedFailed
    NO_ROW = "no_row", files.LineOf
    ROW_REFUSED = "row_refused", files.RowFailed
    ROW_TWICE = "row_twice", files.RowOf
    OTHER_DEFINITION = "other_definition"
    PACKAGE_OF_OTHER_PROTOCOL = "package_of_other_protocol"
    NO_RESULTS_OF_PACKAGE = "no_results_of_package", files.Failed
    # The briefing
    NO_WORD_FILE = "no_word_file"
    TEMPLATE_NO_WORD_FILE = "template_no_word_file", files.Failed
    TEMPLATE_FAILS = "template_fails", files.Failed
    TYPST_REFUSES = "typst_refuses", files.Failed
    TYPST_REFUSES_PLACE = "typst_refuses_place", files.PlaceFailed
    TYPST_REFUSES_TITLES = "typst_refuses_titles", files.Failed
    FIGURE_NOT_DRAWN = "figure_not_drawn", files.FigureFailed
    NO_SUCH_SECTION = "no_such_section", files.SectionAtLine
    NO_LINE_OF_CHECKLIST = "no_line_of_checklist", files.AtLine
    WORDS_BEFORE_SECTION = "words_before_section", files.AtLine
    # Breaks of the journal
    ENTRIES_ARE_MISSING = "entries_are_missing", about.Entries
    ENTRY_DOES_NOT_FOLLOW = "entry_does_not_follow", about.Entry
    ENTRY_WAS_CHANGED = "entry_was_changed", about.Entry
    # The server and its commands
    DATABASE_IS_BEHIND = "database_is_behind"
    TOLD = "told", about.Told


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be done. Raises TypeError for facts of another code."""

    code: Code
    facts: Facts = field(default_factory=Facts)

    def __post_init__(self) -> None:
        if type(self.facts) is not self.code.facts:
            raise TypeError(f"{self.code} goes with {self.code.facts.__name__}")
