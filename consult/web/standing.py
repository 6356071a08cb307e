"""Where the measures stand: the verdict board and the first answer to "which, and how sure"."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.briefing import wording as words
from consult.definition.measure import Criterion
from consult.definition.scale import Band
from consult.models import Stage
from consult.services import measures, stages
from consult.services.measures import Wording
from consult.services.results import released_numbers
from consult.web.access import Place
from consult.web.staff import plain, said, text, translate

Block = Mapping[str, Any]

TOP = 5
"""How many measures the first screen names where the protocol does not say."""


@dataclass(frozen=True, slots=True)
class FrozenStage:
    """A frozen stage and what was released of its numbers."""

    stage: Stage
    numbers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure in the last round in which it was rated."""

    place: int
    wording: Wording
    stage: Stage
    released: Block

    @property
    def key(self) -> str:
        return self.wording.key


def frozen_stages(place: Place) -> list[FrozenStage]:
    """Frozen stages in order."""
    return [
        FrozenStage(stage, numbers)
        for stage in stages.stages_of(place.session, place.consultation.id)
        if (numbers := released_numbers(place.session, stage)) is not None
    ]


def standings(place: Place, frozen: Sequence[FrozenStage]) -> list[Standing]:
    """Every measure rated in one of these stages, as it stood in the last of them."""
    found: dict[str, Standing] = {}
    for item in frozen:
        for wording in measures.wordings_in_stage(place.session, item.stage):
            released = item.numbers["measures"].get(wording.key)
            if released is not None:
                position, block = wording.measure.position, in_order(place, released)
                found[wording.key] = Standing(position, wording, item.stage, block)
    return sorted(found.values(), key=lambda standing: standing.place)


def in_order(place: Place, released: Block) -> Block:
    """A released measure with its bands from low to high: stored numbers know no such order."""
    return {
        **released,
        "criteria": {
            key: {**block, "shares": shares_in_order(block, bands(place, key))}
            for key, block in released["criteria"].items()
        },
    }


def shares_in_order(block: Block, known: Sequence[Band]) -> dict[str, Any] | None:
    """Shares by band, the lowest band first; None where they are withheld."""
    shares = block["shares"]
    return {band.key: shares[band.key] for band in known} if shares else None


def criteria(place: Place) -> tuple[Criterion, ...]:
    """What measures are rated on, the deciding criterion first."""
    found = place.definition.measures.criteria if place.definition.measures else ()
    return tuple(sorted(found, key=lambda criterion: not criterion.decides))


def bands(place: Place, criterion: str) -> tuple[Band, ...]:
    """The named bands of a criterion's scale, the lowest first."""
    return place.definition.scale_of(criterion).bands


def band_names(place: Place, criterion: str) -> dict[str, str]:
    """The points of each band, such as `7–9`."""
    return {band.key: points(band) for band in bands(place, criterion)}


def points(band: Band) -> str:
    """The points of a band, such as `7–9`, or `3` where it has one."""
    return str(band.start) if band.start == band.end else f"{band.start}–{band.end}"


def board_row(place: Place, standing: Standing, criterion: str) -> dict[str, Any]:
    """One line of the verdict board."""
    block = standing.released["criteria"][criterion]
    catalogue, names = translate(place), band_names(place, criterion)
    verdict, high = block["verdict"], _high(block)
    return {
        "key": standing.key,
        "title": text(place, standing.wording.title),
        "stage": standing.stage.key,
        "round": standing.stage.round_number,
        "n": block["n"],
        "median": words.point(block["median"]),
        "half": half(block),
        "high": _("%(count)s of %(n)s", count=high["count"], n=high["n"]) if high else "–",
        "interval": interval(high),
        "share": _share(high),
        "verdict": {
            "label": said(place, words.VERDICTS, verdict["verdict"]),
            "kind": {"in": "good", "out": "bad", "none": "you"}.get(verdict["verdict"], ""),
        },
        "reason": words.verdict_sentence(verdict["code"], verdict["numbers"], catalogue, names),
        "certainty": how_sure(place, block),
        "stability": words.stability_sentence(block["stability"], catalogue),
        "is_stable": block["stability"]["state"] == "stable",
        "outcome": said(place, words.OUTCOMES, block["outcome"]),
        "class": said(place, words.CLASSES, standing.released["class"]),
        "suppressed": words.suppressed_sentence(block["suppressed"], catalogue)
        if block.get("suppressed")
        else None,
        "order": _order(standing, block, high),
    }


