"""Charts of questionnaires: the same rows at several times, and lists before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.model.stage import PairResult, VariableResult
from consult.services.frozen.codebook import Cell, CodebookVariable, Reader, codebook, reader
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import Chart, ChartChoices, ChartColumn, NothingToShow
from consult.web.results.charts import change_chart, cut
from consult.web.results.frozen import FrozenStage, frozen_stages, stage_title
from consult.web.results.survey import pair_words

LETTERS = 90
"""Of a question where it is one choice among others."""
ALONE = "alone"
"""The row of a question that has none."""


@dataclass(frozen=True, slots=True)
class Times:
    """A question in one frozen stage: its released blocks and its variables by row."""

    key: str
    stage: FrozenStage
    variables: Mapping[str, CodebookVariable]

    @property
    def any(self) -> CodebookVariable:
        return next(iter(self.variables.values()))

    def block(self, row: str) -> VariableResult | None:
        variable = self.variables.get(row)
        return self.stage.numbers.variables.get(variable.key) if variable else None


def row_of(variable: CodebookVariable) -> str:
    """The part of a variable's key below its question."""
    return variable.key.removeprefix(variable.question).lstrip(".") or ALONE


def asked_questions(ctx: RequestContext, levels: Sequence[str]) -> list[Times]:
    """Released questions of these levels of measurement, in the order of their stages."""
    known = codebook(ctx.session, ctx.consultation)
    found = []
    for stage in frozen_stages(ctx):
        own: dict[str, dict[str, CodebookVariable]] = {}
        for key, variable in known.items():
            is_released = key in stage.numbers.variables and not variable.is_rating
            if is_released and variable.level in levels:
                own.setdefault(variable.question, {})[row_of(variable)] = variable
        found += [Times(question, stage, rows) for question, rows in own.items()]
    return found


def families(found: Sequence[Times]) -> dict[str, list[Times]]:
    """Questions that set the same rows side by side, or were asked again, by the first's key."""
    by_first: dict[str, list[Times]] = {}
    home: dict[str, str] = {}
    for one in found:
        earlier = (one.any.earlier or "").partition(".")[0]
        same = next(
            (
                key
                for key, family in by_first.items()
                if ALONE not in one.variables
                and len(one.variables) > 1
                and one.variables.keys() == family[0].variables.keys()
            ),
            one.key,
        )
        first = home.get(earlier, same)
        home[one.key] = first
        by_first.setdefault(first, []).append(one)
    return by_first


