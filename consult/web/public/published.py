"""Results for everybody once the last round is frozen: released aggregates, to be cited."""

from typing import Any

from flask import Blueprint, render_template, url_for

from consult.errors import NotFound
from consult.web.access import Place, config, place_of, public
from consult.web.pages import frame
from consult.web.results.detail import blocks
from consult.web.results.frozen import FrozenStage, published, stage_title
from consult.web.results.standing import (
    Standing,
    board_row,
    criteria,
    sorter,
    standings,
)
from consult.web.staff.pages import plain, text

blueprint = Blueprint("published", __name__)


@blueprint.get("/c/<slug>/public")
@public
def index(slug: str) -> str:
    """All measures with their verdicts, criterion by criterion, and how many took part."""
    place = place_of(slug)
    frozen = published(place)
    if frozen is None:
        return _page(place, "public/waiting.html")
    found = standings(place, frozen)
    return _page(
        place,
        "public/results.html",
        boards=[
            _board(place, found, item.key, text(place, item.label)) for item in criteria(place)
        ],
        participation=_participation(place, frozen),
        purpose=text(place, place.definition.purpose),
        protocol=frozen[-1].numbers.protocol_digest,
    )


@blueprint.get("/c/<slug>/public/<measure>")
@public
def one(slug: str, measure: str) -> str:
    """One measure with its figures in every round it was rated in."""
    place = place_of(slug)
    frozen = published(place)
    if frozen is None:
        return _page(place, "public/waiting.html")
    found = next((item for item in standings(place, frozen) if item.key == measure), None)
    if found is None:
        raise NotFound(f"no results for a measure {measure}")
    rounds = [item for item in frozen if item.stage.kind == "round"]
    return _page(
        place,
        "public/measure.html",
        standing=found,
        heading=text(place, found.wording.title),
        wording=text(place, found.wording.text),
        stage_title=stage_title(place, found.stage),
        blocks=blocks(place, found, rounds),
        address=_address(place, measure),
    )


def _page(place: Place, template: str, **values: Any) -> str:
    frame(place, signed_in=False)
    return render_template(
        template, place=place, title=text(place, place.definition.title),
        organiser=text(place, place.definition.organiser), **values,
    )  # fmt: skip


def _address(place: Place, measure: str) -> str:
    """Where this measure is cited; built from the configured address, never from the request."""
    path = url_for("published.one", slug=place.slug, measure=measure)
    return config().public_url.rstrip("/") + path


def _board(
    place: Place, found: list[Standing], criterion: str, label: object
) -> dict[str, Any]:  # fmt: skip
    rated = [item for item in found if criterion in item.released.criteria]
    rows = sorted((board_row(place, item, criterion) for item in rated), key=sorter("share"))
    return {"key": criterion, "label": label, "rows": rows}


def _participation(place: Place, frozen: list[FrozenStage]) -> list[dict[str, Any]]:
    return [
        {"title": plain(place, place.definition.stage(item.stage.key).title),
         **item.numbers.participation.steps()}
        for item in frozen
    ]  # fmt: skip
