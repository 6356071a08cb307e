"""Rules on the content of a consultation: one function each, named in these two lists."""

from collections.abc import Callable, Iterator

from consult.definition.checks import answers, keys, order, panel, privacy, rating, references, stages, texts
from consult.definition.checks.content import Content
from consult.definition.checks.finding import Finding
from consult.definition.consultation import Definition

Rule = Callable[[Content], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    keys.key_syntax,
    keys.unique_keys,
    keys.unique_question_keys,
    keys.reserved_keys,
    references.nothing_empty,
    references.known_lists,
    references.known_scales,
    references.known_questions,
    references.known_groups,
    references.known_exceptions,
    references.known_measures,
    references.known_attributes,
    references.known_stages,
    references.known_topics,
    references.choosing_sources,
    order.earlier_references,
    order.earlier_rounds,
    order.show_if_fits,
    order.show_if_values,
    answers.one_other,
    answers.other_and_exclusive,
    answers.enough_options,
    answers.multi_bounds,
    answers.rank_bounds,
    answers.rated_options,
    answers.points_bounds,
    answers.number_bounds,
    answers.text_bounds,
    answers.prefill_offered,
    answers.indispensable_asked,
    privacy.attribute_disclosure,
    privacy.secretariat_apart,
    privacy.reask_pairs,
    texts.first_language,
    texts.placeholders,
    texts.short_title_length,
    stages.known_languages,
    stages.known_zone,
    stages.calendar_dates,
    stages.window_times,
    stages.round_numbers,
    stages.round_order,
    stages.one_default,
    stages.stage_uses,
    stages.agenda_times,
    panel.contact_address,
    panel.reporting_groups,
    panel.grouping_attribute,
    rating.rounds_need_measures,
    rating.one_criterion_decides,
    rating.bands_for_clauses,
    rating.rounds_of_protocol,
    rating.priorities_question,
    rating.priorities_of_round,
)

WARNINGS: tuple[Rule, ...] = (texts.missing_language, texts.literal_dates, stages.unused_questionnaires)


def find_problems(definition: Definition) -> Iterator[Finding]:
    """Everything that must be mended before the folder can be published."""
    content = Content(definition)
    for rule in RULES:
        yield from rule(content)


def find_warnings(definition: Definition) -> Iterator[Finding]:
    """Everything that is allowed but probably not meant. Expects a definition without problems."""
    content = Content(definition)
    for rule in WARNINGS:
        yield from rule(content)
