"""Where every measure stands: by the verdict of the last round in which it was rated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.model.criterion import CriterionResult
from analysis.model.stage import MeasureResult, ReleasedStage
from consult.briefing.context import BriefingContext, MeasureGiven, StageGiven
from consult.briefing.figure import span
from consult.definition.measure import Criterion, Evidence
from consult.definition.scale import Option, Scale
from consult.released_texts import NOTHING, Side
from consult.statuses import CODES, Ending, Status
from consult.words.certainty import redraws_of, stopped, what_would_change
from consult.words.readings import Classes, reading_words
from consult.words.wording import counted, verdict_reason

ORDER = CODES
"""Statuses as tables list them: what divides or could not be judged before what was put last."""


@dataclass(frozen=True, slots=True)
class RatedMeasure:
    """One rated measure, in the wording and with the figures of its last round.

    `kind`: its status, one of `ORDER`, which `status` says in words.
    """

    key: str
    theme: str
    title: str
    text: str
    stage: StageGiven
    result: MeasureResult
    content: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    kind: str
    status: str


class RatedMeasures:
    """All rated measures of a consultation."""

    def __init__(self, ctx: BriefingContext) -> None:
        assert ctx.definition.measures is not None
        self.ctx = ctx
        self.content = ctx.definition.measures

    @cached_property
    def deciding(self) -> Criterion:
        return self.content.deciding

    @cached_property
    def sorting(self) -> Criterion | None:
        """The first criterion that does not decide."""
        return self.content.sorting

    @cached_property
    def classes(self) -> Classes:
        """The classes of measures and their words."""
        rule = self.ctx.definition.rules.dissent
        return Classes(self.content, rule, self.ctx.t, self.ctx.read)

    @cached_property
    def all(self) -> tuple[RatedMeasure, ...]:
        """In the order of the list; a measure merged away stands in the history only."""
        known = self.ctx.given.statuses
        if known is None:
            return ()
        return tuple(
            self._standing(measure, known.measures[measure.key])
            for measure in self.ctx.given.measures
            if known.measures[measure.key].code not in (Ending.MERGED, Ending.UNRATED)
        )

    def _standing(self, measure: MeasureGiven, status: Status) -> RatedMeasure:
        stage = self.ctx.by_key[status.stage or ""]
        result = stage.released.measures[measure.key]
        content = next(item["content"] for item in measure.versions if item["number"] == status.wording)
        return RatedMeasure(
            key=measure.key,
            theme=measure.theme,
            title=self.ctx.read(content["title"]),
            text=self.ctx.read(content["text"]),
            stage=stage,
            result=result,
            content=content,
            evidence=self.ctx.definition.evidence.get(measure.key, ()),
            kind=status.code,
            status=self.classes.status(status, result),
        )

    def by_class(self, *kinds: str) -> list[RatedMeasure]:
        """Measures of these classes, in the order of the classes, then of the shares."""
        found = [item for item in self.all if item.kind in kinds]
        return sorted(found, key=lambda item: (kinds.index(item.kind), -self.share(item), item.key))

    def share(self, item: RatedMeasure) -> float:
        """The share in the highest band of the deciding criterion; 0 where it is not shown."""
        shares = self.block(item, self.deciding).shares or {}
        top = self.scale(self.deciding).bands
        return float(shares[top[-1].key].share or 0) if shares and top else 0.0

    def scale(self, criterion: Criterion) -> Scale:
        return self.ctx.definition.scales[criterion.scale]

    def block(self, item: RatedMeasure, criterion: Criterion) -> CriterionResult:
        return item.result.criteria[criterion.key]

    def bands(self, criterion: Criterion) -> dict[str, str]:
        """Bands as points: `7–9`."""
        return {band.key: span(band.start, band.end) for band in self.scale(criterion).bands}

    def source(self, item: RatedMeasure, criterion: Criterion) -> str:
        """The key of a rating: `round-3 M01 importance n=18`."""
        n = self.block(item, criterion).n
        return self.ctx.cite(
            f"{item.stage.key} {item.key} {criterion.key} n={n}",
            f"{self.ctx.read(item.stage.title)}: {item.title}, {self.ctx.read(criterion.label)}",
        )

    def high(self, item: RatedMeasure, criterion: Criterion) -> str:
        """`15 of 18`, of those who rated, in the highest band."""
        return self.in_band(item, criterion, -1)

    def in_band(self, item: RatedMeasure, criterion: Criterion, place: int) -> str:
        block, bands = self.block(item, criterion), self.scale(criterion).bands
        if not block.shares or not bands:
            return "–"
        return counted(block.shares[bands[place].key].count, block.n, self.ctx.t)

    def at_issue(self, item: RatedMeasure) -> Criterion:
        """The criterion a reader has to know: the other one where only that is open."""
        if item.kind == "prepare_open" and self.sorting is not None:
            return self.sorting
        return self.deciding

    def split(self, item: RatedMeasure) -> str:
        """Both sides in people, or how few have rated."""
        return self.split_on(item, self.at_issue(item))

    def split_on(self, item: RatedMeasure, criterion: Criterion) -> str:
        """The same for one criterion."""
        _ = self.ctx.t.gettext
        block, bands = self.block(item, criterion), list(self.bands(criterion).values())
        if not block.shares or item.kind == "not_judged" or not bands:
            return _("%(n)d of %(respondents)d rated it") % {"n": block.n, "respondents": block.respondents}
        words = _("%(high)s rated it %(top)s, %(low)s %(bottom)s") % {
            "high": self.in_band(item, criterion, -1),
            "top": bands[-1],
            "low": self.in_band(item, criterion, 0),
            "bottom": bands[0],
        }
        if criterion is not self.deciding:
            words = f"{self.ctx.read(criterion.label)}: {words}"
        return words

    def grounds(self, item: RatedMeasure, criterion: Criterion) -> str:
        """What an agreed result rests on: people in the highest band, or another rule's clauses."""
        verdict = self.block(item, criterion).verdict
        clauses = verdict.numbers.clauses.into if verdict.numbers.clauses else ()
        if any(one.kind == "share" and one.op == ">=" for one in clauses):
            return self.split_on(item, criterion)
        return verdict_reason(verdict.code, verdict.numbers, self.ctx.t, self.bands(criterion))

    def outcome(self, item: RatedMeasure, criterion: Criterion) -> str:
        return reading_words(self.block(item, criterion), self.classes.rule, self.ctx.t)

    def certainty(self, item: RatedMeasure) -> str:
        """What would change the result on the deciding criterion."""
        return self.certainty_on(item, self.deciding)

    def certainty_on(self, item: RatedMeasure, criterion: Criterion, *, is_picked: bool = False) -> str:
        """The same for one criterion; with the redraws where it is about the first places."""
        rules, block = self.ctx.definition.rules, self.block(item, criterion)
        earlier = [
            one.respondents
            for stage in self.ctx.rounds
            if (stage.round or 0) < (item.stage.round or 0)
            and (one := stage.released.criterion(item.key, criterion.key))
        ]
        missing = stopped(rules, criterion.key, block, earlier, item.stage.round)
        redraws = redraws_of(self._picking(), item.key, by_picks=True) if is_picked else None
        return what_would_change(block, rules.dissent.bands, self.ctx.t, missing, redraws)

    def _picking(self) -> ReleasedStage | None:
        """What was released of the last round in which the panel picked."""
        asked = (one.numbers for one in reversed(self.ctx.rounds))
        return next((one for one in asked if one and one.priorities), None)

    def reasons(self, item: RatedMeasure, side: Side) -> list[str]:
        """Released reasons under the criterion that decides, of the newest round that has some."""
        for stage in reversed(self.ctx.rounds):
            said = stage.texts.get(item.key, NOTHING).of(self.deciding.key)
            if said.count:
                return [self.ctx.read(words) for words in said.of(side)]
        return []

    @cached_property
    def actors(self) -> tuple[Option, ...]:
        """Addressees in the order of their list: the one that holds all actors named."""
        return self._named("actors")

    @cached_property
    def barriers(self) -> tuple[Option, ...]:
        """Barriers that measures name, in the order of their list."""
        return self._named("barriers")

    def _named(self, field: str) -> tuple[Option, ...]:
        used = {key for item in self.all for key in item.content.get(field) or ()}
        if not used:
            return ()
        lists = self.ctx.definition.lists.values()
        best = max(lists, key=lambda options: len(used & {option.key for option in options}))
        return tuple(option for option in best if option.key in used)

    def aimed_at(self, field: str, key: str) -> list[RatedMeasure]:
        """Measures that name this barrier or actor, by class."""
        return [item for item in self.by_class(*ORDER) if key in (item.content.get(field) or ())]

    def instrument(self, item: RatedMeasure) -> str:
        _ = self.ctx.t.gettext
        words = {"money": _("money"), "rule": _("a rule"), "service": _("a service")}
        return words.get(item.content.get("instrument") or "", "–")

    def example(self, item: RatedMeasure) -> str:
        """The newest piece of evidence, with its sources."""
        if not item.evidence:
            return self.ctx.t.gettext("none known to the authors")
        piece = max(item.evidence, key=lambda one: one.date)
        sources = f" [{', '.join(piece.sources)}]" if piece.sources else ""
        return f"{self.ctx.read(piece.text)} ({piece.date}){sources}"
