"""The protocol as a folder writes it, and its building into `analysis.protocol.protocol`."""

import re
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from analysis.protocol import protocol as rules
from analysis.protocol.states import SavedAnswers
from consult.definition.measure import Criterion
from consult.definition.scale import Scale
from consult.definition.text import Strict

NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?|\d{1,9}/\d{1,9}")


def _fraction(words: str) -> Fraction:
    """A plain number or fraction. Raises ValueError, also for `1e999`, which Fraction takes."""
    if not NUMBER.fullmatch(words.strip()):
        raise ValueError(words)
    return Fraction(words.strip())


def _as_share(value: Any) -> Any:
    """`75%`, `2/3` and `0.75` are exact shares, kept as [numerator, denominator]."""
    if not isinstance(value, str):
        return value
    try:
        words = value.strip()
        share = _fraction(words[:-1]) / 100 if words.endswith("%") else _fraction(words)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"'{value}' is not a share; write 75%, 2/3 or 0.75") from None
    if not 0 <= share <= 1:
        raise ValueError(f"'{value}' is not between 0 and 1; a percentage needs its % sign")
    return (share.numerator, share.denominator)


Share = Annotated[tuple[int, int], BeforeValidator(_as_share)]


def _as_fraction(value: Any) -> Any:
    try:
        return _fraction(value) if isinstance(value, str) else value
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"'{value}' is not a number") from None


class ClauseText(Strict):
    """One clause: on the share of a band, the median, the middle half or disagreement."""

    band: str | None = None
    at_least: str | None = None
    at_most: str | None = None
    below: str | None = None
    median: bool | None = None
    iqr: bool | None = None
    disagreement: Literal["ipras"] | None = None
    present: bool | None = Field(default=None, alias="is")

    @model_validator(mode="after")
    def _builds(self) -> "ClauseText":
        self.build()
        return self

    def build(self) -> rules.Clause:
        """The clause as `analysis` reads it. Raises ValueError when the words do not fit."""
        if self.band is not None and (self.at_least is None) != (self.below is None):
            limit = self.at_least or self.below
            return rules.ShareClause(self.band, ">=" if self.at_least else "<", *_as_share(limit))
        if self.median and (self.at_least is None) != (self.at_most is None):
            twice = 2 * _as_fraction(self.at_least or self.at_most)
            if twice.denominator != 1:
                raise ValueError("a median is compared with whole or half points")
            return rules.MedianClause(">=" if self.at_least else "<=", int(twice))
        if self.iqr and (self.at_least is None) != (self.at_most is None):
            limit_points = _as_fraction(self.at_least or self.at_most)
            op = ">=" if self.at_least else "<="
            return rules.IqrClause(op, limit_points.numerator, limit_points.denominator)
        if self.disagreement is not None and self.present is not None:
            return rules.DisagreementClause(self.present, self.disagreement)
        raise ValueError(
            "a clause is {band, at_least or below}, {median: true, at_least or at_most}, "
            "{iqr: true, at_most} or {disagreement: ipras, is: false}"
        )


class RoundClausesText(Strict):
    into: tuple[ClauseText, ...] = Field(alias="in", min_length=1)
    out: tuple[ClauseText, ...] = Field(min_length=1)


DEFAULT_IN = (ClauseText(band="high", at_least="75%"), ClauseText(band="low", below="15%"))
DEFAULT_OUT = (ClauseText(band="low", at_least="75%"), ClauseText(band="high", below="15%"))


class ConsensusText(Strict):
    into: tuple[ClauseText, ...] = Field(default=DEFAULT_IN, alias="in", min_length=1)
    out: tuple[ClauseText, ...] = Field(default=DEFAULT_OUT, min_length=1)
    denominator: Literal["rated", "answered"] = "rated"
    minimum_n: int = Field(default=10, ge=1)
    minimum_share: Share = (2, 3)
    rounds: dict[int, RoundClausesText] = {}

    def build(self) -> rules.ConsensusRule:
        return rules.ConsensusRule(
            into=tuple(clause.build() for clause in self.into),
            out=tuple(clause.build() for clause in self.out),
            denominator=self.denominator,
            minimum_n=self.minimum_n,
            minimum_share=self.minimum_share,
            rounds=tuple(
                rules.RoundClauses(
                    number, tuple(clause.build() for clause in own.into), tuple(clause.build() for clause in own.out)
                )
                for number, own in sorted(self.rounds.items())
            ),
        )


