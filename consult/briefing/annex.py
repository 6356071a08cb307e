"""The method annex: rules, response, history of the measures, limits, all distributions."""

from collections.abc import Iterator, Mapping

from analysis.model.criterion import CriterionResult
from analysis.model.stage import VariableResult
from consult.briefing.accord import accord_blocks
from consult.briefing.addressees import sponsor
from consult.briefing.context import BriefingContext, MeasureGiven, Reasoned, Words, number, plain
from consult.briefing.model import Block, Cell, Heading, Line, Listing, Paragraph, Run, Table
from consult.briefing.rated_measures import RatedMeasures
from consult.briefing.rulewords import rule_lines
from consult.briefing.summary import design, response_table, saved_lines
from consult.briefing.why import reasons_lines, why_tables
from consult.definition.text import by_language
from consult.fates import GONE, Fate
from consult.words.missing import missing_sentence
from consult.words.phrases import said
from consult.words.wording import DEVIATIONS, FATES, point


def annex_blocks(
    ctx: BriefingContext, standings: RatedMeasures | None, checklist: Mapping[str, Line]
) -> Iterator[Block]:
    """In the order a reviewer asks: design, rule, registration, response, changes, limits.

    `checklist`: what the editor wrote to lines of the reporting checklist.
    """
    _ = ctx.t.gettext
    yield Heading(_("Design and rule"))
    yield Paragraph(plain(_("Design: %(design)s.") % {"design": design(ctx)}))
    if standings is not None:
        yield Listing(tuple(plain(line) for line in rule_lines(ctx)))
    yield Paragraph(
        (
            Run(
                _registered(ctx),
                ""
                if not ctx.given.registration
                else ctx.cite("registration", _("The protocol as locked when the first round opened")),
            ),
        )
    )
    yield from response_table(ctx)
    yield from saved_lines(ctx)
    yield Heading(_("Departures from the plan"))
    yield from _deviations(ctx)
    if standings is not None:
        yield _history(ctx)
        yield from why_tables(ctx)
        yield from reasons_lines(ctx)
        yield from _not_rated(ctx)
    yield Heading(_("Limits"))
    yield Listing(tuple(_limits(ctx, standings)))
    yield from accord_blocks(ctx, standings, checklist)
    yield from _distributions(ctx, standings)
    yield Heading(_("Frozen results"))
    yield Listing(
        tuple(plain(f"{ctx.read(stage.title)}: {stage.digest}") for stage in ctx.given.stages if stage.digest)
        or (plain(_("No stage is frozen yet.")),)
    )


def _registered(ctx: BriefingContext) -> str:
    _, registration = ctx.t.gettext, ctx.given.registration
    if registration is None:
        return _("The protocol has not been registered: no round has opened yet.")
    words = _("The protocol was registered on %(date)s, before the first round; digest %(digest)s.")
    return words % {"date": registration["date"], "digest": registration["digest"]}


def _deviations(ctx: BriefingContext) -> Iterator[Block]:
    _ = ctx.t.gettext
    changed = sum(len(item.versions) - 1 for item in ctx.given.measures)
    gone = sum(fate["fate"] in GONE for item in ctx.given.measures for fate in item.fates)
    if changed or gone:
        yield Paragraph(
            plain(
                _(
                    "Between the rounds the list of measures was changed: wordings after the first "
                    "%(changed)d, merged or not taken further %(gone)d; see “History of the measures”."
                )
                % {"changed": changed, "gone": gone}
            )
        )
    if not ctx.given.deviations:
        yield Paragraph(plain(_("No departure from the schedule was logged.")))
        return
    lines = []
    for item in ctx.given.deviations:
        stage = ctx.by_key.get(item["stage"] or "")
        where = ctx.read(stage.title) + ": " if stage else ""
        kind = said(DEVIATIONS, item["kind"], ctx.t)
        lines.append(plain(f"{where}{kind}. {_why(ctx, item)}"))
    yield Listing(tuple(lines))


def _history(ctx: BriefingContext) -> Table:
    """The change log: every wording after the first, and every fate but being rated again."""
    _ = ctx.t.gettext
    rows = []
    for measure in ctx.given.measures:
        title = ctx.read(measure.versions[-1]["content"]["title"])
        changes = [*_wordings(ctx, measure), *_fates(ctx, measure)]
        asked = ", ".join(str(ctx.by_key[key].round) for key in measure.asked) or "–"
        rows.append((Cell(f"{measure.key} {title}"), Cell(asked), Cell("; ".join(changes) or "–")))
    header = (_("Measure"), _("rated in round"), _("changes, with the reason"))
    return Table(_("History of the measures"), header, tuple(rows))


def _wordings(ctx: BriefingContext, measure: MeasureGiven) -> Iterator[str]:
    _ = ctx.t.gettext
    for version in measure.versions[1:]:
        words = (
            _("wording %(number)d: %(reason)s")
            if version["is_pairable"]
            else _("wording %(number)d, not compared with earlier ratings: %(reason)s")
        )
        yield words % {"number": version["number"], "reason": _why(ctx, version)}


