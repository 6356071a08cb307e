"""One page of HTML with everything `consult analyse` found: charts, their words and their tables.

The page holds the charting library itself and asks nothing of the network; a policy in it forbids
the browser to. Without scripts the words and tables remain.
"""

import html
from collections.abc import Iterator
from importlib.resources import files

from analysis.figures.rounds import participation_flow
from analysis.model.file import Document
from analysis.protocol.protocol import Protocol
from consult.commands import analyse_panels, analyse_tables
from consult.commands.analyse_figures import _shown, figures

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
pre { overflow-x: auto; background: #f6f6f6; padding: 1rem }
table { border-collapse: collapse } td, th { padding: .1rem .6rem; text-align: left }
th { border-bottom: 1px solid #888 } figure { margin: 2rem 0 } summary { cursor: pointer }
"""
DRAW = """
document.querySelectorAll('[data-figure]').forEach(function (place) {
  var figure = JSON.parse(place.querySelector('script').textContent);
  var box = document.createElement('div');
  place.prepend(box);
  Plotly.newPlot(box, figure.data, figure.layout,
    { displayModeBar: false, displaylogo: false, responsive: true });
});
"""


def page(document: Document, name: str) -> str:
    """The whole page. ``name`` is that of the file of ratings."""
    title = html.escape(f"Ratings in {name}")
    body = "\n".join(_body(document))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f"{body}\n<script>{_library()}</script>\n<script>{DRAW}</script>\n</body>\n</html>\n"
    )


def _library() -> str:
    """The charting library as it may stand inside a page."""
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script")


def _body(document: Document) -> Iterator[str]:
    parts = list(analyse_tables.printed(document))
    yield "".join(f"<p>{html.escape(line)}</p>" for line in parts[0].splitlines())
    for found in document.hollow:
        yield f"<p><strong>{html.escape(analyse_tables.hollow_sentence(found))}</strong></p>"
    labels = _labels(document)
    for number, stage in enumerate(document.stages):
        before = document.stages[:number]
        yield f"<h2>Round {html.escape(stage.stage)}</h2>"
        yield f"<pre>{html.escape(analyse_tables.verdict_table(document, stage))}</pre>"
        sentences = analyse_tables.sentences(document, stage)
        yield "<ul>" + "".join(f"<li>{html.escape(words)}</li>" for words in sentences) + "</ul>"
        if stage.panel:
            yield f"<pre>{html.escape(analyse_panels.panel_table(stage))}</pre>"
            notes = analyse_panels.panel_notes(stage)
            yield "".join(f"<p>{html.escape(words)}</p>" for words in notes)
        for table in analyse_panels.subgroup_tables(stage):
            yield f"<pre>{html.escape(table)}</pre>"
        for heading, figure in figures(stage, before, labels):
            yield _shown(heading, figure)
    yield _shown("Participation", participation_flow(document.stages, document.flow or (), labels))
    for part in parts[_first_of_the_end(document, parts) :]:
        yield f"<pre>{html.escape(part)}</pre>"


def _first_of_the_end(document: Document, parts: list[str]) -> int:
    """Where the parts begin that belong to no round: ranking, groups, digest."""
    ranking = 2 if document.ranking else 0
    groups = 1 if document.opinion_groups else 0
    return len(parts) - ranking - groups - 1


def _labels(document: Document) -> dict[str, str]:
    """Charts read markup in names, and the file's names are anybody's."""
    keys = {key for stage in document.stages for key in (stage.stage, *stage.measures)}
    keys |= {one.key for one in Protocol.from_dict(document.protocol).criteria}
    return {key: html.escape(key, quote=False) for key in keys}
