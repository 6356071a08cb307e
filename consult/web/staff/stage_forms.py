"""The page of an act on a stage: what it does, what stands open, whom it is told."""

from flask import url_for
from flask.typing import ResponseReturnValue

from consult.models import Stage
from consult.services.mail import notices
from consult.services.rounds.stages import StageAct
from consult.services.running import lookahead
from consult.web.access import StaffContext, config
from consult.web.forms.staff import ExtendForm, OpenForm, StaffForm
from consult.web.staff.pages import form_page, plain
from consult.words import catalogues


def tell(ctx: StaffContext, stage: Stage, act: StageAct, form: OpenForm | ExtendForm) -> None:
    if form.tells.data:
        notices.tell(ctx.session, ctx.consultation, ctx.definition, config(), stage, act, ctx.actor)


def stage_form(
    ctx: StaffContext,
    stage: Stage,
    form: StaffForm,
    act: StageAct,
    button: str,
    words: list[str],
    *,
    is_final: bool = False,
) -> ResponseReturnValue:
    """What the act does, what stands open before it, and whom it is told."""
    seen = lookahead.before(ctx.session, ctx.consultation, stage, act)
    words = [*words, *seen.sentences(catalogues.catalogue(ctx.language))]
    title = plain(ctx, ctx.definition.stage(stage.key).title)
    return form_page(
        ctx,
        form,
        heading=f"{button}: {title}",
        button=button,
        back=url_for("facilitate.board", slug=ctx.slug),
        paragraphs=words,
        is_final=is_final,
    )
