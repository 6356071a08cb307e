"""One page of HTML with everything `consult analyse` found: charts, their words and their tables.

The page holds the charting library itself and asks nothing of the network; a policy in it forbids
the browser to. Without scripts the words and tables remain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, FunctionLoader, PackageLoader, StrictUndefined

from analysis.figures.labels import file_labels
from analysis.figures.rounds import participation_flow
from analysis.model.file import Document
from analysis.model.stage import Stage
from consult.commands import analyse_panels, analyse_tables
from consult.commands.analyse_figures import ShownFigure, figures, shown
from consult.commands.analyse_statistics import sections

LIBRARY = "plotly.min.js"


@dataclass(frozen=True, slots=True)
class ShownRound:
    """One round on the page."""

    key: str
    headline: str
    verdicts: str
    sentences: tuple[str, ...]
    panel: str
    notes: tuple[str, ...]
    groups: tuple[str, ...]
    figures: tuple[ShownFigure, ...]


def page(document: Document, name: str) -> str:
    """The whole page. ``name`` is that of the file of ratings."""
    labels = file_labels(document.stages)
    return (
        _environment()
        .get_template("analyse.html")
        .render(
            title=f"Ratings in {name}",
            opening=analyse_tables.opening(document),
            hollow=[analyse_tables.hollow_sentence(found) for found in document.hollow],
            rounds=list(_rounds(document, labels)),
            flow=shown("Participation", participation_flow(document.stages, document.flow or (), labels)),
            statistics=list(sections(document)),
            closing=list(analyse_tables.closing(document)),
        )
    )


@cache
def _environment() -> Environment:
    loader = ChoiceLoader([PackageLoader("consult.commands"), FunctionLoader(_library)])
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)


def _library(name: str) -> str | None:
    """The charting library as it may stand inside a page, for no template to read."""
    if name != LIBRARY:
        return None
    script = files("plotly").joinpath("package_data", LIBRARY).read_text(encoding="utf-8")
    return "{% raw %}" + script.replace("</script", "<\\/script") + "{% endraw %}"


def _rounds(document: Document, labels: dict[str, str]) -> Iterator[ShownRound]:
    stages: Sequence[Stage] = document.stages
    for number, stage in enumerate(stages):
        drawn = figures(stage, stages[:number], labels)
        yield ShownRound(
            key=stage.stage,
            headline=analyse_tables.headline(document, stage),
            verdicts=analyse_tables.verdict_table(document, stage),
            sentences=tuple(analyse_tables.sentences(document, stage)),
            panel=analyse_panels.panel_table(stage) if stage.panel else "",
            notes=tuple(analyse_panels.panel_notes(stage)),
            groups=tuple(analyse_panels.subgroup_tables(stage)),
            figures=tuple(shown(heading, figure) for heading, figure in drawn),
        )
