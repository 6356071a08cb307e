"""What the measures editor shows and asks: rows for proposals, comments and measures."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from consult.definition.checks.content import ACTORS
from consult.definition.text import Shown, by_language
from consult.fates import FINAL, noted
from consult.services.measures import erasures, measures, proposals
from consult.services.measures.comments import Moderated
from consult.services.measures.fates import Happened
from consult.services.measures.revising import Content
from consult.web.access import RequestContext, StaffContext
from consult.web.forms.measures import AddForm, wording_form
from consult.web.staff.measure_views import CommentCard, CommentGroup, FateLine, MeasureRow, ProposalCard
from consult.web.staff.pages import plain, said, text, translate
from consult.web.staff.statuses import came_to
from consult.web.views import Tag
from consult.words import wording as words
from consult.words.fates import fate_reason


def proposal_rows(ctx: StaffContext) -> list[ProposalCard]:
    """All proposals, those still to be decided first, without their authors."""
    keys = {item.measure.id: item.key for item in measures.newest_wordings(ctx.session, ctx.consultation.id)}
    states = {
        "waiting": Tag(_("to decide"), "you"),
        "accepted": Tag(_("became a measure"), "good"),
        "merged": Tag(_("contained in a measure"), "blue"),
        "withheld": Tag(_("left out")),
    }
    return [
        ProposalCard(
            handle=item.handle,
            title=Shown(item.language, item.title or _("Without a title")),
            text=Shown(item.language, item.text),
            is_waiting=item.fate == "waiting",
            is_rated=item.fate == "accepted",
            state=states[item.fate],
            measure=keys.get(item.measure_id or 0),
            reason=text(ctx, by_language(item.reason, item.reason_in)),
        )
        for item in proposals.proposals(ctx.session, ctx.consultation)
    ]


def thinned_stages(ctx: StaffContext) -> list[Shown]:
    """The titles of stages whose comments are listed no more, because some were erased."""
    keys = set(erasures.thinned(ctx.session, ctx.consultation.id).values())
    return [text(ctx, stage.title) for stage in ctx.definition.stages if stage.key in keys]


def comment_rows(ctx: StaffContext, found: Iterable[Moderated]) -> list[CommentGroup]:
    """Comments in groups of one measure in one round."""
    titles = {item.key: text(ctx, item.title) for item in measures.newest_wordings(ctx.session, ctx.consultation.id)}
    stages = {stage.key: text(ctx, stage.title) for stage in ctx.definition.stages}
    groups: dict[tuple[str, str], list[CommentCard]] = {}
    for moderated in found:
        item = moderated.view
        groups.setdefault((item.stage, item.measure), []).append(_comment(ctx, moderated))
    return [
        CommentGroup(stages[stage], measure, titles[measure], comments) for (stage, measure), comments in groups.items()
    ]


def _comment(ctx: StaffContext, moderated: Moderated) -> CommentCard:
    item = moderated.view
    content = ctx.definition.measures
    labels = {one.key: plain(ctx, one.label) for one in content.criteria} if content is not None else {}
    kinds = {
        "reason": _("reason: %(criterion)s", criterion=labels.get(item.criterion, item.criterion))
        if item.criterion
        else _("on the measure as a whole"),
        "unclear": _("wording unclear"),
    }
    states = {
        "waiting": Tag(_("to moderate"), "you"),
        "accepted": Tag(_("accepted"), "good"),
        "withheld": Tag(_("withheld")),
    }
    late = moderated.is_over and item.moderation == "waiting"
    changed = item.moderated and item.moderated != {item.language: item.text}
    return CommentCard(
        handle=item.handle,
        kind=kinds[item.kind],
        text=Shown(item.language, item.text),
        shown=text(ctx, item.moderated) if changed else None,
        reason=item.reason,
        state=Tag(_("not decided in time")) if late else states[item.moderation],
        is_over=moderated.is_over,
    )


def measure_rows(ctx: StaffContext) -> list[MeasureRow]:
    """Every measure there ever was by theme, with its newest wording and fate."""
    fates = measures.newest_fates(ctx.session, ctx.consultation.id)
    statuses = came_to(ctx)
    found = ctx.definition.measures
    themes = {theme.key: plain(ctx, theme.title) for theme in found.themes} if found else {}
    rows = []
    for item in measures.newest_wordings(ctx.session, ctx.consultation.id):
        fate = fates.get(item.measure.id)
        rows.append(
            MeasureRow(
                key=item.key,
                title=text(ctx, item.title),
                theme=themes.get(item.measure.theme, item.measure.theme),
                version=item.version.number,
                fate=said(ctx, words.FATES, fate.fate) if fate else _("not rated yet"),
                status=statuses[item.key][1] if item.key in statuses else "–",
                is_final=fate is not None and fate.fate in FINAL,
            )
        )
    return rows


def fate_words(ctx: RequestContext, happened: Happened) -> FateLine:
    """One line of a measure's history."""
    titles = {stage.key: plain(ctx, stage.title) for stage in ctx.definition.stages}
    return FateLine(
        fate=said(ctx, words.FATES, happened.fate.fate),
        stage=titles.get(happened.stage or "", ""),
        into=happened.into,
        reason=_fate_reason(ctx, happened, titles),
    )


def _fate_reason(ctx: RequestContext, happened: Happened, titles: Mapping[str, str]) -> str:
    """The reason somebody gave, or what the program noted by itself."""
    found = noted(happened.fate.code, happened.fate.facts)
    if found is None:
        return plain(ctx, by_language(happened.fate.reason, happened.fate.reason_in))
    content = ctx.definition.measures
    labels = {one.key: plain(ctx, one.label) for one in content.criteria} if content else {}
    return fate_reason(found, translate(ctx), lambda key: titles.get(key, key), labels)


def add_form(ctx: StaffContext, given: Mapping[str, str]) -> AddForm:
    """The form of a new measure, with what is known of it filled in."""
    found = ctx.definition.measures
    themes = [(theme.key, plain(ctx, theme.title)) for theme in found.themes] if found else []
    actors = [(item.key, plain(ctx, item.label)) for item in ctx.definition.lists.get(ACTORS, ())]
    kind = wording_form(AddForm, ctx.definition.languages)
    return kind(themes=themes, actors=actors, data=dict(given))


def new_content(form: AddForm) -> Content:
    """A new measure as versions keep it."""
    actors = form.actors.data if "actors" in form else []
    return {**form.content(), "actors": actors, "barriers": [], "instrument": None, "late": False}


def merge_choices(ctx: StaffContext) -> list[tuple[str, str]]:
    """Measures that another may be merged into: those still rated."""
    found = measures.live_wordings(ctx.session, ctx.consultation.id)
    return [(item.key, plain(ctx, item.title)) for item in found]
