"""Questions as markup. What is the same for all who gave the same answer is drawn once, then kept."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import get_locale

from consult.definition.answers import answer_type
from consult.definition.asked import AskedQuestion
from consult.definition.question import AnyQuestion
from consult.definition.text import Shown
from consult.recent import Recent
from consult.web.forms.questions import draw
from consult.web.forms.rendering import RenderContext
from consult.web.forms.views import GroupControl

KEPT = frozenset({"scale", "matrix", "single", "multi", "consent"})
"""Types whose questions look alike for many; what is typed in words hardly ever comes twice."""
AT_MOST = 4_000
LONGEST = 6_000
"""Pieces that are kept, and characters of each: 24 million at most, the oldest unused go first."""
SHORT = 60
"""Characters of an answer beyond which it is somebody's own."""


@dataclass(frozen=True, slots=True)
class QuestionPiece:
    """A question drawn as markup; `text` is its wording, `shown` how many of its group."""

    text: Shown | None
    html: str
    shown: int | None


PIECES: Recent[tuple[AnyQuestion, str]] = Recent(AT_MOST)
"""Markup by everything it was drawn from. The question stands beside it: one of another definition that
has its place in memory is no match."""


def question_piece(asked: AskedQuestion, rendering: RenderContext, *, lone: bool) -> QuestionPiece:
    """A question as a page shows it; `lone`: it is the only one there, and its wording the heading."""
    key = _key(asked, rendering, lone)
    text = rendering.text(asked.question.text)
    known = PIECES.get(key) if key is not None else None
    if known is not None and known[0] is asked.question:
        return QuestionPiece(text, known[1], None)
    drawn = draw(asked, rendering)
    pieces: Any = current_app.jinja_env.get_template("expert/piece.html").module
    html: str = pieces.piece(drawn, lone)  # what a macro gives is markup
    if key is not None and len(html) <= LONGEST:
        PIECES.put(key, (asked.question, html))
    return QuestionPiece(text, html, drawn.control.shown if isinstance(drawn.control, GroupControl) else None)


def _key(asked: AskedQuestion, rendering: RenderContext, lone: bool) -> Hashable | None:
    """Everything that the drawing depends on; None where it is one reader's own."""
    question = asked.question
    if asked.type not in KEPT or rendering.problems or not _is_fixed(question):
        return None
    typed = tuple((name, *rendering.inputs.get(name, ())) for name in answer_type(asked).names(asked))
    if sum(len(value) for _name, *values in typed for value in values) > SHORT:
        return None
    prefill = getattr(question, "prefill", None)
    return (
        id(question),
        asked.key,
        lone,
        str(get_locale()),
        rendering.language,
        tuple(rendering.order),
        rendering.zone,
        tuple(rendering.windows.items()),
        tuple(option.key for option in (*asked.options, *asked.rows)),
        asked.refused,
        (rendering.attributes or {}).get(prefill) if prefill else None,
        typed,
    )


def _is_fixed(question: AnyQuestion) -> bool:
    """Whether its options and rows stand in the definition: then their keys tell their words."""
    return all(source.options is not None or source.list_ is not None for source in question.sources())
