"""A briefing as one HTML file: styles and figures inside, no script, nothing fetched."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError

from consult.briefing.context import sentence
from consult.briefing.figures_svg import draw
from consult.briefing.folding import details
from consult.briefing.model import Briefing
from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import Failed
from consult.words.catalogues import catalogue


@cache
def _environment(language: str) -> Environment:
    found = Environment(
        loader=PackageLoader("consult.briefing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.install_gettext_translations(  # type: ignore[attr-defined]
        catalogue(language), newstyle=True
    )
    found.globals["draw"] = draw
    found.filters["sentence"] = sentence
    found.filters["kind"] = lambda block: type(block).__name__.lower()
    return found


def render(briefing: Briefing, language: str, template: bytes | None = None) -> str:
    """The whole file. `language` is that of the frame and should be the briefing's own.

    `template`: a Jinja template in place of the own one; it may import `briefing/blocks.html`.
    Raises NotPossible when it does not work.
    """
    places = {entry.key: place for place, entry in enumerate(briefing.sources, start=1)}
    environment = _environment(language)
    try:
        found = (
            environment.get_template("briefing/briefing.html")
            if template is None
            else environment.from_string(template.decode())
        )
        return found.render(briefing=briefing, language=language, places=places, details=details(briefing))
    except (TemplateError, UnicodeDecodeError) as error:
        raise NotPossible(Refusal(Code.TEMPLATE_FAILS, Failed(str(error)))) from error
