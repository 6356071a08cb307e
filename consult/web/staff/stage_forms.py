"""The page of an act on a stage: what it does, what stands open, whom it is told."""

from flask import url_for
from flask.typing import ResponseReturnValue

from consult.models import Stage
from consult.services.mail import notices
from consult.services.rounds.stages import StageAct
from consult.services.running import lookahead
from consult.web.access import StaffPlace, config
from consult.web.forms.staff import ExtendForm, OpenForm, StaffForm
from consult.web.staff.pages import form_page, plain
from consult.words import catalogues


def tell(place: StaffPlace, stage: Stage, act: StageAct, form: OpenForm | ExtendForm) -> None:
    if form.tells.data:
        notices.tell(place.session, place.consultation, place.definition, config(), stage, act, place.actor)


def stage_form(
    place: StaffPlace,
    stage: Stage,
    form: StaffForm,
    act: StageAct,
    button: str,
    words: list[str],
    *,
    is_final: bool = False,
) -> ResponseReturnValue:
    """What the act does, what stands open before it, and whom it is told."""
    seen = lookahead.before(place.session, place.consultation, stage, act)
    words = [*words, *seen.sentences(catalogues.catalogue(place.language))]
    title = plain(place, place.definition.stage(stage.key).title)
    return form_page(
        place,
        form,
        heading=f"{button}: {title}",
        button=button,
        back=url_for("facilitate.board", slug=place.slug),
        paragraphs=words,
        is_final=is_final,
    )
