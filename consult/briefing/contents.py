"""From frozen and released results to one briefing: which sections there are, and their order."""

from collections.abc import Iterator

from consult.briefing.addressees import addressee_sections, examples_blocks
from consult.briefing.annex import annex_blocks
from consult.briefing.differences import barrier_quotes, differing_blocks
from consult.briefing.editing import read_notes
from consult.briefing.given import Desk, Given, MeasureGiven, StageGiven, plain
from consult.briefing.measures import measures_blocks
from consult.briefing.model import Block, Briefing, Front, Paragraph, Plate, Section, mapped
from consult.briefing.numbering import cited, numbered
from consult.briefing.standings import Standings
from consult.briefing.summary import background_blocks, summary_blocks
from consult.briefing.topics import topic_blocks, topic_title, topics
from consult.characters import readable
from consult.words.readings import standing_sentence

__all__ = ["Given", "MeasureGiven", "StageGiven", "build"]


def build(given: Given, notes: str = "") -> Briefing:
    """The whole briefing. A section is there only if the definition and the results have it.

    Needs at least one frozen stage to say anything; without one the sections say so. `notes`: the
    editor's side file, merged in. Every text is made readable. Raises NotPossible when the notes
    do not fit.
    """
    desk, own = Desk(given), read_notes(notes, given.language)
    has_ratings = desk.definition.measures is not None and bool(desk.rounds)
    standings = Standings(desk) if has_ratings else None
    body = list(_topic_sections(desk, standings))
    plates = [block for section in body for block in section.blocks if isinstance(block, Plate)]
    _ = desk.t.gettext
    front = Section("summary", "1", _("Summary"), tuple(summary_blocks(desk, standings, plates)))
    why = Section("background", "2", _("Why and how"), tuple(background_blocks(desk)), True)
    sections = [front, why, *body]
    if standings is not None and standings.all:
        sections += _measure_sections(desk, standings, len(sections) + 1)
    annex = tuple(annex_blocks(desk, standings, own.checklist(desk.sources)))
    sections.append(Section("annex", "A", _("Method annex"), annex, True))
    done = numbered(own.merged(sections, desk.sources), desk.t)
    found = Briefing(
        given.language, _front(desk), done, cited(done, desk.sources), desk.definition.slug, given.frozen_at
    )
    return mapped(found, readable)


def _front(desk: Desk) -> Front:
    _, definition, given = desk.t.gettext, desk.definition, desk.given
    if given.frozen_on:
        status = _("Written from the results frozen on %(date)s. Draft for editing.") % {"date": given.frozen_on}
    else:
        status = _("Nothing is frozen yet. Draft for editing.")
    return Front(
        title=desk.read(definition.title),
        subtitle=desk.read(definition.short_title),
        organiser=desk.read(definition.organiser),
        status=" ".join((status, standing_sentence(given.statuses, desk.t))) if given.statuses else status,
        disclaimer=desk.read(definition.disclaimer)
        or _(
            "This paper reports the answers of a panel of invited experts. They speak for "
            "themselves, not for their organisations."
        ),
        contact=f"{desk.read(definition.contact.name)}, {definition.contact.email}",
    )


def _topic_sections(desk: Desk, standings: Standings | None) -> Iterator[Section]:
    number = 3
    for topic, placed in topics(desk).items():
        blocks: list[Block] = topic_blocks(desk, placed)
        if standings is not None:
            blocks += barrier_quotes(desk, standings, {question.key for _stage, question in placed})
        if blocks:
            title = topic_title(desk, topic)
            key = f"topic-{topic.replace('_', '-').lower()}"
            yield Section(key, str(number), title, tuple(blocks))
            number += 1


def _measure_sections(desk: Desk, standings: Standings, number: int) -> Iterator[Section]:
    _ = desk.t.gettext
    yield Section(
        "measures", str(number), _("What is needed: the measures"), tuple(measures_blocks(desk, standings)), True
    )
    yield Section(
        "differences", str(number + 1), _("What was left open"), tuple(differing_blocks(desk, standings)), True
    )
    lead = Paragraph(plain(_("One page for each addressee: what was agreed first, then what the panel left open.")))
    yield Section("recommendations", str(number + 2), _("Recommendations by addressee"), (lead,))
    yield from addressee_sections(desk, standings, str(number + 2))
    yield Section("examples", str(number + 3), _("Examples"), tuple(examples_blocks(desk, standings)), True)
