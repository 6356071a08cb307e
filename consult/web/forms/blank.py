"""A questionnaire on one sheet: everything that may be asked, to be read or to be entered."""

from consult.services.answering.entering import Part
from consult.web.forms.questions import draw
from consult.web.forms.rendering import RenderContext
from consult.web.forms.views import BlankPart, BlankQuestion


def draw_part(part: Part, rendering: RenderContext) -> BlankPart:
    """A section or a measure with all its questions."""
    return BlankPart(
        title=rendering.text(part.title),
        intro=rendering.text(part.intro),
        questions=[BlankQuestion(draw(one, rendering), one.key in part.depends) for one in part.asked],
    )
