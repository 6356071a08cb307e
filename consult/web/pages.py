"""What every expert's page shares: texts in the reader's language, the frame, summaries."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response as Answer

from consult.definition.asked import Problem
from consult.definition.text import Shown, in_language
from consult.models import Expert
from consult.services.answering import responding
from consult.services.rounds.stages import stage_named
from consult.web.access import ExpertContext, RequestContext
from consult.web.forms.rendering import RenderContext
from consult.web.forms.summary import answer_row
from consult.web.languages import Frame, language_name
from consult.web.marks import device_tag, reader
from consult.web.views import AnswerRow, AnswerSection, Link, Message, TextBlock


def rendering_of(
    ctx: RequestContext,
    inputs: Mapping[str, list[str]] | None = None,
    *,
    problems: Sequence[Problem] = (),
    attributes: Mapping[str, str] | None = None,
    shown_instances: Mapping[str, int] | None = None,
) -> RenderContext:
    """How texts and moments are written for this reader, and what stands typed."""
    return RenderContext(
        ctx.language,
        ctx.definition.languages,
        ctx.consultation.zone,
        ctx.windows(),
        inputs or {},
        problems,
        attributes,
        shown_instances,
    )


def contact_name(ctx: RequestContext) -> str:
    """Whom to ask, in this reader's language."""
    order = ctx.definition.languages
    return in_language(ctx.definition.contact.name, ctx.language, order).text


def frame(ctx: RequestContext, *, signed_in: bool = True) -> None:
    """Put the consultation's name and an expert's navigation around the page."""
    slug = ctx.slug
    tasks = url_for("tasks.index", slug=slug)
    contact = ctx.definition.contact.email
    g.place = Frame(
        title=in_language(ctx.definition.short_title, ctx.language),
        home=tasks if signed_in else None,
        nav=[Link(tasks, _("My tasks"))] if signed_in else [],
        footer=[
            Link(url_for("reading.help_page", slug=slug), _("Help")),
            Link(url_for("enter.privacy", slug=slug), _("Privacy")),
            Link(url_for("reading.accessibility", slug=slug), _("Accessibility")),
            Link(f"mailto:{contact}", _("Contact: %(name)s", name=contact_name(ctx))),
        ],
        sign_out=url_for("enter.sign_out", slug=slug) if signed_in else None,
        reader=reader() if signed_in else None,
        has_drafts=True,
    )


HEADING = "## "
"""What begins a paragraph of a longer text that has a heading."""


def text_blocks(rendering: RenderContext, text: Mapping[str, str]) -> list[TextBlock]:
    """A longer text cut at its empty lines; the first line of a block may be its heading."""
    shown = rendering.text(text)
    found = []
    for part in (part.strip() for part in (shown.text.split("\n\n") if shown else ())):
        head, _line, rest = part.partition("\n") if part.startswith(HEADING) else ("", "", part)
        if shown is not None and part:
            heading = shown._replace(text=head.removeprefix(HEADING).strip()) if head else None
            found.append(TextBlock(heading, shown._replace(text=rest.strip())))
    return found


WORDS_A_MINUTE = 200
"""A little below the 238 words a minute of adults in their first language (Brysbaert 2019): many read in another."""


def minutes_to_read(text: Sequence[TextBlock]) -> int:
    """About how long a text takes to read, in whole minutes, at least one."""
    words = sum(len(part.text.split()) for block in text for part in (block.heading, block.body) if part)
    return max(1, round(words / WORDS_A_MINUTE))


def whole_in_one_language(ctx: RequestContext, known: Sequence[str]) -> None:
    """Show this page in one of the languages that all of it is written in; said where it is another.

    For pages whose text must not be half in one language and half in another.
    """
    asked = ctx.language
    if asked not in known:
        name = language_name(known[0])
        g.only_in = known[0]
        g.instead = Shown(asked, _("This page stands in %(language)s: it is not translated.", language=name))
        refresh()


def sections(
    respondent: responding.Respondent, rendering: RenderContext, slug: str | None = None
) -> list[AnswerSection]:
    """All answers of a stage in words, by page; with links to change them when `slug` is given."""
    found = []
    for step in respondent.steps():
        title = step.wording.title if step.wording else step.page.section.title if step.page else {}
        href = url_for("respond.page", slug=slug, stage=respondent.stage.key, page=step.key) if slug else None
        rows = _rows(step, rendering, href)
        if rows:
            found.append(AnswerSection(rendering.text(title), rows))
    return found


def _rows(step: responding.Step, rendering: RenderContext, href: str | None) -> list[AnswerRow]:
    """The answers of one page. Of a measure its ratings are wanted, and no comment."""
    is_rating = step.wording is not None
    return [
        answer_row(item, rendering, href, is_wanted=item.type == "scale" if is_rating else item.question.required)
        for item in step.asked
        if item.type != "info"
    ]


def end_on_device(person: Expert) -> None:
    """Let the last page, which knows nobody, drop what the device keeps of this person."""
    cookie["over_for"] = device_tag(person)


def signed_out(heading: str, texts: list[str]) -> Answer:
    """The last page: nothing of anyone, and Back shows nothing afterwards.

    What the device keeps of this person the script drops; of others it keeps what is theirs.
    """
    g.place = None
    message = Message(heading, texts, over_for=cookie.pop("over_for", None))
    page = render_template("expert/message.html", message=message)
    return Response(page, headers={"Clear-Site-Data": '"cache"'})


def respondent_of(ctx: ExpertContext, stage: str) -> responding.Respondent:
    """The reader at a stage, alone with what is stored where something is sent. Raises NotFound."""
    return responding.find_respondent(
        ctx.session,
        ctx.consultation,
        ctx.definition,
        ctx.expert,
        stage_named(ctx.stages(), stage),
        is_held=request.method == "POST",
    )


def page_address(ctx: ExpertContext, stage: str, page: str, **query: str) -> str:
    """The address of one page of a stage."""
    values: dict[str, Any] = {"slug": ctx.slug, "stage": stage, "page": page, **query}
    return url_for("respond.page", **values)