def how_sure(place: Place, block: Block) -> str:
    """How many votes lie between a measure and another verdict; in words where none would do."""
    verdict = block["verdict"]
    margin = verdict["margin"]
    if margin is None or block["outcome"] in ("not_judged", "stable_dissent"):
        return words.certainty(block, translate(place))
    if verdict["verdict"] != "none":
        return ngettext("%(num)s vote from failing", "%(num)s votes from failing", margin)
    towards = verdict["numbers"]["towards"]
    nearest = _("in or out") if towards == "either" else said(place, words.VERDICTS, towards)
    return ngettext(
        "%(num)s vote short of “%(verdict)s”", "%(num)s votes short of “%(verdict)s”",
        margin, verdict=nearest,
    )  # fmt: skip


def half(block: Block) -> str:
    """The middle half of the ratings, such as `6–8`."""
    if block["q1"] is None:
        return "–"
    return f"{words.point(block['q1'])}–{words.point(block['q3'])}"


def interval(share: Block | None) -> str:
    """The Wilson 95 % interval of a share in whole percent."""
    if not share or share["low"] is None:
        return "–"
    return f"{100 * share['low']:.0f}–{100 * share['high']:.0f} %"


def _high(block: Block) -> Block | None:
    shares = list((block["shares"] or {}).values())
    return shares[-1] if shares else None


def _share(share: Block | None) -> Fraction | None:
    return Fraction(share["count"], share["n"]) if share and share["n"] else None


def _order(standing: Standing, block: Block, high: Block | None) -> dict[str, Any]:
    """What each column sorts by; None goes last."""
    share = _share(high)
    return {
        "list": standing.place,
        "n": -block["n"],
        "median": None if block["median"] is None else -block["median"],
        "share": None if share is None else -share,
        "margin": block["verdict"]["margin"],
        "verdict": _place(words.VERDICTS, block["verdict"]["verdict"]),
        "stability": ("stable", "moving", "not_assessed").index(block["stability"]["state"]),
        "outcome": _place(words.OUTCOMES, block["outcome"]),
        "class": _place(words.CLASSES, standing.released["class"]),
    }


def _place(known: Mapping[str, str], code: str | None) -> int | None:
    return list(known).index(code) if code is not None and code in known else None


SORTS = ("share", "list", "n", "median", "margin", "verdict", "stability", "outcome", "class")
"""Columns the board can be sorted by, the default first."""


def sorter(column: str) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """A sort key for board rows: the column, then share, median and place in the list."""

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        order = row["order"]
        values = (order[column], order["share"], order["median"])
        return (*((value is None, value or 0) for value in values), order["list"])

    return key


def top(place: Place, frozen: Sequence[FrozenStage], found: list[Standing]) -> dict[str, Any]:
    """The first measures: by the panel's picks where it picked, else by share, provisionally."""
    deciding = criteria(place)[0].key
    rows = {standing.key: board_row(place, standing, deciding) for standing in found}
    rule = place.definition.protocol.priorities
    wanted = rule.pick if rule else TOP
    picked = next((item for item in reversed(frozen) if item.numbers.get("priorities")), None)
    if picked is None:
        newest = next(item for item in reversed(frozen) if item.stage.kind == "round")
        ordered = sorted(rows.values(), key=sorter("share"))[:wanted]
        for row in ordered:
            row["chance"] = _chance(newest, "by_share", row["key"])
        return {"is_final": False, "wanted": wanted, "rows": ordered, "pickers": None}
    titles = _titles(place)
    ranked = [
        {
            **rows.get(one["key"], {"key": one["key"], "title": titles.get(one["key"])}),
            "rank": one["rank"],
            "tied": one["tied"],
            "picks": one["picks"],
            "chance": _chance(picked, "by_picks", one["key"]),
        }
        for one in picked.numbers["priorities"]
        if one["rank"] <= wanted and one["picks"]
    ]
    pickers = picked.numbers["participation"]["submitted"]
    return {"is_final": True, "wanted": wanted, "rows": ranked, "pickers": pickers}


def _chance(frozen: FrozenStage, way: str, key: str) -> int | None:
    """In how many of a hundred panels drawn again the measure is among the first."""
    chances = (frozen.numbers.get("first") or {}).get(way) or {}
    return round(100 * chances[key]) if key in chances else None


def _titles(place: Place) -> dict[str, Any]:
    found = measures.newest_wordings(place.session, place.consultation.id)
    return {item.key: text(place, item.title) for item in found}


def stage_title(place: Place, stage: Stage) -> str:
    """The title of a stage for this reader."""
    return plain(place, place.definition.stage(stage.key).title)
