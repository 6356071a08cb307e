"""One page for each addressee, and the examples that exist."""

import re
from collections.abc import Iterator, Sequence

from consult.briefing.context import BriefingContext, plain
from consult.briefing.measures import AGREED, NOT_FIRST, OPEN
from consult.briefing.model import Block, Cell, Listing, Paragraph, Run, Section, Table
from consult.briefing.rated_measures import RatedMeasure, RatedMeasures
from consult.definition.measure import Criterion
from consult.definition.scale import Option
from consult.statuses import Ending

BESIDE = tuple(kind for kind in (*OPEN, *NOT_FIRST) if kind not in (*AGREED, "low_priority", Ending.DROPPED))
"""Classes a page also lists: what the panel could not settle is the addressee's to know."""


def addressee_sections(ctx: BriefingContext, standings: RatedMeasures, number_of_section: str) -> list[Section]:
    """A page for everyone who is named by a measure; one page for all where nobody is named."""
    _ = ctx.t.gettext
    if not standings.actors:
        rows = [*standings.by_class(*AGREED), *standings.by_class(*BESIDE)]
        blocks = tuple(_page(ctx, standings, rows))
        return [Section("addressees", number_of_section, _("Recommendations"), blocks, True)]
    sections = []
    for place, actor in enumerate(standings.actors, start=1):
        found = standings.aimed_at("actors", actor.key)
        agreed = [item for item in found if item.kind in AGREED]
        undecided = [item for item in found if item.kind in BESIDE]
        blocks = tuple(_page(ctx, standings, [*agreed, *undecided]))
        title = _("For: %(addressee)s") % {"addressee": ctx.read(actor.label)}
        sections.append(
            Section(f"addressee-{actor.key.replace('_', '-')}", f"{number_of_section}.{place}", title, blocks, True)
        )
    return sections


def _page(ctx: BriefingContext, standings: RatedMeasures, found: Sequence[RatedMeasure]) -> Iterator[Block]:
    _ = ctx.t.gettext
    if not found:
        nothing = _("Nothing addressed here was put first by the panel or left open.")
        yield Paragraph(plain(nothing))
        return
    sorting = standings.sorting
    if sorting is not None:
        asked = ctx.read(sorting.question)
        yield Paragraph(
            plain(
                _("“%(criterion)s” was judged by this question: %(question)s")
                % {"criterion": ctx.read(sorting.label), "question": asked}
            ),
            "note",
        )
    criteria = [one for one in (standings.deciding, sorting) if one is not None]
    rows = tuple(
        (
            Cell(f"{item.key} {item.title}. {item.text}"),
            Cell(standings.instrument(item)),
            *(Cell(standings.high(item, one), standings.source(item, one), is_number=True) for one in criteria),
            Cell(_status(standings, item)),
            Cell(standings.example(item)),
        )
        for item in found
    )
    header = (
        _("Measure and first step"),
        _("Needs"),
        *(_top(ctx, standings, one) for one in criteria),
        _("Status, and what would change it"),
        _("Existing example"),
    )
    yield Table(_("What is asked, what it needs and what the panel says"), header, rows)


def _top(ctx: BriefingContext, standings: RatedMeasures, one: Criterion) -> str:
    bands = list(standings.bands(one).values())
    label = ctx.read(one.label)
    return f"{label}: {bands[-1]}" if bands else label


def _status(standings: RatedMeasures, item: RatedMeasure) -> str:
    words = (item.status, standings.certainty(item))
    return "; ".join(dict.fromkeys(words))


def examples_blocks(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Block]:
    """Evidence up to the nominal date for measures that were put first, and where texts are."""
    _ = ctx.t.gettext
    items = []
    for item in standings.by_class(*AGREED):
        for piece in item.evidence:
            sources = f" [{', '.join(piece.sources)}]" if piece.sources else ""
            items.append((Run(f"{item.key} {item.title}, {piece.date}: "), Run(ctx.read(piece.text) + sources)))
    if items:
        yield Listing(tuple(items))
    else:
        yield Paragraph(plain(_("No published example is known for the measures put first.")))
    texts = sum(ctx.given.free_texts.values())
    if texts:
        key = ctx.cite("free-texts", _("Texts given to the questionnaires, by question"))
        yield Paragraph(
            (
                Run(
                    ctx.t.ngettext(
                        "Experts wrote %(count)d text in the questionnaires. It is read and edited by a "
                        "person before anything is printed, because a way of writing identifies.",
                        "Experts wrote %(count)d texts in the questionnaires. They are read and edited by a "
                        "person before anything is printed, because a way of writing identifies.",
                        texts,
                    )
                    % {"count": texts},
                    key,
                ),
            ),
            "note",
        )
    yield from _literature(ctx, standings)


def _literature(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Block]:
    used = {key for item in standings.all for piece in item.evidence for key in piece.sources}
    found = [item for item in ctx.definition.sources if item.key in used]
    if found:
        yield Paragraph(plain(ctx.t.gettext("Sources of the examples:")))
        yield Listing(tuple(plain(f"{item.key}: {ctx.read(item.label)}") for item in found))


def sponsor(ctx: BriefingContext, actors: Sequence[Option]) -> Option | None:
    """The addressee who is also the organiser: its name or its initials stand in the label."""
    names = {ctx.definition.slug.partition("-")[0]}
    for words in ctx.definition.organiser.values():
        names |= {words, "".join(re.findall(r"\b[A-ZА-Я]", words))}
    for actor in actors:
        for words in actor.label.values():
            if any(len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE) for name in names):
                return actor
    return None
