"""Which questions come next, and what they look like for one expert. Pure."""

import random
from dataclasses import dataclass, replace

from consult.definition.answers import answer_type
from consult.definition.answers.numbers import whole as whole_number
from consult.definition.asked import AskedQuestion, Choosable, Inputs, first
from consult.definition.choosing import RoutingContext, chosen_values, holds, offered, offered_keys, whole_list
from consult.definition.consultation import Definition
from consult.definition.question import AnyQuestion, Group, Matrix, Multi, Questionnaire, Rank, Section, Single


@dataclass(frozen=True, slots=True)
class Page:
    """Questions shown together; `key` is that of the first one."""

    key: str
    section: Section
    questions: tuple[AnyQuestion, ...]


def pages(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """Cut a questionnaire into pages on which no question depends on another.

    So routing works on the server alone: what an answer opens stands on a later page.
    """
    found: list[Page] = []
    for section in questionnaire.sections:
        run: list[AnyQuestion] = []
        for question in section.questions:
            depends = question.reads() & {earlier.key for earlier in run}
            if run and (depends or question.new_page):
                found.append(Page(run[0].key, section, tuple(run)))
                run = []
            run.append(question)
        if run:
            found.append(Page(run[0].key, section, tuple(run)))
    return tuple(found)


ALIKE = frozenset({"info", "consent", "scale", "number", "text"})
"""Types that have no options or rows: without a condition everybody is asked the same."""
MOST_ASKED = 10_000
_ASKED: dict[int, tuple[Definition, AskedQuestion]] = {}
"""Questions that everybody is asked alike, by their place in memory; both are compared before use."""


def ask(
    question: AnyQuestion, context: RoutingContext, key: str | None = None, *, whole: bool = False
) -> AskedQuestion | None:
    """The question as asked now, or None when routing skips it.

    With `whole`, routing is left aside: every option, row and instance there could be.
    """
    is_alike = question.type in ALIKE and question.show_if is None and key in (None, question.key)
    known = _ASKED.get(id(question)) if is_alike else None
    if known is not None and known[0] is context.definition and known[1].question is question:
        return known[1]
    asked = _ask(question, context, key, whole=whole)
    if is_alike and asked is not None:
        if len(_ASKED) >= MOST_ASKED:
            _ASKED.clear()
        _ASKED[id(question)] = (context.definition, asked)
    return asked


def _ask(question: AnyQuestion, context: RoutingContext, key: str | None, *, whole: bool) -> AskedQuestion | None:
    if not whole and not holds(question.show_if, context.definition, context.inputs):
        return None
    pick = whole_list if whole else offered
    key = key or question.key
    options: tuple[Choosable, ...] = ()
    rows: tuple[Choosable, ...] = ()
    labels: tuple[str, ...] = ()
    refused: frozenset[str] = frozenset()
    source = getattr(question, "options", None)
    if source is not None:
        options, labels = pick(source, context), offered_keys(source, context)
    if isinstance(question, Matrix):
        rows = pick(question.rows, context)
        if not whole:
            rows = _in_order(question, rows, context)
    if not whole and (
        (question.type != "info" and source is not None and not options) or (isinstance(question, Matrix) and not rows)
    ):
        return None
    if isinstance(question, Single | Multi) and question.without is not None:
        refused = frozenset(chosen_values(question.without, context.inputs))
    scale_key = getattr(question, "scale", None)
    scale = context.definition.scales[scale_key] if scale_key is not None else None
    instances = _instances(question, context, key, whole=whole) if isinstance(question, Group) else ()
    asked = AskedQuestion(key, question, options, rows, scale, refused, instances, labels)
    if isinstance(question, Rank) and question.rated_in is not None and not whole:
        return _by_own_ratings(asked, question.rated_in, context)
    return asked


def _in_order(matrix: Matrix, rows: tuple[Choosable, ...], context: RoutingContext) -> tuple[Choosable, ...]:
    """The rows as this expert sees them."""
    if matrix.row_order == "fixed":
        return rows
    return tuple(random.Random(f"{context.seed}:{matrix.key}").sample(rows, len(rows)))


def _by_own_ratings(ranking: AskedQuestion, rated_in: str, context: RoutingContext) -> AskedQuestion:
    """The options as this expert rated them, highest first; alike in the order in which they were rated."""
    matrix = context.definition.questions[rated_in]
    assert isinstance(matrix, Matrix) and matrix.scale is not None
    options = _in_order(matrix, ranking.options, context)
    typed = {option.key: whole_number(first(context.inputs, f"{rated_in}.{option.key}")) for option in options}
    rated = {key: point for key, point in typed.items() if point is not None}
    lowest = min(rated.values(), default=0)
    ordered = sorted(options, key=lambda option: -rated.get(option.key, lowest - 1))
    return replace(ranking, options=tuple(ordered), rated=rated, rated_on=context.definition.scales[matrix.scale])


def _instances(
    group: Group, context: RoutingContext, key: str, *, whole: bool
) -> tuple[tuple[AskedQuestion, ...], ...]:
    found = []
    for number in range(1, group.repeat.max + 1):
        fields = (ask(part, context, f"{key}.{number}.{part.key}", whole=whole) for part in group.fields)
        found.append(tuple(part for part in fields if part is not None))
    return tuple(found)


def ask_page(page: Page, context: RoutingContext) -> tuple[AskedQuestion, ...]:
    """The questions of a page that this expert is asked; empty when all are skipped."""
    found = (ask(question, context) for question in page.questions)
    return tuple(question for question in found if question is not None)


def inputs_that_count(questionnaire: Questionnaire, context: RoutingContext, typed: Inputs) -> dict[str, list[str]]:
    """The inputs that count: none of a question that is skipped, of a row or option not offered.

    `context` holds the answers of earlier stages. Each question sees only what counts of those
    before it: what hung on an answer that was taken back falls with it.
    """
    own = {question.key for question in questionnaire.questions()}
    counted = {name: list(values) for name, values in context.inputs.items()}
    for name, values in typed.items():
        if name.partition(".")[0] not in own:
            counted[name] = list(values)
    so_far = replace(context, inputs=counted)  # which grows as one goes on
    for question in questionnaire.questions():
        asked = ask(question, so_far)
        if asked is not None:
            counted |= _offered_only(asked, typed)
    return counted


def _offered_only(asked: AskedQuestion, typed: Inputs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for instance in asked.instances:
        for inner in instance:
            found |= _offered_only(inner, typed)
    gone = set(asked.labels) - {option.key for option in asked.options}
    for name in answer_type(asked).names(asked) if not asked.instances else ():
        if name in typed:
            found[name] = [value for value in typed[name] if value.strip() not in gone]
    return found