class QuantilesText(Strict):
    quartile_type: int = Field(default=7, ge=1, le=9)
    ipras_type: int = Field(default=2, ge=1, le=9)


class StabilityText(Strict):
    minimum_pairs: int = Field(default=10, ge=1)
    within: int = Field(default=1, ge=0)
    share_within: Share = (3, 4)
    median_shift: int = Field(default=1, ge=0)
    net_band_change: Share = (3, 20)


class DissentText(Strict):
    each_band: Share = (1, 3)
    ipras: bool | None = None
    bands: tuple[str, str] = ("low", "high")

    def build(self) -> rules.DissentRule:
        return rules.DissentRule(**self.model_dump())


class StoppingText(Strict):
    rounds: int = Field(default=3, ge=1)
    skip_last_if_all_stable: bool = True
    settle_from: int = Field(default=2, ge=2)


Form = Literal["reasons", "words", "bars_beside", "bars_on_scale", "short_list"]


class FeedbackText(Strict):
    from_round: int = Field(default=2, ge=2)
    form: Form = "bars_on_scale"
    reasons_each_side: int = Field(default=5, ge=0, le=50)
    order: Literal["random"] = "random"
    rounds: dict[int, Form] = {}
    randomise: tuple[Form, ...] = ()
    groups: bool = False
    evidence: Literal["never", "on_request", "after_first_rating"] | None = None
    """When the evidence on a measure stands beside it; left out, never."""

    def build(self) -> rules.FeedbackRule:
        said = self.model_dump(exclude_none=True)
        return rules.FeedbackRule(**{**said, "rounds": tuple(sorted(self.rounds.items()))})


class PrioritiesText(Strict):
    pick: int = Field(default=5, ge=1)
    round: int = Field(default=3, ge=1)
    question: str | None = None


class DisclosureText(Strict):
    distribution: int = Field(default=8, ge=3)
    median: int = Field(default=5, ge=3)
    reasons: int = Field(default=8, ge=3)
    subgroup: int = Field(default=5, ge=3)
    rows_k: int = Field(default=3, ge=2)
    paired: int = Field(default=8, ge=3)


class ProtocolText(Strict):
    """The block `protocol`; everything left out has the engine's documented default."""

    consensus: ConsensusText = ConsensusText()
    quantiles: QuantilesText = QuantilesText()
    stability: StabilityText = StabilityText()
    dissent: DissentText = DissentText()
    stopping: StoppingText = StoppingText()
    feedback: FeedbackText = FeedbackText()
    priorities: PrioritiesText | None = None
    disclosure: DisclosureText = DisclosureText()
    saved_answers: SavedAnswers | None = None
    """What becomes at the close of a round of answers saved and never submitted; left out, nothing."""

    @property
    def counts_saved_answers(self) -> bool:
        """Whether saved answers may count at the close of a round."""
        return self.saved_answers is SavedAnswers.COUNTED_AT_CLOSE


def build_scale(key: str, scale: Scale) -> rules.Scale:
    """A scale as `analysis` reads it."""
    bands = tuple(rules.Band(band.key, band.start, band.end) for band in scale.bands)
    return rules.Scale(key, scale.min, scale.max, bands, scale.no_answer, scale.level)


def build_protocol(text: ProtocolText, scales: dict[str, Scale], criteria: tuple[Criterion, ...]) -> rules.Protocol:
    """The protocol as frozen rules, with the scales its criteria are rated on."""
    used = sorted({criterion.scale for criterion in criteria})
    return rules.Protocol(
        scales=tuple(build_scale(key, scales[key]) for key in used),
        criteria=tuple(rules.Criterion(criterion.key, criterion.scale, criterion.decides) for criterion in criteria),
        consensus=text.consensus.build(),
        quantiles=rules.Quantiles(**text.quantiles.model_dump()),
        stability=rules.StabilityRule(
            **{**text.stability.model_dump(), "median_shift": (text.stability.median_shift, 1)}
        ),
        dissent=text.dissent.build(),
        stopping=rules.StoppingRule(**text.stopping.model_dump()),
        feedback=text.feedback.build(),
        priorities=rules.PrioritiesRule(text.priorities.pick, text.priorities.round) if text.priorities else None,
        disclosure=rules.DisclosureRule(**text.disclosure.model_dump()),
        saved_answers=text.saved_answers or SavedAnswers.LEFT_OUT,
    )
