"""Refusals in words: one sentence for every code, in the reader's language."""

from collections.abc import Mapping
from dataclasses import fields

from consult.errors import ConsultError
from consult.fates import Fate
from consult.refusals.codes import Code, Refusal
from consult.words import catalogues
from consult.words.phrases import N_, Translate
from consult.words.roles import role_words

SENTENCES: Mapping[Code, str] = {
    Code.WITHDRAWN: N_("This expert has withdrawn from the consultation."),
    Code.LINK_NOT_VALID: N_("This link is not valid, or no longer."),
    Code.NO_SUCH_SESSION: N_("there is no such session"),
    Code.NOT_AGREED: N_("%(code)s has not agreed to take part"),
    Code.NO_SUCH_EXPERT: N_("there is no expert '%(code)s'"),
    Code.NAME_IS_FORGOTTEN: N_("the link between this expert and a person is destroyed"),
    Code.ADDRESS_IS_FORGOTTEN: N_("this expert's address is no longer kept"),
    Code.ADDRESS_OF_ANOTHER: N_("'%(email)s' is the address of %(code)s"),
    Code.NO_SUCH_COLUMNS: N_("there is no %(columns)s to correct; there are: %(known)s"),
    Code.SIGN_IS_HIDDEN: N_(
        "'%(column)s' holds an invisible sign (%(signs)s): %(cell)s (type it again by hand, on one line)"
    ),
    Code.PANEL_IS_FIXED: N_(
        "nobody is replaced or added after round 1 opens; a wrong address or group is mended with "
        "`consult panel correct %(name)s CODE`"
    ),
    Code.NO_ACCOUNT: N_("'%(email)s' has no account"),
    Code.ACCOUNT_EXISTS: N_("'%(email)s' has an account already"),
    Code.NO_ADDRESS: N_(
        "'%(email)s' is not an e-mail address; write one address such as anna@example.org, in Latin letters"
    ),
    Code.ADDRESS_IS_FOREIGN: N_("'%(email)s' has a domain in other letters; write %(offered)s"),
    Code.NAME_HIDES: N_("the name '%(name)s' holds an invisible sign (%(signs)s); type it again by hand"),
    Code.NO_SUCH_ROLE: N_("there is no role '%(name)s'; there are: %(known)s"),
    Code.ROLES_APART: N_(
        "'%(email)s' is %(held)s here and cannot be %(role)s as well: nobody holds both the names "
        "of the panel and its rows; use another account"
    ),
    Code.PASSWORD_LENGTH: N_("a password has %(shortest)s to %(longest)s characters"),
    Code.NO_SUCH_PAGE: N_("this page is not part of your questionnaire"),
    Code.TAKES_NO_ANSWERS: N_("'%(stage)s' takes no answers now"),
    Code.ANSWERS_NOT_READY: N_("%(number)s answers are not valid, or missing and indispensable"),
    Code.SUBMITTED_BEFORE: N_("%(code)s has submitted '%(stage)s' already"),
    Code.BEGUN_ONLINE: N_("%(code)s has begun '%(stage)s' online; only they can go on with it"),
    Code.NOTHING_SUBMITTED: N_("nothing was submitted here"),
    Code.TOO_MANY_LETTERS: N_("%(number)s letters by this link wait already"),
    Code.NO_SUCH_LETTER: N_("there is no letter '%(name)s'"),
    Code.NO_SUCH_MAIL: N_("there is no such mail to decide about"),
    Code.NO_SUCH_MEASURE: N_("there is no measure '%(name)s'"),
    Code.SAME_WORDING: N_("the wording is the same as before"),
    Code.MERGED_INTO_ITSELF: N_("a measure cannot be merged into itself"),
    Code.RATED_ONCE: N_("a measure is never dropped after one rating; it goes into one more round"),
    Code.CHANGE_NEEDS_REASON: N_("say why: the change log of measures is printed in the briefing"),
    Code.NO_SUCH_COMMENT: N_("there is no comment '%(name)s' in a closed stage"),
    Code.WITHHOLDING_NEEDS_REASON: N_("say why this comment is withheld"),
    Code.REASONS_RELEASED: N_("the reasons of this round were released; they cannot change any more"),
    Code.NO_SUCH_PROPOSAL: N_("there is no proposal '%(name)s'"),
    Code.MERGING_NEEDS_REASON: N_("say why it is contained in that measure"),
    Code.TITLE_NEEDS_WORDS: N_("a title needs words"),
    Code.LEAVING_OUT_NEEDS_REASON: N_("say why this proposal is left out: its author will read it"),
    Code.NO_SUCH_STAGE: N_("there is no stage '%(name)s'"),
    Code.OPENED_BEFORE: N_("'%(stage)s' was opened before"),
    Code.OPENING_NEEDS_REASON: N_("opening ahead of time departs from the schedule: say why"),
    Code.OVER_ALREADY: N_("'%(stage)s' would be over already; extend it first"),
    Code.EARLIER_NOT_FROZEN: N_("'%(earlier)s' must be closed and frozen before '%(stage)s' opens"),
    Code.CLOSED_AND_FROZEN: N_("'%(stage)s' is closed and frozen"),
    Code.MOVING_NEEDS_REASON: N_("a changed close departs from the schedule: say why"),
    Code.CLOSE_NOT_AHEAD: N_("the new close must lie ahead, and after the opening"),
    Code.CLOSED_ALREADY: N_("'%(stage)s' is closed already"),
    Code.NOT_OPENED: N_("'%(stage)s' has not been opened"),
    Code.CLOSING_NEEDS_REASON: N_("closing ahead of time departs from the schedule: say why"),
    Code.OTHER_PROTOCOL: N_(
        "the protocol registered on %(date)s has digest %(registered)s, the definition's has "
        "%(digest)s: no verdict is given under another"
    ),
    Code.ROUND_AHEAD: N_("'%(stage)s' is not closed yet: a consultation is finished after its last round"),
    Code.NO_ROUND_HELD: N_("no round was held: there is nothing to finish"),
    Code.FINISHED: N_("the consultation is finished: what became of its measures is final"),
    Code.NO_RESULT: N_("'%(stage)s' has no frozen result yet"),
    Code.NO_RESULT_OF_MEASURE: N_("no results for a measure %(name)s"),
    Code.NOT_RATED_THERE: N_("this measure was not rated in that round, or the round is not frozen"),
    Code.NO_SUCH_CHART: N_("there is no chart %(name)s"),
    Code.NO_SUCH_CONSULTATION: N_("there is no consultation '%(name)s'"),
    Code.NOT_PUBLISHED: N_("this consultation has no published definition"),
    Code.PUBLISHED_ALREADY: N_("'%(name)s' is published already; give another name with --slug"),
    Code.NO_PART_OF_ADDRESS: N_(
        "'%(name)s' cannot be part of an address: use up to %(number)s small letters, digits and single hyphens"
    ),
    Code.NO_SUCH_SCHEDULE: N_("there is no schedule '%(name)s'; there are: %(known)s"),
    Code.TOO_LATE_TO_CORRECT: N_("there are submissions, or the protocol is registered: too late"),
    Code.OTHER_STAGES: N_("a corrected definition keeps the stages of the schedule in use"),
    Code.TIME_LEFT_OUT: N_("'%(time)s' does not exist in %(zone)s: clocks are put forward then; choose another time"),
    Code.TIME_TWICE: N_("'%(time)s' comes twice in %(zone)s: clocks are put back then; choose another time"),
    Code.TIME_OUT_OF_REACH: N_("'%(time)s' is out of reach; choose another time"),
    Code.TIME_MOVED_TOO_FAR: N_("'%(time)s' cannot be moved that far; choose another time"),
    Code.NO_TIME_OF_STAGE: N_("the schedule of '%(stage)s': %(why)s"),
    Code.NO_MOVED_TIME_OF_STAGE: N_("the schedule of '%(stage)s' for this start: %(why)s"),
    Code.NO_SUCH_FILE: N_("there is no file '%(name)s'"),
    Code.NO_SUCH_FORMAT: N_("there is no format '%(name)s'; there are: %(known)s"),
    Code.FILE_NOT_FOR_ROLE: N_("'%(name)s' is not for the role %(role)s"),
    Code.SHEET_IS_FULL: N_("a spreadsheet holds 1 048 575 rows; take another format"),
    Code.NOTHING_TO_PACK: N_("no stage is frozen yet: there is nothing to pack"),
    Code.NO_PACKAGE: N_("%(name)s is not a package: %(error)s"),
    Code.PART_UNREADABLE: N_("%(name)s cannot be read: %(error)s"),
    Code.NO_JSON: N_("%(name)s is not JSON: %(error)s"),
    Code.NESTS_TOO_DEEP: N_("%(name)s nests too deep to be one of a package"),
    Code.TABLE_UNREADABLE: "%(name)s: %(error)s",
    Code.NO_ROW: N_("%(name)s:%(line)s: not a row of the table"),
    Code.ROW_REFUSED: "%(name)s: %(row)s: %(error)s",
    Code.ROW_TWICE: N_("%(name)s: twice the same: %(row)s"),
    Code.OTHER_DEFINITION: N_("definition.json is not the one that results.json names"),
    Code.PACKAGE_OF_OTHER_PROTOCOL: N_("protocol.json is not the protocol of the definition"),
    Code.NO_RESULTS_OF_PACKAGE: N_("results.json is not that of a package: %(error)s"),
    Code.NO_WORD_FILE: N_("this is no Word file"),
    Code.TEMPLATE_NO_WORD_FILE: N_("the template is no Word file: %(error)s"),
    Code.TEMPLATE_FAILS: N_("the template does not work: %(error)s"),
    Code.TYPST_REFUSES: N_("typst does not set this: %(error)s"),
    Code.TYPST_REFUSES_PLACE: N_("typst does not set this (%(place)s): %(error)s"),
    Code.TYPST_REFUSES_TITLES: N_("typst does not set this (titles or sources): %(error)s"),
    Code.FIGURE_NOT_DRAWN: N_("%(label)s %(title)s cannot be drawn: %(error)s"),
    Code.NO_SUCH_SECTION: N_("line %(line)s: there is no section '%(key)s'; there are: %(known)s"),
    Code.NO_LINE_OF_CHECKLIST: N_(
        "line %(line)s: a line of the checklist is 'I1: words', with an empty line before the next"
    ),
    Code.WORDS_BEFORE_SECTION: N_("line %(line)s: words before the first section; a section opens with '## summary'"),
    Code.ENTRIES_ARE_MISSING: N_("between entry %(earlier)s and entry %(later)s entries are missing"),
    Code.ENTRY_DOES_NOT_FOLLOW: N_("entry %(number)s does not follow from the entry before"),
    Code.ENTRY_WAS_CHANGED: N_("entry %(number)s is not what was recorded"),
    Code.DATABASE_IS_BEHIND: N_("The database is behind the program; run `consult db upgrade`."),
    Code.LINE_REFUSED: "%(problems)s",
    Code.PANEL_REFUSED: "%(problems)s",
    Code.FOLDER_REFUSED: "%(problems)s",
    Code.TOLD: "%(words)s",
}
"""A sentence for each code; the values of its facts stand in it by their names."""

