"""The journal in words: acts and actors are stored as English words, for good, and read here."""

from collections.abc import Mapping

from consult.words.phrases import N_, Translate, said

ACTS: Mapping[str, str] = {
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
    "finish": N_("finish the consultation"),
    "forget panel": N_("forget panel"),
    "grant role": N_("grant role"),
    "import panel": N_("import panel"),
    "invite": N_("invite"),
    "letter": N_("letter to the secretariat"),
    "mail closed": N_("mail that a stage is closed"),
    "mail finished": N_("mail that the consultation is finished"),
    "mail moved": N_("mail a new deadline"),
    "mail last-day": N_("mail last-day"),
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
    "withhold figures": N_("withhold figures that could be worked out from earlier releases"),
    "withhold proposal": N_("withhold proposal"),
}

ACTORS: Mapping[str, str] = {
    "clock": N_("clock"),
    "command line": N_("command line"),
    "expert": N_("expert"),
    "visitor": N_("visitor"),
}
"""Who acts without an account."""


def act_words(act: str, translate: Translate) -> str:
    """An act as it is stored, in words; one that is not known here as it is."""
    return said(ACTS, act, translate)


def actor_words(actor: str, translate: Translate) -> str:
    """Who did it: an account by its address, all others in words."""
    return said(ACTORS, actor, translate)
