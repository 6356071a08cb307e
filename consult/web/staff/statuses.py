"""What the measures came to, in this reader's words."""

from consult.services.rounds.frozen_stages import frozen_stages
from consult.services.rounds.statuses import statuses_of
from consult.statuses import Status
from consult.web.access import RequestContext
from consult.web.staff.pages import plain, translate
from consult.words.readings import Classes, standing_sentence


def classes(ctx: RequestContext) -> Classes:
    """The classes of measures and their words, for this reader."""
    assert ctx.definition.measures is not None
    return Classes(
        ctx.definition.measures, ctx.definition.rules.dissent, translate(ctx), lambda words: plain(ctx, words)
    )


def came_to(ctx: RequestContext) -> dict[str, tuple[Status, str]]:
    """The status of every measure and its words, by key; empty before a round is frozen."""
    read = frozen_stages(ctx.session, ctx.consultation)
    known = statuses_of(ctx.session, ctx.consultation, read)
    if known is None:
        return {}
    words = classes(ctx).statuses(known, {item.stage.key: item.numbers.measures for item in read})
    return {key: (status, words[key]) for key, status in known.measures.items()}


def status_note(ctx: RequestContext) -> str:
    """Whether what is said of the measures is final; empty before a round is frozen."""
    known = statuses_of(ctx.session, ctx.consultation)
    return "" if known is None else standing_sentence(known, translate(ctx))
