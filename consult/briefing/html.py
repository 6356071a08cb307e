"""A briefing as one HTML file: styles and figures inside, no script, nothing fetched."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from consult.briefing.figures_svg import draw
from consult.briefing.given import sentence
from consult.briefing.model import Briefing
from consult.briefing.wording import translations


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
        translations(language), newstyle=True
    )
    found.globals["draw"] = draw
    found.filters["sentence"] = sentence
    found.filters["kind"] = lambda block: type(block).__name__.lower()
    return found


def render(briefing: Briefing, language: str) -> str:
    """The whole file. `language` is that of the frame and should be the briefing's own."""
    places = {entry.key: place for place, entry in enumerate(briefing.sources, start=1)}
    template = _environment(language).get_template("briefing/briefing.html")
    return template.render(briefing=briefing, language=language, places=places)
