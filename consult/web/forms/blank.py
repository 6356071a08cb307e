"""A questionnaire on one sheet: everything that may be asked, to be read or to be entered."""

from consult.services.answering.entering import Part
from consult.web.forms.pen import Pen
from consult.web.forms.questions import draw
from consult.web.forms.views import BlankPart, BlankQuestion


def draw_part(part: Part, pen: Pen) -> BlankPart:
    """A section or a measure with all its questions."""
    return BlankPart(
        title=pen.text(part.title),
        intro=pen.text(part.intro),
        questions=[BlankQuestion(draw(one, pen), one.key in part.depends) for one in part.asked],
    )
