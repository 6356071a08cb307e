"""The protocol of a consultation: its rules as frozen values, fixed before round 1 opens.

Importing this module loads neither numpy nor scipy. The parts stand in ``scales`` and
``analysis.protocol.rules`` and may all be imported from here.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from typing import Any

from analysis.canonical import digest
from analysis.protocol.rules import (
    ADDED_LATER,
    CLAUSES,
    DENOMINATORS,
    Clause,
    ConsensusRule,
    DisagreementClause,
    DisclosureRule,
    DissentRule,
    FeedbackRule,
    IqrClause,
    MedianClause,
    PrioritiesRule,
    Quantiles,
    RoundClauses,
    Share,
    ShareClause,
    StabilityRule,
    StoppingRule,
    share_rule,
)
from analysis.protocol.scales import NO_ANSWER, NO_OPINIONS, UNANSWERED, Band, Scale, require
from analysis.protocol.states import SavedAnswers

__all__ = [
    "DENOMINATORS",
    "NO_ANSWER",
    "NO_OPINIONS",
    "UNANSWERED",
    "Band",
    "Clause",
    "ConsensusRule",
    "Criterion",
    "DisagreementClause",
    "DisclosureRule",
    "DissentRule",
    "FeedbackRule",
    "IqrClause",
    "MedianClause",
    "PrioritiesRule",
    "Protocol",
    "Quantiles",
    "RoundClauses",
    "Scale",
    "Share",
    "ShareClause",
    "StabilityRule",
    "StoppingRule",
    "presets",
]


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a measure is rated on. Exactly one criterion of a protocol decides."""

    key: str
    scale: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Protocol:
    """All rules together. ``digest()`` names them; a verdict carries it.

    ``saved_answers``: what becomes at the close of a round of answers that were never submitted.
    """

    scales: tuple[Scale, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    consensus: ConsensusRule = field(default_factory=ConsensusRule)
    quantiles: Quantiles = field(default_factory=Quantiles)
    stability: StabilityRule = field(default_factory=StabilityRule)
    dissent: DissentRule = field(default_factory=DissentRule)
    stopping: StoppingRule = field(default_factory=StoppingRule)
    feedback: FeedbackRule = field(default_factory=FeedbackRule)
    priorities: PrioritiesRule | None = field(default_factory=PrioritiesRule)
    disclosure: DisclosureRule = field(default_factory=DisclosureRule)
    saved_answers: SavedAnswers = field(default=SavedAnswers.LEFT_OUT, metadata=ADDED_LATER)

    def __post_init__(self) -> None:
        scales = {scale.key: scale for scale in self.scales}
        require(len(scales) == len(self.scales), "two scales have the same key")
        keys = [criterion.key for criterion in self.criteria]
        require(len(set(keys)) == len(keys), "two criteria have the same key")
        deciding = sum(criterion.decides for criterion in self.criteria)
        require(not keys or deciding == 1, f"{deciding} criteria decide; exactly one must")
        for criterion in self.criteria:
            require(criterion.scale in scales, f"criterion {criterion.key}: no such scale")
            bands = {band.key for band in scales[criterion.scale].bands}
            missing = sorted(self._bands_needed() - bands)
            require(not missing, f"scale {criterion.scale} has no band {missing}")

    def _bands_needed(self) -> set[str]:
        rule = self.consensus
        sides = [rule.into, rule.out]
        sides += [side for own in rule.rounds for side in (own.into, own.out)]
        shares = {c.band for side in sides for c in side if isinstance(c, ShareClause)}
        return shares | set(self.dissent.bands)

    def scale(self, key: str) -> Scale:
        """The scale of that key. Raises KeyError when there is none."""
        for scale in self.scales:
            if scale.key == key:
                return scale
        raise KeyError(key)

    def criterion(self, key: str) -> Criterion:
        """The criterion of that key. Raises KeyError when there is none."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise KeyError(key)

    def criterion_scale(self, key: str) -> Scale:
        """The scale a criterion is rated on. Raises KeyError when there is no such criterion."""
        return self.scale(self.criterion(key).scale)

    @property
    def deciding(self) -> Criterion:
        """The criterion that decides. Raises LookupError when the protocol has no criteria."""
        for criterion in self.criteria:
            if criterion.decides:
                return criterion
        raise LookupError("no criterion decides")

    def to_dict(self) -> dict[str, Any]:
        """The protocol as JSON-ready dicts and lists; clauses carry their ``kind``."""
        form: dict[str, Any] = _form(self)
        return form

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> "Protocol":
        """Build a protocol from ``to_dict``. Raises ValueError, KeyError or TypeError if unfit."""
        return cls(
            scales=tuple(_scale(scale) for scale in form["scales"]),
            criteria=tuple(Criterion(**criterion) for criterion in form["criteria"]),
            consensus=_consensus(form["consensus"]),
            quantiles=Quantiles(**form["quantiles"]),
            stability=StabilityRule(**_pairs(form["stability"])),
            dissent=DissentRule(**_pairs(form["dissent"])),
            stopping=StoppingRule(**form["stopping"]),
            feedback=_feedback(form["feedback"]),
            priorities=PrioritiesRule(**form["priorities"]) if form["priorities"] else None,
            disclosure=DisclosureRule(**form["disclosure"]),
            saved_answers=SavedAnswers(form.get("saved_answers", SavedAnswers.LEFT_OUT)),
        )

    def digest(self) -> str:
        """SHA-256 of the canonical JSON of ``to_dict()``, in hexadecimal digits."""
        return digest(self.to_dict())


def presets() -> dict[str, ConsensusRule]:
    """Consensus rules by name, for bands named ``low`` and ``high``.

    ``default``: at least 75 % in one band and below 15 % in the other. ``comet-70-15``: the same
    at 70 % (Harman et al. 2013, Williamson et al. 2017). ``share-80``: 80 % in one band.
    ``rand-ucla``: median in a band without disagreement, half medians undecided (Fitch et al.
    2001); for a scale from 1 to 9.
    """
    calm = DisagreementClause(present=False)
    comet_in, comet_out = share_rule(7, 10, (3, 20))
    eighty_in, eighty_out = share_rule(4, 5, None)
    return {
        "default": ConsensusRule(),
        "comet-70-15": ConsensusRule(into=comet_in, out=comet_out),
        "share-80": ConsensusRule(into=eighty_in, out=eighty_out),
        "rand-ucla": ConsensusRule(into=(MedianClause(">=", 14), calm), out=(MedianClause("<=", 6), calm), minimum_n=7),
    }


def _form(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        form = {part.name: _form(getattr(value, part.name)) for part in fields(value) if _is_written(part, value)}
        kind = getattr(value, "kind", None)
        return form if kind is None else {"kind": kind, **form}
    if isinstance(value, tuple):
        return [_form(part) for part in value]
    return value


def _is_written(part: Field[Any], value: object) -> bool:
    return not ("added_later" in part.metadata and getattr(value, part.name) == part.default)


def _pairs(form: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(part) if isinstance(part, list) else part for key, part in form.items()}


def _feedback(form: Mapping[str, Any]) -> FeedbackRule:
    rounds = tuple((number, name) for number, name in form["rounds"])
    return FeedbackRule(**{**_pairs(form), "rounds": rounds})


def _scale(form: Mapping[str, Any]) -> Scale:
    bands = tuple(Band(**band) for band in form["bands"])
    return Scale(**{**_pairs(form), "bands": bands})


def _clauses(forms: list[Mapping[str, Any]]) -> tuple[Clause, ...]:
    return tuple(CLAUSES[form["kind"]](**{key: part for key, part in form.items() if key != "kind"}) for form in forms)


def _consensus(form: Mapping[str, Any]) -> ConsensusRule:
    return ConsensusRule(
        into=_clauses(form["into"]),
        out=_clauses(form["out"]),
        denominator=form["denominator"],
        minimum_n=form["minimum_n"],
        minimum_share=(form["minimum_share"][0], form["minimum_share"][1]),
        rounds=tuple(RoundClauses(own["round"], _clauses(own["into"]), _clauses(own["out"])) for own in form["rounds"]),
    )
