"""The mails at the end of a stage, and of the whole consultation."""

from consult.definition.consultation import Definition
from consult.services.mail import mails
from consult.services.mail.mails import Mail
from consult.words.catalogues import catalogue


def closed(
    definition: Definition,
    language: str,
    name: str,
    stage_title: str,
    following: str,
    *,
    has_submitted: bool,
    is_saved_only: bool = False,
) -> Mail:
    """A stage is closed, to whoever answered it or began to. `following`: what opens next."""
    t = catalogue(language)
    if is_saved_only:
        words = t.gettext(
            "\u201c%(stage)s\u201d is closed. You did not submit it: the pages you went on from count, "
            "and nobody can change them any more."
        )
    elif has_submitted:
        words = t.gettext(
            "\u201c%(stage)s\u201d is closed. Thank you: your answers count, and nobody can change them any more."
        )
    else:
        words = t.gettext(
            "\u201c%(stage)s\u201d is closed. You had begun it and not submitted it, "
            "so what you typed does not count. You are welcome in every later "
            "stage."
        )
    return Mail(
        t.gettext("%(stage)s is closed: %(title)s")
        % {"stage": stage_title, "title": mails.title_in(definition, language)},
        mails.letter(definition, language, name, words % {"stage": stage_title}, following),
    )


def finished(definition: Definition, language: str, name: str, address: str) -> Mail:
    """The consultation is finished, to whoever answered in it. `address`: its public results."""
    t = catalogue(language)
    return Mail(
        t.gettext("Results: %(title)s") % {"title": mails.title_in(definition, language)},
        mails.letter(
            definition,
            language,
            name,
            t.gettext("the last round is over and the results are final. Thank you for your time and your judgement."),
            t.gettext("What became of every proposed measure stands here:") + f"\n{address}",
        ),
    )


def following(language: str, stage_title: str, opens: str) -> str:
    """One sentence on the stage that opens next."""
    return catalogue(language).gettext("Next: \u201c%(stage)s\u201d opens on %(moment)s.") % {
        "stage": stage_title,
        "moment": opens,
    }
