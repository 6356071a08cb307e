"""Pages to read: the blank questionnaire, help, accessibility."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from consult.services.answering.entering import blank_parts
from consult.services.rounds.stages import find_stage
from consult.web.access import ExpertContext, for_expert, place_of, public, visit_here
from consult.web.expert.answer_views import BlankSheet
from consult.web.forms.blank import draw_part
from consult.web.pages import contact_name, frame, rendering_of
from consult.web.views import Message

blueprint = Blueprint("reading", __name__)


@blueprint.get("/c/<slug>/stage/<stage>/print")
@for_expert()
def blank(ctx: ExpertContext, stage: str) -> str:
    """The whole questionnaire, blank, to read or clear with one's office before answering."""
    frame(ctx)
    rendering = rendering_of(ctx)
    found = find_stage(ctx.session, ctx.consultation.id, stage)
    parts = blank_parts(ctx.session, ctx.consultation, ctx.definition, found)
    view = BlankSheet(rendering.text(ctx.definition.stage(stage).title), [draw_part(part, rendering) for part in parts])
    return render_template("expert/print.html", blank=view)


@blueprint.get("/c/<slug>/help")
@public
def help_page(slug: str) -> str:
    """How to answer, save, change and leave."""
    ctx = place_of(slug)
    frame(ctx, signed_in=visit_here(slug) is not None)
    message = Message(
        _("Help"),
        [
            _("Your personal link opens your tasks, on any device, as often as you like. It is for you alone."),
            _(
                "Every page is saved when you go on, and while you type if your browser allows it. "
                "You can stop at any time and go on later, also on another device."
            ),
            _(
                "Nothing counts before you press “Submit my answers”. After that you can still "
                "change answers and submit again until the deadline; the last submission counts."
            ),
            _(
                "On a scale, the keys 1 to 9 set the rating and Enter goes on, where there is a keyboard. "
                "If you cannot or do not want to answer a question, choose one of the answers below "
                "the scale: they are never counted as a low rating."
            ),
            _(
                "From the second round on you see what the whole panel said before. "
                "You may keep your rating: differing views are a result too."
            ),
            _(
                "If something does not work, write to %(name)s, %(email)s.",
                name=contact_name(ctx),
                email=ctx.definition.contact.email,
            ),
        ],
    )
    return render_template("expert/message.html", message=message)


@blueprint.get("/c/<slug>/accessibility")
@public
def accessibility(slug: str) -> str:
    """The accessibility statement."""
    ctx = place_of(slug)
    frame(ctx, signed_in=visit_here(slug) is not None)
    message = Message(
        _("Accessibility statement"),
        [
            _(
                "These pages are made to meet the Web Content Accessibility Guidelines (WCAG) 2.2, "
                "level AA. They work with the keyboard alone, without JavaScript, at 400 % zoom, "
                "with a screen reader, in dark mode and with high contrast, and can be printed."
            ),
            _(
                "They are tested automatically with every change: each page for rules that a "
                "machine can check, and beyond them labels, headings, contrast of borders, size of "
                "targets and reflow at 320 pixels."
            ),
            _(
                "Not yet tested: by people who use screen readers every day, and in browsers other "
                "than Chromium. Charts for staff are drawn by a script; each has a table beside it."
            ),
            _(
                "If you meet a barrier, or need the questions in another form, write to %(name)s, "
                "%(email)s. You can also answer on paper or by telephone.",
                name=contact_name(ctx),
                email=ctx.definition.contact.email,
            ),
        ],
    )
    return render_template("expert/message.html", message=message)