FATES: Mapping[tuple[Code, str], str] = {
    (Code.MEASURE_IS_OVER, Fate.DROPPED): N_("%(measure)s was dropped; it cannot be changed any more"),
    (Code.MEASURE_IS_OVER, Fate.MERGED): N_("%(measure)s was merged; it cannot be changed any more"),
    (Code.PROPOSAL_IS_DECIDED, "accepted"): N_("this proposal was accepted before"),
    (Code.PROPOSAL_IS_DECIDED, "merged"): N_("this proposal was merged before"),
    (Code.PROPOSAL_IS_DECIDED, "withheld"): N_("this proposal was withheld before"),
}
"""The sentences about what became of something: one for each fate."""

OF_ROLES = frozenset({"held", "role"})
"""Facts that are roles, which have words."""
JOINED = {Code.PANEL_REFUSED: "\n", Code.FOLDER_REFUSED: "\n", Code.LINE_REFUSED: "; "}
"""What stands between several of a kind, where it is no comma."""


def refusal_sentence(refusal: Refusal, translate: Translate) -> str:
    """Why it cannot be done, in one sentence."""
    between = JOINED.get(refusal.code, ", ")
    values = {
        one.name: _words(one.name, getattr(refusal.facts, one.name), between, translate)
        for one in fields(refusal.facts)
    }
    fate = str(values.get("fate", ""))
    sentence = FATES.get((refusal.code, fate)) or SENTENCES[refusal.code]
    return translate.gettext(sentence) % values


def _words(name: str, value: object, between: str, translate: Translate) -> object:
    if isinstance(value, Refusal):
        return refusal_sentence(value, translate)
    if isinstance(value, tuple):
        return between.join(str(_words(name, one, between, translate)) for one in value)
    return role_words(str(value), translate) if name in OF_ROLES else value


def in_english(error: ConsultError | Refusal) -> str:
    """The sentence for the command line and for logs."""
    refusal = error.refusal if isinstance(error, ConsultError) else error
    return refusal_sentence(refusal, catalogues.catalogue(catalogues.ENGLISH))
