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
    rule = definition.protocol.disclosure
    has_rounds = any(stage.kind == "round" for stage in definition.stages)
    for_office = [
        question.key
        for question in definition.questions.values()
        if question.recipient == "secretariat"
    ]
    whole_panel = [
        _(
            "how answers are spread over the whole panel, if at least %(number)s answered",
            number=rule.distribution,
        ),
        _("a median, if at least %(number)s answered", number=rule.median),
    ]
    reasons = _("reasons of the whole panel, without names, perhaps paraphrased, if at least "
                "%(number)s answered", number=rule.reasons)  # fmt: skip
    office = ngettext(
        "your answer to %(num)s question addressed to it, with your name; the page says so",
        "your answers to %(num)s questions addressed to it, with your name; the page says so",
        len(for_office),
    )
    nothing_single = _("what any single expert answered")
    return [
        Party(
            _("Other experts"),
            [*whole_panel, *([reasons] if has_rounds else [])],
            [_("who takes part, or who has answered"), nothing_single],
        ),
        Party(
            _("The facilitator"),
            [_("who is invited and who has submitted"), _("comments and proposals without names")],
            [nothing_single, _("anything of a stage before it closes but how many answered")],
        ),
        Party(
            _("The secretariat"),
            [_("who is invited and who has submitted"), _("released results"),
             *([office] if for_office else [])],
            [nothing_single],
        ),
        Party(
            _("The analyst"),
            [
                _("answers under a random name, without times, in random order"),
                _("your reporting group, if at least %(number)s share it", number=rule.rows_k),
                _("free texts in a file of their own, without the random name"),
            ],
            [_("your name, address, country or role")],
        ),
        Party(
            _("Readers of the briefing"),
            [_("released results of the whole panel"),
             _("figures by reporting group, if each has at least %(number)s answers",
               number=rule.subgroup)],
            [_("who took part, unless they agreed to be named"), nothing_single],
        ),
    ]  # fmt: skip
