"""Questionnaires and measures as a flat list of variables: the columns of the data."""

from collections.abc import Iterable, Iterator

from consult.definition.answers import answer_type
from consult.definition.answers.base import Variable
from consult.definition.choosing import MeasureChoice, RoutingContext
from consult.definition.consultation import Definition
from consult.definition.question import Questionnaire
from consult.definition.routing import ask


def questionnaire_variables(
    questionnaire: Questionnaire, definition: Definition, measures: Iterable[MeasureChoice] = ()
) -> Iterator[Variable]:
    """Every variable of a questionnaire, in its order.

    `measures` are all measures known when the stage opens; they are options of some questions.
    """
    context = RoutingContext(definition, measures={"all": tuple(measures)})
    for question in questionnaire.questions():
        asked = ask(question, context, whole=True)
        if asked is not None:
            yield from answer_type(asked).variables(asked)


def rating_variables(measure: str, definition: Definition) -> Iterator[Variable]:
    """The variables of one measure: one per criterion, the same in every round."""
    assert definition.measures is not None
    for criterion in definition.measures.criteria:
        scale = definition.scales[criterion.scale]
        yield Variable(
            key=f"{measure}.{criterion.key}",
            question=measure,
            level=scale.level,
            scale=criterion.scale,
            labels=(),
            text=criterion.label,
            disclosure="open",
            recipient="analysis",
        )