def _fates(ctx: BriefingContext, measure: MeasureGiven) -> Iterator[str]:
    for fate in measure.fates:
        if fate["fate"] in (Fate.CARRIED, Fate.REWORDED):
            continue
        into = f" → {fate['into']}" if fate["into"] else ""
        words = said(FATES, fate["fate"], ctx.t)
        if fate["fate"] == Fate.SETTLED:
            stage = ctx.by_key.get(fate["stage"] or "")
            yield f"{words} ({ctx.read(stage.title)})" if stage else words
        else:
            yield f"{words}{into}: {_why(ctx, fate)}"


def _not_rated(ctx: BriefingContext) -> Iterator[Block]:
    """Proposals that came too late or were left out, so that nothing proposed is lost."""
    _ = ctx.t.gettext
    lines = []
    for item in ctx.given.proposals:
        if item["fate"] == "accepted":
            continue
        status = {
            "waiting": _("not rated"),
            "merged": _("contained in %(measure)s"),
            "withheld": _("left out: %(reason)s"),
        }[item["fate"]]
        words = (
            status % {"measure": item["measure"], "reason": _why(ctx, item)} if item["fate"] != "waiting" else status
        )
        lines.append(plain(f"{_words(ctx, item['title'], item.get('title_in'))} ({words})"))
    if lines:
        yield Heading(_("Proposals that were not rated"))
        yield Listing(tuple(lines))


def _why(ctx: BriefingContext, item: Reasoned) -> str:
    return _words(ctx, item["reason"], item.get("reason_in"))


def _words(ctx: BriefingContext, words: str | None, known: Words | None) -> str:
    """What somebody wrote, in the briefing's language where it was said in that one too."""
    return ctx.read(by_language(words, known)) or "–"


def _limits(ctx: BriefingContext, standings: RatedMeasures | None) -> Iterator[Line]:
    _, ngettext = ctx.t.gettext, ctx.t.ngettext
    yield plain(
        _(
            "The panel was invited, not drawn at random. Nothing here is true of a sector or a "
            "country; “expected” is what the panel expects, not a forecast."
        )
    )
    yield plain(_("Changes between two questionnaires are changes, not effects of what lay between them."))
    if standings is None:
        return
    late = [item.key for item in standings.all if item.content.get("late")]
    if late:
        key = ctx.cite("definition measures", _("The published list of measures"))
        yield (
            Run(
                ngettext(
                    "%(count)d measure was drafted with material later than the nominal date: %(keys)s.",
                    "%(count)d measures were drafted with material later than the nominal date: %(keys)s.",
                    len(late),
                )
                % {"count": len(late), "keys": ", ".join(late)},
                key,
            ),
        )
    own = sponsor(ctx, standings.actors)
    if own is not None:
        found = standings.aimed_at("actors", own.key)
        key = ctx.cite("definition measures", _("The published list of measures"))
        yield (
            Run(
                ngettext(
                    "The organiser is an addressee of %(count)d of the rated measures.",
                    "The organiser is an addressee of %(count)d of the rated measures.",
                    len(found),
                )
                % {"count": len(found)},
                key,
            ),
        )


def _distributions(ctx: BriefingContext, standings: RatedMeasures | None) -> Iterator[Block]:
    """Every released distribution: ratings by round, then the questionnaires."""
    _ = ctx.t.gettext
    found: dict[str, list[tuple[Cell, ...]]] = {}
    for stage in ctx.rounds if standings is not None else ():
        for key, measure in stage.released.measures.items():
            for name, rated in measure.criteria.items():
                rows = found.setdefault(stage.key, [])
                rows.append(_distribution(ctx, f"{key} {name}", rated))
    for stage in ctx.given.stages:
        if stage.numbers is None:
            continue
        for key, block in stage.numbers.variables.items():
            if block.n:
                found.setdefault(stage.key, []).append(_distribution(ctx, key, block))
    header = (_("Variable"), _("answers in order"), _("median"), "n")
    note = _("The labels of the scales and options are in the codebook.")
    for place, (key, rows) in enumerate(found.items(), start=1):
        title = _("All distributions") + f": {ctx.read(ctx.by_key[key].title)}"
        is_last = place == len(found)
        yield Table(title, header, tuple(rows), note if is_last else "", is_compact=True)


def _distribution(ctx: BriefingContext, variable: str, block: VariableResult | CriterionResult) -> tuple[Cell, ...]:
    if block.counts is None:
        shown = missing_sentence(block, ctx.t)
    else:
        shown = "\u00a0·\u00a0".join(str(count) for count in block.counts)
    median = number(point(block.median, ctx.t))
    return (Cell(variable), Cell(shown), median, number(str(block.n)))
