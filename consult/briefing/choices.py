"""Tables of what was chosen, ranked or shared out in a questionnaire."""

from collections.abc import Iterator, Sequence

from consult.briefing.context import BriefingContext, StageGiven, number, reference
from consult.briefing.figure import Item, mean
from consult.briefing.model import Block, Cell, Table
from consult.definition.asked import AskedQuestion
from consult.definition.question import AnyQuestion, Multi, Points, Single
from consult.definition.routing import ask
from consult.words.missing import missing_sentence
from consult.words.wording import counted

Placed = tuple[StageGiven, AnyQuestion]


def whole_of(ctx: BriefingContext, question: AnyQuestion) -> AskedQuestion | None:
    """The question with every option and row there could be."""
    return ask(question, ctx.context, whole=True)


def points_table(ctx: BriefingContext, title: str, items: Sequence[Item], points: Sequence[str]) -> Table:
    """Counts by point, for scales without bands."""
    _ = ctx.t.gettext
    rows = []
    for item in items:
        counts = item.block.counts
        source = ctx.cite_variable(item.stage, item.variable, item.block.n, item.label)
        why = missing_sentence(item.block, ctx.t)
        cells = [number(str(count)) for count in counts or ()] or [Cell("–")] * len(points)
        label = item.label if counts is not None else f"{item.label}. {why}"
        rows.append((Cell(label), *cells, number(str(item.block.n)), reference(source)))
    return Table(title, (_("Answer"), *points, "n", _("source")), tuple(rows))


def ranked(ctx: BriefingContext, first: Placed, later: Placed | None) -> Iterator[Block]:
    """What was put into the first places: points (the first place counts most) and people."""
    _ = ctx.t.gettext
    placed = [first, *([later] if later else [])]
    columns = [_places(ctx, stage, question) for stage, question in placed]
    if not any(columns):
        return
    labels = {key: item[0] for column in columns for key, item in column.items()}
    order = sorted(labels, key=lambda key: (-columns[0].get(key, ("", 0.0, ()))[1], labels[key]))
    header = [_("Answer")]
    for stage, _question in placed:
        title = ctx.read(stage.title)
        header += [_("points: %(stage)s") % {"stage": title}, _("named by"), _("source")]
    empty = (Cell("–"), Cell("–"), Cell("–"))
    rows = [
        (Cell(labels[key]), *(cell for column in columns for cell in (column[key][2] if key in column else empty)))
        for key in order
    ]
    yield Table(ctx.read(first[1].text), tuple(header), tuple(rows))


def _places(
    ctx: BriefingContext, stage: StageGiven, question: AnyQuestion
) -> dict[str, tuple[str, float, tuple[Cell, ...]]]:
    asked = whole_of(ctx, question)
    found: dict[str, tuple[str, float, tuple[Cell, ...]]] = {}
    for option in asked.options if asked else ():
        variable = f"{question.key}.{option.key}"
        block = ctx.block(stage, variable)
        if block is None or block.counts is None:
            continue
        counts = block.counts[:-1]
        points = sum(count * (len(counts) - place) for place, count in enumerate(counts))
        label = ctx.read(option.label)
        source = ctx.cite_variable(stage, variable, block.n, label)
        named = counted(sum(counts), block.n, ctx.t)
        cells = (number(str(points)), number(named), reference(source))
        found[option.key] = (label, float(points), cells)
    return found


def shared_out(ctx: BriefingContext, stage: StageGiven, question: Points) -> Iterator[Block]:
    """Mean points of a total that everyone divided."""
    _ = ctx.t.gettext
    asked, rows = whole_of(ctx, question), []
    for option in asked.options if asked else ():
        variable = f"{question.key}.{option.key}"
        block = ctx.block(stage, variable)
        if block is None or block.counts is None or not block.n:
            continue
        pairs = zip(block.labels or (), block.counts, strict=True)
        values = [int(label) * count for label, count in pairs]
        label = ctx.read(option.label)
        source = ctx.cite_variable(stage, variable, block.n, label)
        average = sum(values) / block.n
        rows.append((average, (Cell(label), number(mean(average, ctx.t)), number(str(block.n)), reference(source))))
    if rows:
        rows.sort(key=lambda row: -row[0])
        header = (_("Answer"), _("mean of %(total)d points") % {"total": question.total}, "n", _("source"))
        yield Table(ctx.read(question.text), header, tuple(cells for _average, cells in rows))


def chosen(ctx: BriefingContext, stage: StageGiven, question: Single | Multi) -> Iterator[Block]:
    """How many chose each option."""
    _ = ctx.t.gettext
    asked, rows = whole_of(ctx, question), []
    for place, option in enumerate(asked.options if asked else ()):
        is_multi = isinstance(question, Multi)
        variable = f"{question.key}.{option.key}" if is_multi else question.key
        block = ctx.block(stage, variable)
        if block is None or block.counts is None or not block.n:
            continue
        count = block.counts[1 if is_multi else place]
        label = ctx.read(option.label)
        source = ctx.cite_variable(stage, variable, block.n, label)
        rows.append((count, (Cell(label), number(counted(count, block.n, ctx.t)), reference(source))))
    if rows:
        rows.sort(key=lambda row: -row[0])
        yield Table(
            ctx.read(question.text), (_("Answer"), _("chosen by"), _("source")), tuple(cells for _count, cells in rows)
        )
