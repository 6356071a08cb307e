"""Words for what the engine knows as codes: problems, kinds of no-answer, states."""

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis.protocol.states import NoAnswer, Verdict
from consult.definition.asked import Problem
from consult.definition.text import Shown
from consult.web.views import Tag, Words


def problem_text(problem: Problem) -> str:
    """What is wrong with an answer and how to fix it, in the reader's language."""
    numbers = problem.numbers
    maker = PROBLEMS.get(problem.code)
    return maker(numbers) if maker else _("Please check this answer.")


PROBLEMS = {
    # Translators: question, answer: of a questionnaire.
    "required": lambda n: _("Please answer this question."),
    "indispensable": lambda n: _("Nothing can be submitted without this answer."),
    "not_an_option": lambda n: _("Choose one of the answers offered."),
    "choose_one": lambda n: _("Choose one answer only."),
    "chosen_before": lambda n: _("You named this one before: choose another."),
    "chosen_twice": lambda n: _("One answer was sent twice: choose again."),
    "excludes_others": lambda n: _("This answer cannot be combined with others: keep only one of them."),
    "too_many": lambda n: ngettext("Choose at most %(num)s answer.", "Choose at most %(num)s answers.", n["max"]),
    "too_few": lambda n: ngettext("Choose at least %(num)s answer.", "Choose at least %(num)s answers.", n["min"]),
    "other_needs_text": lambda n: _("Please say in your own words which one you mean."),
    "too_long": lambda n: ngettext(
        "Please shorten the text to %(num)s character.", "Please shorten the text to %(num)s characters.", n["max"]
    ),
    "too_short": lambda n: ngettext(
        "Please write at least %(num)s character.", "Please write at least %(num)s characters.", n["min"]
    ),
    # Translators: scale: the ordered points of a rating, such as 1 to 9.
    "not_a_point": lambda n: _("Choose one of the points of the scale."),
    "not_a_number": lambda n: _("Enter a whole number from %(min)s to %(max)s.", min=n["min"], max=n["max"]),
    "confirm_number": lambda n: _(
        "%(number)s is a large number. Tick the box if it is right, or change it.", number=n["number"]
    ),
    "ranked_twice": lambda n: _("This one already has a place: choose another."),
    "rank_incomplete": lambda n: ngettext(
        "Choose an answer for %(num)s place.", "Choose an answer for each of the %(num)s places.", n["places"]
    ),
    "points_or_dont_know": lambda n: _("Either share out the points or say that you do not know."),
    "not_points": lambda n: _("Enter whole numbers from 0 to %(max)s.", max=n["max"]),
    "points_sum": lambda n: _(
        "The points add up to %(sum)s. Please make them %(total)s.", sum=n["sum"], total=n["total"]
    ),
}


def no_answer_text(state: str) -> str:
    """The words of one kind of no-answer."""
    words: dict[str, str] = {
        # Translators: this and the next three are answers that give no rating; never counted as a low one.
        NoAnswer.DONT_KNOW: _("I do not know"),
        NoAnswer.NOT_MY_FIELD: _("Not my field"),
        NoAnswer.NOT_IN_MY_COUNTRY: _("Does not apply in my country"),
        NoAnswer.ABSTAINED: _("I prefer not to say"),
    }
    return words.get(state, _("No answer"))


def place_text(place: int) -> str:
    """The name of a place in a ranking."""
    return {1: _("First"), 2: _("Second"), 3: _("Third"), 4: _("Fourth"), 5: _("Fifth")}.get(
        place, _("Place %(place)s", place=place)
    )


def state_text(state: str) -> Tag:
    """A stage's state in words, with its colour."""
    label, kind = {
        # Translators: this and the next six are tags of a stage.
        "planned": (_("not open yet"), ""),
        "due": (_("opens in a moment"), ""),
        "open": (_("open"), "blue"),
        "grace": (_("closing now"), "bad"),
        "ended": (_("over"), ""),
        "missed": (_("not held"), ""),
        "closed": (_("closed"), ""),
    }[state]
    return Tag(label, kind)


def verdict_text(verdict: Verdict, agreed: Shown | None, agreed_low: Shown | None) -> Words:
    """The verdict of a settled measure under one criterion, in words for experts.

    `agreed`, `agreed_low`: the criterion's own words for agreement on a high and on a low rating.
    Without them the words must be true of any criterion: they stand behind its label.
    """
    return {
        # Translators: stands behind “Feasibility:” or another criterion: the panel agrees, and rates it high.
        Verdict.IN: agreed or _("rated high, agreed"),
        Verdict.OUT: agreed_low or _("rated low, agreed"),
        # Translators: agreement: how alike the ratings are; not the word for consent.
        Verdict.NONE: _("no agreement"),
        Verdict.NOT_JUDGED: _("the panel could not judge"),
    }[verdict]
