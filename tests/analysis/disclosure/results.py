"""Results with every figure that a floor or a place of the ledger may take."""

from analysis.model.criterion import (
    Case,
    ClauseSides,
    CountedIn,
    CriterionResult,
    Ipras,
    LeaveOneOut,
    QuantileTypes,
    Robustness,
    Sensitivity,
    StabilityNumbers,
    StabilityResult,
    VerdictNumbers,
    VerdictResult,
)
from analysis.model.figures import ScaleEnds, Share, Wilcoxon
from analysis.model.panel import Hidden
from analysis.model.stage import MeasureResult, PairResult, Participation, StageResult, VariableResult
from analysis.protocol.states import NoAnswer, Outcome, StabilityState, StageKind, Verdict

NINE = ScaleEnds(key="S_IMPORTANCE9", lo=1, hi=9)
WILCOXON = Wilcoxon(statistic=3.0, p=1.0, method="exact")
SHARES = {"high": Share(count=4, n=8, share=0.5, low=0.2, high=0.8, wilson=(0.2, 0.8))}
NO_ANSWER = {NoAnswer.DONT_KNOW: 1}

EMPTY = StageResult(
    stage="round-2",
    kind=StageKind.ROUND,
    round=2,
    analysis_version="1",
    protocol_digest="0",
    participation=Participation(),
    deciding=None,
    variables={},
    measures={},
    panel={},
    pairs={},
    priorities=(),
    first=None,
    stopping=None,
    hidden=Hidden(pairs={}, transitions={}, by_group={}, subgroups={}, attrition={}, last_value_carried={}),
)
"""A result of nothing."""


def variable(n: int, median: float) -> VariableResult:
    """A question that so many answered."""
    return VariableResult(
        n=n,
        answered=n + 1,
        counts=(n,),
        no_answer=NO_ANSWER,
        share_interval="wilson",
        shares=SHARES,
        scale=NINE,
        median=median,
    )


def measure(**criteria: CriterionResult) -> MeasureResult:
    """A measure rated under these criteria."""
    return MeasureResult(rounds_rated=2, criteria=criteria, heading=None, settled=False)


def pair(n: int, earlier_only: int, later_only: int) -> PairResult:
    """A question that so many answered twice, and so many once."""
    return PairResult(
        earlier="view",
        label=None,
        scale=NINE,
        n=n,
        up=3,
        same=4,
        down=1,
        n_earlier_only=earlier_only,
        n_later_only=later_only,
        wilcoxon=Wilcoxon(statistic=3.0, p=0.5, method="exact"),
        median_earlier=4.0,
        median_later=5.0,
        median_shift=1.0,
        mean_shift=0.5,
    )


def criterion(n: int, numbers: StabilityNumbers | None, leavers: int | None, with_leavers: int) -> CriterionResult:
    """So many ratings; ``with_leavers``: how many they are with those who left."""
    case = Case(n=with_leavers, verdict=Verdict.IN, flips=False, shares=SHARES)
    return CriterionResult(
        n=n,
        answered=n + 1,
        counts=(n,),
        no_answer=NO_ANSWER,
        respondents=30,
        scale=NINE,
        quartile_type=7,
        median=5.0,
        q1=4.0,
        q3=6.0,
        iqr=2.0,
        shares=SHARES,
        share_interval="wilson",
        a=0.5,
        cns=0.6,
        ipras=Ipras(
            p30=4.0, p70=6.0, ipr=2.0, ipras=5.0, index=0.4, disagreement=False, quantile_type=7, below_minimum=False
        ),
        verdict=_verdict(n),
        robustness=_robustness(),
        stability=StabilityResult(
            state=StabilityState.STABLE,
            code="stable",
            codes=("median_shift",),
            numbers=numbers,
            wilcoxon=WILCOXON,
            kappa_quadratic=0.5,
        ),
        dissent=False,
        outcome=Outcome.AGREED,
        outcome_reason="in_and_stable",
        verdict_change=None,
        sensitivity=Sensitivity(leavers=leavers, worst=case, best=case, last_value_carried=case, cliff_delta=0.25),
    )


def _verdict(n: int) -> VerdictResult:
    return VerdictResult(
        verdict=Verdict.IN,
        margin=2,
        code="in",
        numbers=VerdictNumbers(
            n=n, respondents=30, needed=10, denominator="rated", withheld=1, clauses=ClauseSides(into=(), out=())
        ),
        with_no_opinions=CountedIn(verdict=Verdict.IN, flips=False),
    )


def _robustness() -> Robustness:
    return Robustness(
        leave_one_out=LeaveOneOut(verdicts={Verdict.IN: 8}, flips=0),
        quantile_types=QuantileTypes(
            verdicts=(Verdict.IN,), flips=False, matters=False, iqr=(2.0,), disagreement=(False,)
        ),
        thresholds=None,
        chance=None,
    )
