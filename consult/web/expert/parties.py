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
            _("The facilitator"),
            [
                _("who is invited and who has submitted"),
                _("comments and proposals without names"),
                _("answers given by telephone or on paper, which are entered for you"),
            ],
            [_single(), _("anything of a stage before it closes but how many answered")],
        ),
        _secretariat(definition),
        _analyst(definition),
        Party(
            _("Readers of the briefing"),
            [
                _("released results of the whole panel"),
                _(
                    "figures by reporting group, if each has at least %(number)s answers",
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
            _(
                "reasons of the whole panel, without names, perhaps paraphrased, if at least %(number)s answered",
                number=rule.reasons,
            )
        )
    return Party(_("Other experts"), can, [_("who takes part, or who has answered"), _single()])


def _secretariat(definition: Definition) -> Party:
    can = [_("who is invited and who has submitted"), _("released results")]
    addressed = sum(question.recipient == "secretariat" for question in definition.questions.values())
    if addressed:
        can.append(
            ngettext(
                "your answer to %(num)s question addressed to it, with your name; the page says so",
                "your answers to %(num)s questions addressed to it, with your name; the page says so",
                addressed,
            )
        )
    return Party(_("The secretariat"), can, [_single()])


def _analyst(definition: Definition) -> Party:
    can = [
        _("answers under a random name, without times, in random order"),
        _("your reporting group, if at least %(number)s share it", number=definition.protocol.disclosure.rows_k),
        _("free texts in a file of their own, without the random name"),
    ]
    return Party(_("The analyst"), can, [_("your name, address, country or role")])
