"""A briefing in any of its forms. Loads what writes Word files and PDF: import it where needed."""

from consult.briefing import docx, html, pdf
from consult.briefing.model import Briefing

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def write(briefing: Briefing, form: str, template: bytes | None = None) -> bytes:
    """The file: `html`, `docx` or `pdf`. Raises NotPossible when a template does not work."""
    if form == "docx":
        return docx.write(briefing, template)
    if form == "pdf":
        return pdf.write(briefing, template)
    return html.render(briefing, briefing.language, template).encode()
