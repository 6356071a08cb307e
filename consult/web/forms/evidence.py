"""The evidence on a measure as its page shows it, or why it shows none."""

from flask_babel import gettext as _

from consult.definition.consultation import Definition
from consult.services.answering.evidence import EvidenceState, MeasureEvidence
from consult.web.forms.rating_views import EvidencePiece, EvidenceView
from consult.web.forms.rendering import RenderContext


def evidence_view(
    known: MeasureEvidence | None, definition: Definition, rendering: RenderContext, *, is_first: bool
) -> EvidenceView | None:
    """Pieces with their dates and sources; that the protocol leaves them out is said once a visit."""
    if known is None:
        return None
    labels = {source.key: source.label for source in definition.sources}
    pieces = [
        EvidencePiece(piece.date, rendering.text(piece.text), [rendering.text(labels[key]) for key in piece.sources])
        for piece in known.pieces
    ]
    said = ""
    if known.state == EvidenceState.LEFT_OUT and is_first:
        said = _("Evidence from elsewhere is left out on purpose: please rate by what you know yourself.")
    elif known.state == EvidenceState.AFTER_RATING:
        said = _("Once you have rated this measure, you can read the evidence on it here.")
    elif known.state == EvidenceState.NONE:
        said = _("No evidence was collected on this measure.")
    return EvidenceView(pieces, said)