def before_after(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """What was, is and is expected, row by row; and how many people changed their answer."""
    known = {
        key: family
        for key, family in families(asked_questions(ctx, ("ordinal", "interval"))).items()
        if len(family) > 1
    }
    read = reader(ctx.session, ctx.consultation, ctx.language)
    family = known[_topic(asked, read, known)]
    part = asked.choose(
        "part", _("Shown"), [("levels", _("medians at each time")), ("changes", _("people who changed"))]
    )
    if part == "changes":
        return _changes(ctx, read, family)
    return _levels(ctx, read, family)


def _topic(asked: ChartChoices, read: Reader, known: Mapping[str, Sequence[Times]]) -> str:
    if not known:
        raise NothingToShow(_("No frozen questionnaire has questions for this chart."))
    options = [(key, cut(read(family[0].any.text), LETTERS)) for key, family in known.items()]
    return asked.choose("question", _("Question"), options)


def moments(family: Sequence[Times]) -> list[str]:
    """When each question of a family looks at: those of one stage first back, last ahead."""
    home = [one.stage.stage.key for one in family]
    words = []
    for place, one in enumerate(family):
        inside = home.count(home[place])
        at = home[:place].count(home[place])
        if inside == 1:
            again = _("asked again") if one.any.earlier else _("later")
            word = _("asked") if place == 0 else again
        else:
            word = _("recalled") if at == 0 else _("expected") if at == inside - 1 else _("so far")
        words.append(f"{word} ({one.key})")
    return words


def _levels(ctx: RequestContext, read: Reader, family: Sequence[Times]) -> Chart:
    names, rows = moments(family), list(family[0].variables)
    labels = {row: _label(read, family, row) for row in rows}
    table: list[list[Cell]] = []
    for row in rows:
        for name, one in zip(names, family, strict=True):
            block = one.block(row)
            if block is not None:
                start = [row, labels[row], name, stage_title(ctx, one.stage.stage)]
                why = cells.withheld(ctx, block)
                table.append([*start, *cells.middle_cells(block), why])
    figures = []
    for scale in dict.fromkeys(one.any.scale for one in family):
        series = [(name, one) for name, one in zip(names, family, strict=True) if one.any.scale == scale]
        figure = _medians(read, scale or "", series, labels)
        figures += [figure] if figure else []
    columns = [
        ChartColumn(_("Key"), False),
        ChartColumn(_("Item"), False),
        ChartColumn(_("Time"), False),
        ChartColumn(_("Stage"), False),
        *cells.middle_columns(),
        ChartColumn(_("Not shown because"), False),
    ]
    return Chart(figures, columns, table, _asked_words(ctx, read, names, family))


def _asked_words(ctx: RequestContext, read: Reader, names: Sequence[str], family: Sequence[Times]) -> str:
    """The questions word by word, and what the points of their scales mean."""
    said = [f"{name}: {read(one.any.text)}" for name, one in zip(names, family, strict=True)]
    for scale in dict.fromkeys(one.any.scale for one in family):
        labels = ctx.definition.scales[scale or ""].labels
        said += [", ".join(f"{point} {read(words)}" for point, words in sorted(labels.items()))]
    return " · ".join(filter(None, said))


def _label(read: Reader, family: Sequence[Times], row: str) -> str:
    variable = next(one.variables[row] for one in family if row in one.variables)
    return read(variable.item) or read(variable.text)


def _medians(
    read: Reader, scale: str, series: Sequence[tuple[str, Times]], labels: Mapping[str, str]
) -> plots.Drawn | None:
    found = [{row: block for row in labels if (block := one.block(row)) is not None} for _name, one in series]
    blocks = [plots.Series(name, plots.middles(own)) for (name, _one), own in zip(series, found, strict=True)]
    order = {row: plots.median(blocks[0], row) for row in labels}
    keys = [row for row in labels if any(plots.median(one, row) is not None for one in blocks)]
    points = next(iter(found[0].values())).scale
    if not keys or points is None:
        return None
    keys.sort(key=lambda row: (order[row] is None, -(order[row] or 0)))
    figure = plots.medians(blocks, keys, points.lo, points.hi)
    alt = plots.alt_rows(
        _(
            "One row for each of %(count)s items: the median at each time, on the line of its middle "
            "half; points from %(lo)s to %(hi)s.",
            count=len(keys),
            lo=points.lo,
            hi=points.hi,
        ),
        len(keys),
        len(labels) - len(keys),
        sum(all(row not in own or own[row].n == 0 for own in found) for row in labels),
    )
    named = plots.named(figure, {row: labels[row] for row in keys}, has_codes=False)
    caption = " / ".join(name for name, _one in series)
    return plots.drawn(f"levels-{scale}", caption, named, alt)


def _changes(ctx: RequestContext, read: Reader, family: Sequence[Times]) -> Chart:
    own = {one.key: one for one in family}
    known = codebook(ctx.session, ctx.consultation)
    pairs: dict[str, PairResult] = {}
    for stage in {one.stage.stage.key: one.stage for one in family}.values():
        pairs |= {key: pair for key, pair in stage.numbers.pairs.items() if known[key].question in own}
    titles = {key: read(known[key].item) or read(known[key].text) for key in pairs}
    rows: list[list[Cell]] = [
        [
            key,
            titles[key],
            pair.earlier,
            pair_words(ctx, pair, known[pair.earlier], known[key]),
            pair.n,
            pair.down,
            pair.same,
            pair.up,
            cells.withheld(ctx, pair) if pair.up is None else "",
        ]
        for key, pair in pairs.items()
    ]
    drawn = change_chart(pairs, titles) if pairs else None
    figures = []
    if drawn:
        caption = _("People who went down, stayed and went up")
        figures = [plots.drawn("changes", caption, drawn["figure"], drawn["alt"])]
    note = _(
        "The same people, counted: how many gave a lower, the same or a higher answer. "
        "A change, never an effect of what lay between."
    )
    return Chart(figures, _change_columns(), rows, note)


def _change_columns() -> list[ChartColumn]:
    return [
        ChartColumn(_("Key"), False),
        ChartColumn(_("Item"), False),
        ChartColumn(_("Asked before"), False),
        ChartColumn(_("Compared"), False),
        ChartColumn(_("n")),
        ChartColumn(_("Down")),
        ChartColumn(_("Same")),
        ChartColumn(_("Up")),
        ChartColumn(_("Not shown because"), False),
    ]
