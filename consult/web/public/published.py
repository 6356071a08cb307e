"""Results for everybody once the last round is frozen: released aggregates, to be cited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for

from consult.definition.text import Shown
from consult.errors import NotFound
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named
from consult.web.access import RequestContext, config, place_of, public
from consult.web.languages import INTERFACE
from consult.web.pages import frame, whole_in_one_language
from consult.web.results.blocks import blocks
from consult.web.results.frozen import FrozenStage, published, stage_title
from consult.web.results.rated import LatestRating, board_row, criteria, sorter, standings
from consult.web.staff.pages import plain, text, translate
from consult.web.staff.statuses import status_note
from consult.words.without import saved_sentence

blueprint = Blueprint("published", __name__)


@dataclass(frozen=True, slots=True)
class PublicBoard:
    """The verdicts under one criterion; see `board_row`."""

    key: str
    label: Shown
    rows: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class TookPart:
    """How many experts came how far in a frozen stage; `saved` says how many of them only saved."""

    title: str
    invited: int
    consented: int
    started: int
    submitted: int
    saved: str


@dataclass(frozen=True, slots=True)
class PublicResults:
    """All measures, whether their status is final, how many took part, and the rules' digest."""

    boards: Sequence[PublicBoard]
    participation: Sequence[TookPart]
    purpose: Shown
    protocol: str
    standing: str


@dataclass(frozen=True, slots=True)
class PublicMeasure:
    """One measure as it is cited: by its key, its title and `address`; and what it came to."""

    key: str
    heading: Shown
    wording: Shown
    stage_title: str
    address: str
    status: str
    standing: str


@blueprint.get("/c/<slug>/public")
@public
def index(slug: str) -> str:
    """All measures with their verdicts, criterion by criterion, and how many took part."""
    ctx = _place(slug)
    frozen = published(ctx)
    if frozen is None:
        return _page(ctx, "public/waiting.html")
    found = standings(ctx, frozen)
    view = PublicResults(
        boards=[_board(ctx, found, item.key, text(ctx, item.label)) for item in criteria(ctx)],
        participation=_participation(ctx, frozen),
        purpose=text(ctx, ctx.definition.purpose),
        protocol=frozen[-1].numbers.protocol_digest,
        standing=status_note(ctx),
    )
    return _page(ctx, "public/results.html", results=view)


@blueprint.get("/c/<slug>/public/<measure>")
@public
def one(slug: str, measure: str) -> str:
    """One measure with its figures in every round it was rated in."""
    ctx = _place(slug)
    frozen = published(ctx)
    if frozen is None:
        return _page(ctx, "public/waiting.html")
    found = next((item for item in standings(ctx, frozen) if item.key == measure), None)
    if found is None:
        raise NotFound(Refusal(Code.NO_RESULT_OF_MEASURE, Named(measure)))
    rounds = [item for item in frozen if item.stage.kind == "round"]
    view = PublicMeasure(
        key=found.key,
        heading=text(ctx, found.wording.title),
        wording=text(ctx, found.wording.text),
        stage_title=stage_title(ctx, found.stage),
        address=_address(ctx, measure),
        status=found.came_to,
        standing=status_note(ctx),
    )
    return _page(ctx, "public/measure.html", measure=view, blocks=blocks(ctx, found, rounds))


def _place(slug: str) -> RequestContext:
    """The consultation, in a language in which all of these pages are written."""
    ctx = place_of(slug)
    whole_in_one_language(ctx, [code for code in INTERFACE if code in ctx.definition.languages] or INTERFACE)
    return ctx


def _page(ctx: RequestContext, template: str, **views: object) -> str:
    frame(ctx, signed_in=False)
    return render_template(
        template, ctx=ctx, title=text(ctx, ctx.definition.title), organiser=text(ctx, ctx.definition.organiser), **views
    )


def _address(ctx: RequestContext, measure: str) -> str:
    """Where this measure is cited; built from the configured address, never from the request."""
    path = url_for("published.one", slug=ctx.slug, measure=measure)
    return config().public_url.rstrip("/") + path


def _board(ctx: RequestContext, found: list[LatestRating], criterion: str, label: Shown) -> PublicBoard:
    rated = [item for item in found if criterion in item.released.criteria]
    rows = sorted((board_row(ctx, item, criterion) for item in rated), key=sorter("share"))
    return PublicBoard(criterion, label, rows)


def _participation(ctx: RequestContext, frozen: list[FrozenStage]) -> list[TookPart]:
    return [
        TookPart(
            title=title,
            **item.numbers.participation.steps(),
            saved=saved_sentence(title, item.numbers.participation, translate(ctx)),
        )
        for item in frozen
        for title in [plain(ctx, ctx.definition.stage(item.stage.key).title)]
    ]
