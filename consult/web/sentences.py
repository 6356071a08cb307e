"""What services say in English, in the reader's language: refusals, acts and breaks of the journal.

Services know no reader. Their sentences stand here once more, as patterns of the catalogue; one
that has no pattern is shown as it was written.
"""

import re
from functools import cache

from flask_babel import gettext as _

from consult.errors import ConsultError
from consult.words.wording import N_

REFUSED = (
    N_("'%(time)s' does not exist in %(zone)s: clocks are put forward then; choose another time"),
    N_("'%(time)s' comes twice in %(zone)s: clocks are put back then; choose another time"),
    N_("'%(time)s' is out of reach; choose another time"),
    N_("'%(name)s' is not for the role %(role)s"),
    N_("'%(email)s' is the address of %(code)s"),
    N_("the wording is the same as before"),
    N_("a measure cannot be merged into itself"),
    N_("a measure is never dropped after one rating; it goes into one more round"),
    N_("say why: the change log of measures is printed in the briefing"),
    N_("%(measure)s was dropped; it cannot be changed any more"),
    N_("%(measure)s was merged; it cannot be changed any more"),
    N_("say why this comment is withheld"),
    N_("the reasons of this round were released; they cannot change any more"),
    N_("this proposal was accepted before"),
    N_("this proposal was merged before"),
    N_("this proposal was withheld before"),
    N_("say why it is contained in that measure"),
    N_("a title needs words"),
    N_("say why this proposal is left out: its author will read it"),
    N_("'%(stage)s' takes no answers now"),
    N_("'%(earlier)s' must be closed and frozen before '%(stage)s' opens"),
    N_(
        "the protocol registered on %(date)s has digest %(registered)s, the definition's has "
        "%(digest)s: no verdict is given under another"
    ),
    N_("'%(stage)s' was opened before"),
    N_("opening ahead of time departs from the schedule: say why"),
    N_("'%(stage)s' would be over already; extend it first"),
    N_("'%(stage)s' is closed and frozen"),
    N_("a changed close departs from the schedule: say why"),
    N_("the new close must lie ahead, and after the opening"),
    N_("'%(stage)s' is closed already"),
    N_("'%(stage)s' has not been opened"),
    N_("closing ahead of time departs from the schedule: say why"),
    N_("a spreadsheet holds 1 048 575 rows; take another format"),
    N_("no stage is frozen yet: there is nothing to pack"),
    N_("a password has %(shortest)s to %(longest)s characters"),
    N_("%(code)s has submitted '%(stage)s' already"),
    N_("%(code)s has begun '%(stage)s' online; only they can go on with it"),
    N_("Your role does not allow this."),
    N_("Answers are taken only after consent."),
)

BREAKS = (
    N_("between entry %(earlier)s and entry %(later)s entries are missing"),
    N_("entry %(number)s does not follow from the entry before"),
    N_("entry %(number)s is not what was recorded"),
)

ACTS = {
    "accept comment": N_("accept comment"),
    "add measure": N_("add measure"),
    "close stage": N_("close stage"),
    "correct expert": N_("correct expert"),
    "count mail as sent": N_("count mail as sent"),
    "delete letter": N_("delete letter"),
    "download": N_("download"),
    "drop measure": N_("drop measure"),
    "end links": N_("end links"),
    "enter answers": N_("enter answers"),
    "entitle proposal": N_("say a proposal's title for readers"),
    "extend stage": N_("extend stage"),
    "forget panel": N_("forget panel"),
    "grant role": N_("grant role"),
    "import panel": N_("import panel"),
    "invite": N_("invite"),
    "letter": N_("letter to the secretariat"),
    "mail closed": N_("mail that a stage is closed"),
    "mail moved": N_("mail a new deadline"),
    "mail next-round": N_("mail next-round"),
    "mail reminder": N_("mail reminder"),
    "merge measure": N_("merge measure"),
    "merge proposal": N_("merge proposal"),
    "new link": N_("new link"),
    "open stage": N_("open stage"),
    "publish": N_("publish"),
    "register protocol": N_("register protocol"),
    "republish": N_("republish"),
    "reword measure": N_("reword measure"),
    "send mail again": N_("send mail again"),
    "withdraw": N_("withdraw"),
    "withhold comment": N_("withhold comment"),
    "withhold figures": N_("withhold figures that earlier releases would complete"),
    "withhold proposal": N_("withhold proposal"),
}

ACTORS = {
    "clock": N_("clock"),
    "command line": N_("command line"),
    "expert": N_("expert"),
    "visitor": N_("visitor"),
}
"""Who acts without an account."""


def refusal_text(refusal: ConsultError) -> str:
    """Why a service said no."""
    return _again(str(refusal), REFUSED)


def break_text(words: str) -> str:
    """One break in the chain of the journal."""
    return _again(words, BREAKS)


def act_text(act: str) -> str:
    """An act of the journal in words."""
    return _(ACTS[act]) if act in ACTS else act


def actor_text(actor: str) -> str:
    """Who did it: an account by its address, all others in words."""
    return _(ACTORS[actor]) if actor in ACTORS else actor


def _again(words: str, messages: tuple[str, ...]) -> str:
    """The sentence in the reader's language, with the same names and numbers in it."""
    for message in messages:
        found = _pattern(message).fullmatch(words)
        if found is not None:
            return _(message) % found.groupdict()
    return words


@cache
def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", message)
    pairs = zip(parts[::2], [*(f"(?P<{name}>.+)" for name in parts[1::2]), ""], strict=True)
    return re.compile("".join(re.escape(text) + group for text, group in pairs))
