"""From frozen and released results to one briefing: which sections there are, and their order."""

from collections.abc import Iterator

from consult.briefing.addressees import addressee_sections, examples_blocks
from consult.briefing.annex import annex_blocks
from consult.briefing.context import BriefingContext, BriefingInput, MeasureGiven, StageGiven, plain
from consult.briefing.differences import barrier_quotes, differing_blocks
from consult.briefing.editing import read_notes
from consult.briefing.measures import measures_blocks
from consult.briefing.model import Block, Briefing, Figure, Front, Paragraph, Section, mapped
from consult.briefing.numbering import cited, numbered
from consult.briefing.rated_measures import RatedMeasures
from consult.briefing.summary import background_blocks, summary_blocks
from consult.briefing.topics import topic_blocks, topic_title, topics
from consult.characters import readable
from consult.words.readings import standing_sentence

__all__ = ["BriefingInput", "MeasureGiven", "StageGiven", "build"]


def build(given: BriefingInput, notes: str = "") -> Briefing:
    """The whole briefing. A section is there only if the definition and the results have it.

    Needs at least one frozen stage to say anything; without one the sections say so. `notes`: the
    editor's side file, merged in. Every text is made readable. Raises NotPossible when the notes
    do not fit.
    """
    ctx, own = BriefingContext(given), read_notes(notes, given.language)
    has_ratings = ctx.definition.measures is not None and bool(ctx.rounds)
    standings = RatedMeasures(ctx) if has_ratings else None
    body = list(_topic_sections(ctx, standings))
    figures = [block for section in body for block in section.blocks if isinstance(block, Figure)]
    _ = ctx.t.gettext
    front = Section("summary", "1", _("Summary"), tuple(summary_blocks(ctx, standings, figures)))
    why = Section("background", "2", _("Why and how"), tuple(background_blocks(ctx)), True)
    sections = [front, why, *body]
    if standings is not None and standings.all:
        sections += _measure_sections(ctx, standings, len(sections) + 1)
    annex = tuple(annex_blocks(ctx, standings, own.checklist(ctx.sources)))
    sections.append(Section("annex", "A", _("Method annex"), annex, True))
    done = numbered(own.merged(sections, ctx.sources), ctx.t)
    found = Briefing(given.language, _front(ctx), done, cited(done, ctx.sources), ctx.definition.slug, given.frozen_at)
    return mapped(found, readable)


def _front(ctx: BriefingContext) -> Front:
    _, definition, given = ctx.t.gettext, ctx.definition, ctx.given
    if given.frozen_on:
        status = _("Written from the results frozen on %(date)s. Draft for editing.") % {"date": given.frozen_on}
    else:
        status = _("Nothing is frozen yet. Draft for editing.")
    return Front(
        title=ctx.read(definition.title),
        subtitle=ctx.read(definition.short_title),
        organiser=ctx.read(definition.organiser),
        status=" ".join((status, standing_sentence(given.statuses, ctx.t))) if given.statuses else status,
        disclaimer=ctx.read(definition.disclaimer)
        or _(
            "This paper reports the answers of a panel of invited experts. They speak for "
            "themselves, not for their organisations."
        ),
        contact=f"{ctx.read(definition.contact.name)}, {definition.contact.email}",
    )


def _topic_sections(ctx: BriefingContext, standings: RatedMeasures | None) -> Iterator[Section]:
    number = 3
    for topic, placed in topics(ctx).items():
        blocks: list[Block] = topic_blocks(ctx, placed)
        if standings is not None:
            blocks += barrier_quotes(ctx, standings, {question.key for _stage, question in placed})
        if blocks:
            title = topic_title(ctx, topic)
            key = f"topic-{topic.replace('_', '-').lower()}"
            yield Section(key, str(number), title, tuple(blocks))
            number += 1


def _measure_sections(ctx: BriefingContext, standings: RatedMeasures, number: int) -> Iterator[Section]:
    _ = ctx.t.gettext
    yield Section(
        "measures", str(number), _("What is needed: the measures"), tuple(measures_blocks(ctx, standings)), True
    )
    yield Section(
        "differences", str(number + 1), _("What was left open"), tuple(differing_blocks(ctx, standings)), True
    )
    lead = Paragraph(plain(_("One page for each addressee: what was agreed first, then what the panel left open.")))
    yield Section("recommendations", str(number + 2), _("Recommendations by addressee"), (lead,))
    yield from addressee_sections(ctx, standings, str(number + 2))
    yield Section("examples", str(number + 3), _("Examples"), tuple(examples_blocks(ctx, standings)), True)
