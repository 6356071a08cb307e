"""Who can learn what: told from the definition's own rules, so that it cannot say otherwise."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.definition.consultation import Definition


@dataclass(frozen=True, slots=True)
class Party:
    """One kind of reader, what they can learn and what they cannot."""

    name: str
    can: list[str]
    cannot: list[str]


def parties(definition: Definition) -> list[Party]:
    """Every party, the readers of the briefing included, with this consultation's own limits."""
    return [
        _experts(definition),
        Party(
            # Translators: the person who runs the consultation; no administrator, no chair of a debate.
            _("The facilitator"),
            [
                # Translators: who has submitted: who has handed in answers.
                _("who is invited and who has submitted"),
                # Translators: comment: free text given with a rating; proposal: a measure that an expert puts forward.
                _("comments and proposals without names"),
                _("answers given by telephone or on paper, which are entered for you"),
            ],
            [_single(), _("anything of a stage before it closes but how many answered")],
        ),
        _secretariat(definition),
        _analyst(definition),
        Party(
            # Translators: briefing: the document of results for those who decide.
            _("Readers of the briefing"),
            [
                # Translators: approved to be shown to the secretariat and to readers; that is not yet published.
                _("results of the whole panel that are approved to be shown"),
                _(
                    "figures for groups of experts, if each group has at least %(number)s answers",
                    number=definition.protocol.disclosure.subgroup,
                ),
            ],
            [_("who took part, unless they agreed to be named"), _single()],
        ),
    ]


def _single() -> str:
    return str(_("what any single expert answered"))


def _experts(definition: Definition) -> Party:
    rule = definition.protocol.disclosure
    can = [
        _("how answers are spread over the whole panel, if at least %(number)s answered", number=rule.distribution),
        _("a median, if at least %(number)s answered", number=rule.median),
    ]
    if any(stage.kind == "round" for stage in definition.stages):
        can.append(
            # Translators: paraphrased: said in other words by those who run the consultation.
            _(
                "reasons of the whole panel, without names, perhaps paraphrased, if at least %(number)s answered",
                number=rule.reasons,
            )
        )
    return Party(_("Other experts"), can, [_("who takes part, or who has answered"), _single()])


def _secretariat(definition: Definition) -> Party:
    can = [_("who is invited and who has submitted"), _("results approved to be shown")]
    addressed = sum(question.recipient == "secretariat" for question in definition.questions.values())
    if addressed:
        can.append(
            ngettext(
                "your answer to %(num)s question addressed to it, with your name; the page says so",
                "your answers to %(num)s questions addressed to it, with your name; the page says so",
                addressed,
            )
        )
    # Translators: the office of the organisation that runs the consultation.
    return Party(_("The secretariat"), can, [_single()])


def _analyst(definition: Definition) -> Party:
    can = [
        _("answers under a random pseudonym, without times, in random order"),
        # Translators: reporting group: one of a few large groups of experts, such as all from public offices.
        _(
            "your group in the results, if at least %(number)s experts are in it",
            number=definition.protocol.disclosure.rows_k,
        ),
        _("free texts in a file of their own, without the pseudonym"),
    ]
    # Translators: whoever works with the data; never sees a name.
    return Party(_("The analyst"), can, [_("your name, e-mail address, country or role")])
