"""What the questionnaires say, topic by topic: found from the definition, whatever it asks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from consult.briefing.given import Desk, StageGiven, number, plain, reference
from consult.briefing.model import Block, Cell, Paragraph, Table
from consult.briefing.plates import Item, Series, changes, diverging, dots, mean
from consult.briefing.wording import counted, suppressed_sentence
from consult.definition.asked import Asked
from consult.definition.question import AnyQuestion, Matrix, Multi, Points, Rank, Rating, Single
from consult.definition.routing import ask

Placed = tuple[StageGiven, AnyQuestion]


def topics(desk: Desk) -> dict[str, list[Placed]]:
    """Questions that may be shown by topic, in the order of the questionnaires.

    A question asked again belongs to the topic of the earlier one. Without any topic in the
    definition each section of a questionnaire is one.
    """
    placed = [
        (stage, section.key, question, question.topic or section.topic)
        for stage in desk.surveys
        if (questionnaire := desk.definition.questionnaire_of(stage.key)) is not None
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


def topic_title(desk: Desk, topic: str) -> str:
    """The label of a topic from whichever list holds it, else of the section of that key."""
    for options in desk.definition.lists.values():
        for option in options:
            if option.key == topic:
                return desk.read(option.label)
    sections = [
        section
        for questionnaire in desk.definition.questionnaires.values()
        for section in questionnaire.sections
    ]
    return next((desk.read(item.title) for item in sections if item.key == topic), topic)


def topic_blocks(desk: Desk, placed: Sequence[Placed]) -> list[Block]:
    """Figures and tables of one topic; empty when nothing of it may be shown."""
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
            blocks += _matrices(desk, family, again)
        elif isinstance(question, Rating):
            blocks += _ratings(desk, [(stage, question), *([later] if later else [])])
        elif isinstance(question, Rank):
            blocks += _ranked(desk, (stage, question), later)
        elif isinstance(question, Points):
            blocks += _shared_out(desk, stage, question)
        elif isinstance(question, Single | Multi):
            blocks += _chosen(desk, stage, question)
        done.add(question.key)
        if later is not None:
            done.add(later[1].key)
    plate = changes(desk, desk.t.gettext("Change between two questionnaires, in people"),
                    _pairs(desk, placed))  # fmt: skip
    return [*blocks, plate] if plate else blocks


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


def _whole(desk: Desk, question: AnyQuestion) -> Asked | None:
    return ask(question, desk.around, whole=True)


def _items(desk: Desk, stage: StageGiven, question: AnyQuestion) -> dict[str, Item]:
    """Released rows of a matrix by row key."""
    asked = _whole(desk, question)
    found = {}
    for row in asked.rows if asked else ():
        variable = f"{question.key}.{row.key}"
        block = desk.block(stage, variable)
        if block is not None:
            found[row.key] = Item(stage, variable, desk.read(row.label), block)
    return found


def _matrices(desk: Desk, family: Sequence[Placed], again: Mapping[str, Placed]) -> Iterator[Block]:
    _ = desk.t.gettext
    stage, question = family[0]
    assert isinstance(question, Matrix) and question.scale is not None
    scale = desk.definition.scales[question.scale]
    title = desk.read(question.text)
    repeats = [again[item.key] for _stage, item in family if item.key in again]
    if len(family) + len(repeats) > 1:
        names = _times(desk, len(family))
        series = [
            Series(f"{name} ({item.key})", _items(desk, where, item))
            for name, (where, item) in zip(names, family, strict=True)
        ]
        series += [Series(f"{names[-1]} ({item.key})", _items(desk, where, item))
                   for where, item in repeats]  # fmt: skip
        labels = {key: item.label for one in series for key, item in one.items.items()}
        plate = dots(desk, title, labels, series, scale)
        if plate is not None:
            yield plate
            said = "; ".join(f"{item.key}: {desk.read(item.text)}"
                             for _stage, item in [*family, *repeats])  # fmt: skip
            yield Paragraph(plain(_("Asked: %(questions)s") % {"questions": said}), "note")
        return
    items = list(_items(desk, stage, question).values())
    plate = diverging(desk, title, items, scale)
    if plate is not None:
        yield plate
    elif any(item.block["counts"] for item in items):
        yield _points_table(desk, title, items, [desk.read(scale.labels.get(point)) or str(point)
                                                 for point in scale.points])  # fmt: skip


def _times(desk: Desk, count: int) -> list[str]:
    _ = desk.t.gettext
    if count == 1:
        return [_("asked")]
    return [_("recalled"), *[_("so far")] * (count - 2), _("expected")]


def _ratings(desk: Desk, placed: Sequence[Placed]) -> Iterator[Block]:
    """A question on a scale, with the same question asked again as a second bar."""
    question = placed[0][1]
    assert isinstance(question, Rating)
    scale = desk.definition.scales[question.scale]
    items = [
        Item(stage, item.key, f"{desk.read(stage.title)} ({item.key})", block)
        for stage, item in placed
        if (block := desk.block(stage, item.key)) is not None
    ]
    plate = diverging(desk, desk.read(question.text), items, scale)
    if plate is not None:
        yield plate
    elif any(item.block["counts"] for item in items):
        yield _points_table(desk, desk.read(question.text), items,
                            [desk.read(scale.labels.get(point)) or str(point)
                             for point in scale.points])  # fmt: skip


def _points_table(desk: Desk, title: str, items: Sequence[Item], points: Sequence[str]) -> Table:
    """Counts by point, for scales without bands."""
    _ = desk.t.gettext
    rows = []
    for item in items:
        counts = item.block["counts"]
        source = desk.cite_variable(item.stage, item.variable, item.block["n"], item.label)
        why = suppressed_sentence(item.block.get("suppressed") or "", desk.t)
        cells = [number(str(count)) for count in counts or ()] or [Cell("–")] * len(points)
        label = item.label if counts is not None else f"{item.label}. {why}"
        rows.append((Cell(label), *cells, number(str(item.block["n"])), reference(source)))
    return Table(title, (_("Answer"), *points, "n", _("source")), tuple(rows))


def _ranked(desk: Desk, first: Placed, later: Placed | None) -> Iterator[Block]:
    """What was put into the first places: points (the first place counts most) and people."""
    _ = desk.t.gettext
    placed = [first, *([later] if later else [])]
    columns = [_places(desk, stage, question) for stage, question in placed]
    if not any(columns):
        return
    labels = {key: item[0] for column in columns for key, item in column.items()}
    order = sorted(labels, key=lambda key: (-columns[0].get(key, ("", 0.0, ()))[1], labels[key]))
    header = [_("Answer")]
    for stage, _question in placed:
        title = desk.read(stage.title)
        header += [_("points: %(stage)s") % {"stage": title}, _("named by"), _("source")]
    empty = (Cell("–"), Cell("–"), Cell("–"))
    rows = [
        (Cell(labels[key]), *(cell for column in columns
                              for cell in (column[key][2] if key in column else empty)))
        for key in order
    ]  # fmt: skip
    yield Table(desk.read(first[1].text), tuple(header), tuple(rows))


def _places(
    desk: Desk, stage: StageGiven, question: AnyQuestion
) -> dict[str, tuple[str, float, tuple[Cell, ...]]]:
    asked = _whole(desk, question)
    found: dict[str, tuple[str, float, tuple[Cell, ...]]] = {}
    for option in asked.options if asked else ():
        variable = f"{question.key}.{option.key}"
        block = desk.block(stage, variable)
        if block is None or block["counts"] is None:
            continue
        counts = block["counts"][:-1]
        points = sum(count * (len(counts) - place) for place, count in enumerate(counts))
        label = desk.read(option.label)
        source = desk.cite_variable(stage, variable, block["n"], label)
        named = counted(sum(counts), block["n"], desk.t)
        cells = (number(str(points)), number(named), reference(source))
        found[option.key] = (label, float(points), cells)
    return found


def _shared_out(desk: Desk, stage: StageGiven, question: Points) -> Iterator[Block]:
    """Mean points of a total that everyone divided."""
    _ = desk.t.gettext
    asked, rows = _whole(desk, question), []
    for option in asked.options if asked else ():
        variable = f"{question.key}.{option.key}"
        block = desk.block(stage, variable)
        if block is None or block["counts"] is None or not block["n"]:
            continue
        pairs = zip(block["labels"], block["counts"], strict=True)
        values = [int(label) * count for label, count in pairs]
        label = desk.read(option.label)
        source = desk.cite_variable(stage, variable, block["n"], label)
        average = sum(values) / block["n"]
        rows.append((average, (Cell(label), number(mean(average)), number(str(block["n"])),
                               reference(source))))  # fmt: skip
    if rows:
        rows.sort(key=lambda row: -row[0])
        header = (_("Answer"), _("mean of %(total)d points") % {"total": question.total}, "n",
                  _("source"))  # fmt: skip
        yield Table(desk.read(question.text), header,
                    tuple(cells for _average, cells in rows))  # fmt: skip


def _chosen(desk: Desk, stage: StageGiven, question: Single | Multi) -> Iterator[Block]:
    """How many chose each option."""
    _ = desk.t.gettext
    asked, rows = _whole(desk, question), []
    for place, option in enumerate(asked.options if asked else ()):
        is_multi = isinstance(question, Multi)
        variable = f"{question.key}.{option.key}" if is_multi else question.key
        block = desk.block(stage, variable)
        if block is None or block["counts"] is None or not block["n"]:
            continue
        count = block["counts"][1 if is_multi else place]
        label = desk.read(option.label)
        source = desk.cite_variable(stage, variable, block["n"], label)
        rows.append((count, (Cell(label), number(counted(count, block["n"], desk.t)),
                             reference(source))))  # fmt: skip
    if rows:
        rows.sort(key=lambda row: -row[0])
        yield Table(desk.read(question.text),
                    (_("Answer"), _("chosen by"), _("source")),
                    tuple(cells for _count, cells in rows))  # fmt: skip


def _pairs(
    desk: Desk, placed: Sequence[Placed]
) -> list[tuple[StageGiven, str, str, Mapping[str, Any]]]:
    """Released pairs of this topic's questions, with the words that name them."""
    found = []
    for stage, question in placed:
        pairs = (stage.numbers or {"pairs": {}})["pairs"]
        labels = {item.variable: item.label for item in _items(desk, stage, question).values()}
        for variable, pair in pairs.items():
            if variable in labels or variable == question.key:
                label = labels.get(variable) or desk.read(question.text)
                found.append((stage, variable, f"{label} ({variable.partition('.')[0]})", pair))
    return found
