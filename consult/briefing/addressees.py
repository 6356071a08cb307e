"""One page for each addressee, and the examples that exist."""

import re
from collections.abc import Iterator, Sequence

from consult.briefing.given import Desk, plain
from consult.briefing.measures import AGREED, NOT_FIRST, OPEN
from consult.briefing.model import Block, Cell, Listing, Paragraph, Run, Section, Table
from consult.briefing.standings import Standing, Standings
from consult.definition.measure import Criterion
from consult.definition.scale import Option
from consult.statuses import Ending

BESIDE = tuple(kind for kind in (*OPEN, *NOT_FIRST) if kind not in (*AGREED, "low_priority", Ending.DROPPED))
"""Classes a page also lists: what the panel could not settle is the addressee's to know."""


def addressee_sections(desk: Desk, standings: Standings, number_of_section: str) -> list[Section]:
    """A page for everyone who is named by a measure; one page for all where nobody is named."""
    _ = desk.t.gettext
    if not standings.actors:
        rows = [*standings.by_class(*AGREED), *standings.by_class(*BESIDE)]
        blocks = tuple(_page(desk, standings, rows))
        return [Section("addressees", number_of_section, _("Recommendations"), blocks, True)]
    sections = []
    for place, actor in enumerate(standings.actors, start=1):
        found = standings.aimed_at("actors", actor.key)
        agreed = [item for item in found if item.kind in AGREED]
        undecided = [item for item in found if item.kind in BESIDE]
        blocks = tuple(_page(desk, standings, [*agreed, *undecided]))
        title = _("For: %(addressee)s") % {"addressee": desk.read(actor.label)}
        sections.append(
            Section(f"addressee-{actor.key.replace('_', '-')}", f"{number_of_section}.{place}", title, blocks, True)
        )
    return sections


def _page(desk: Desk, standings: Standings, found: Sequence[Standing]) -> Iterator[Block]:
    _ = desk.t.gettext
    if not found:
        nothing = _("Nothing addressed here was put first by the panel or left open.")
        yield Paragraph(plain(nothing))
        return
    sorting = standings.sorting
    if sorting is not None:
        asked = desk.read(sorting.question)
        yield Paragraph(
            plain(
                _("“%(criterion)s” was judged by this question: %(question)s")
                % {"criterion": desk.read(sorting.label), "question": asked}
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
        *(_top(desk, standings, one) for one in criteria),
        _("Status, and what would change it"),
        _("Existing example"),
    )
    yield Table(_("What is asked, what it needs and what the panel says"), header, rows)


def _top(desk: Desk, standings: Standings, one: Criterion) -> str:
    bands = list(standings.bands(one).values())
    label = desk.read(one.label)
    return f"{label}: {bands[-1]}" if bands else label


def _status(standings: Standings, item: Standing) -> str:
    words = (item.status, standings.certainty(item))
    return "; ".join(dict.fromkeys(words))


def examples_blocks(desk: Desk, standings: Standings) -> Iterator[Block]:
    """Evidence up to the nominal date for measures that were put first, and where texts are."""
    _ = desk.t.gettext
    items = []
    for item in standings.by_class(*AGREED):
        for piece in item.evidence:
            sources = f" [{', '.join(piece.sources)}]" if piece.sources else ""
            items.append((Run(f"{item.key} {item.title}, {piece.date}: "), Run(desk.read(piece.text) + sources)))
    if items:
        yield Listing(tuple(items))
    else:
        yield Paragraph(plain(_("No published example is known for the measures put first.")))
    texts = sum(desk.given.free_texts.values())
    if texts:
        key = desk.cite("free-texts", _("Texts given to the questionnaires, by question"))
        yield Paragraph(
            (
                Run(
                    desk.t.ngettext(
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
    yield from _literature(desk, standings)


def _literature(desk: Desk, standings: Standings) -> Iterator[Block]:
    used = {key for item in standings.all for piece in item.evidence for key in piece.sources}
    found = [item for item in desk.definition.sources if item.key in used]
    if found:
        yield Paragraph(plain(desk.t.gettext("Sources of the examples:")))
        yield Listing(tuple(plain(f"{item.key}: {desk.read(item.label)}") for item in found))


def sponsor(desk: Desk, actors: Sequence[Option]) -> Option | None:
    """The addressee who is also the organiser: its name or its initials stand in the label."""
    names = {desk.definition.slug.partition("-")[0]}
    for words in desk.definition.organiser.values():
        names |= {words, "".join(re.findall(r"\b[A-ZА-Я]", words))}
    for actor in actors:
        for words in actor.label.values():
            if any(len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE) for name in names):
                return actor
    return None
