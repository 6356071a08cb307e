"""What the questionnaires say, topic by topic: found from the definition, whatever it asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from analysis.model.stage import PairResult
from consult.briefing.choices import Placed, chosen, points_table, ranked, shared_out, whole_of
from consult.briefing.context import BriefingContext, StageGiven, plain, sentence
from consult.briefing.figure import Item
from consult.briefing.figures import diverging
from consult.briefing.figures_of_change import Series, changes, dots
from consult.briefing.model import Block, Figure, Paragraph, Table
from consult.briefing.movement import moved_people, moved_rows
from consult.definition.question import AnyQuestion, Matrix, Multi, Points, Rank, Rating, Single
from consult.words.missing import missing_sentence


def topics(ctx: BriefingContext) -> dict[str, list[Placed]]:
    """Questions that may be shown by topic, in the order of the questionnaires.

    A question asked again belongs to the topic of the earlier one. Without any topic in the
    definition each section of a questionnaire is one.
    """
    placed = [
        (stage, section.key, question, question.topic or section.topic)
        for stage in ctx.surveys
        if (questionnaire := ctx.definition.questionnaire_of(stage.key)) is not None
        for section in questionnaire.sections
        for question in section.questions
        if question.recipient == "analysis" and question.disclosure != "never"
    ]
    own = {question.key: topic for _stage, _section, question, topic in placed}
    has_topics = any(own.values())
    found: dict[str, list[Placed]] = {}
    for stage, section, question, topic in placed:
        name = topic or own.get(question.reask or "") if has_topics else section
        if name is not None:
            found.setdefault(name, []).append((stage, question))
    return found


def topic_title(ctx: BriefingContext, topic: str) -> str:
    """The label of a topic from whichever list holds it, else of the section of that key."""
    for options in ctx.definition.lists.values():
        for option in options:
            if option.key == topic:
                return ctx.read(option.label)
    sections = [
        section for questionnaire in ctx.definition.questionnaires.values() for section in questionnaire.sections
    ]
    return next((ctx.read(item.title) for item in sections if item.key == topic), topic)


def topic_blocks(ctx: BriefingContext, placed: Sequence[Placed]) -> list[Block]:
    """Figures of one topic, then its tables; what may not be shown says so."""
    blocks: list[Block] = []
    again = {item.reask: (stage, item) for stage, item in placed if item.reask is not None}
    done: set[str] = set()
    for stage, question in placed:
        if question.key in done:
            continue
        later = again.get(question.key)
        if isinstance(question, Matrix) and question.scale is not None:
            family = _family(stage, question, placed)
            done |= {item.key for _stage, item in family}
            done |= {again[item.key][1].key for _stage, item in family if item.key in again}
            blocks += _matrices(ctx, family, again)
        elif isinstance(question, Rating):
            blocks += _ratings(ctx, [(stage, question), *([later] if later else [])])
        elif isinstance(question, Rank):
            blocks += ranked(ctx, (stage, question), later)
        elif isinstance(question, Points):
            blocks += shared_out(ctx, stage, question)
        elif isinstance(question, Single | Multi):
            blocks += chosen(ctx, stage, question)
        done.add(question.key)
        if later is not None:
            done.add(later[1].key)
    _ = ctx.t.gettext
    inside, between = _pairs(ctx, placed)
    for figure in (
        changes(ctx, _("From recalled to expected, in people"), inside),
        changes(ctx, _("Change between two questionnaires, in people"), between),
    ):
        blocks += [figure] if figure else []
    tables = [replace(one, is_detail=True) for one in blocks if isinstance(one, Table)]
    return [*(one for one in blocks if not isinstance(one, Table)), *tables]


def _family(stage: StageGiven, question: Matrix, placed: Sequence[Placed]) -> list[Placed]:
    """Matrices of one questionnaire over the same rows and scale: one look at several times.

    Their order in the questionnaire is the order in time: the first looks back, the last ahead.
    """
    return [
        (other, item)
        for other, item in placed
        if other.key == stage.key
        and isinstance(item, Matrix)
        and (item.rows, item.scale) == (question.rows, question.scale)
    ]


def items_of(ctx: BriefingContext, stage: StageGiven, question: AnyQuestion) -> dict[str, Item]:
    """Released rows of a matrix by row key."""
    asked = whole_of(ctx, question)
    found = {}
    for row in asked.rows if asked else ():
        variable = f"{question.key}.{row.key}"
        block = ctx.block(stage, variable)
        if block is not None:
            found[row.key] = Item(stage, variable, ctx.read(row.label), block)
    return found


def _matrices(ctx: BriefingContext, family: Sequence[Placed], again: Mapping[str, Placed]) -> Iterator[Block]:
    _ = ctx.t.gettext
    stage, question = family[0]
    assert isinstance(question, Matrix) and question.scale is not None
    scale = ctx.definition.scales[question.scale]
    title = ctx.read(question.text)
    inside = {item.key for _stage, item in family}
    repeats = [again[item.key] for _stage, item in family if item.key in again and again[item.key][1].key not in inside]
    if len(family) + len(repeats) > 1:
        names = _times(ctx, len(family))
        series = [
            Series(f"{name} ({item.key})", items_of(ctx, where, item))
            for name, (where, item) in zip(names, family, strict=True)
        ]
        series += [Series(f"{names[-1]} ({item.key})", items_of(ctx, where, item)) for where, item in repeats]
        labels = {key: item.label for one in series for key, item in one.items.items()}
        figure = dots(ctx, title, labels, series, scale)
        if figure is not None:
            yield _telling(figure, title, moved_rows(ctx, question, [*family, *repeats]))
            said = "; ".join(f"{item.key}: {ctx.read(item.text)}" for _stage, item in [*family, *repeats])
            yield Paragraph(plain(_("Asked: %(questions)s") % {"questions": said}), "note")
        else:
            yield from _withheld(ctx, title, [item for one in series for item in one.items.values()])
        return
    items = list(items_of(ctx, stage, question).values())
    figure = diverging(ctx, title, items, scale)
    if figure is not None:
        yield figure
    elif not any(item.block.counts for item in items):
        yield from _withheld(ctx, title, items)
    else:
        yield points_table(
            ctx, title, items, [ctx.read(scale.labels.get(point)) or str(point) for point in scale.points]
        )


def _telling(figure: Figure, title: str, moved: str) -> Figure:
    """The figure with what people who answered twice say as its message.

    Without them it has none: means of different people are no message.
    """
    return replace(figure, message=f"{sentence(title)} {moved}" if moved else "")


def _withheld(ctx: BriefingContext, title: str, items: Sequence[Item]) -> Iterator[Block]:
    """One line for a figure of which nothing may be shown, with the reason."""
    found = dict.fromkeys(missing_sentence(item.block, ctx.t) for item in items)
    why = " ".join(filter(None, found))
    if why:
        yield Paragraph(plain(f"{title} {why}"), "note")


def _times(ctx: BriefingContext, count: int) -> list[str]:
    _ = ctx.t.gettext
    if count == 1:
        return [_("asked")]
    return [_("recalled"), *[_("so far")] * (count - 2), _("expected")]


def _ratings(ctx: BriefingContext, placed: Sequence[Placed]) -> Iterator[Block]:
    """A question on a scale, with the same question asked again as a second bar."""
    question = placed[0][1]
    assert isinstance(question, Rating)
    scale = ctx.definition.scales[question.scale]
    items = [
        Item(stage, item.key, f"{ctx.read(stage.title)} ({item.key})", block)
        for stage, item in placed
        if (block := ctx.block(stage, item.key)) is not None
    ]
    figure = diverging(ctx, ctx.read(question.text), items, scale)
    if figure is not None:
        found = moved_people(ctx, placed)
        title = sentence(ctx.read(question.text))
        yield replace(figure, message=f"{title} {found}") if found else figure
    elif not any(item.block.counts for item in items):
        yield from _withheld(ctx, ctx.read(question.text), items)
    else:
        yield points_table(
            ctx,
            ctx.read(question.text),
            items,
            [ctx.read(scale.labels.get(point)) or str(point) for point in scale.points],
        )


Pairs = list[tuple[StageGiven, str, str, PairResult]]


def _pairs(ctx: BriefingContext, placed: Sequence[Placed]) -> tuple[Pairs, Pairs]:
    """Released pairs with the words that name them: within one questionnaire, and between two."""
    inside: Pairs = []
    between: Pairs = []
    home = {question.key: stage.key for stage, question in placed}
    for stage, question in placed:
        pairs = stage.pairs
        labels = {item.variable: item.label for item in items_of(ctx, stage, question).values()}
        for variable, pair in pairs.items():
            if pair.n and (variable in labels or variable == question.key):
                label = labels.get(variable) or ctx.read(question.text)
                found = inside if home.get(question.reask or "") == stage.key else between
                found.append((stage, variable, f"{label} ({variable.partition('.')[0]})", pair))
    return inside, between
