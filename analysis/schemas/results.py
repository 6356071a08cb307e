"""The JSON Schema of what ``file_report.file_result`` returns, and of a StageResult within it.

Every object says all its keys. An undefined figure is null and ``<name>_reason`` says why; a
withheld one is null and ``suppressed`` says by which rule.
"""

from analysis.protocol.protocol import NO_ANSWER
from analysis.ratings_file.assumed import Assumed
from analysis.ratings_file.round_order import OrderBy
from analysis.schemas.panel import (
    hidden_schema,
    opinion_groups_schema,
    panel_schema,
    ranking_schema,
)
from analysis.schemas.words import (
    COUNT,
    COUNTS,
    NUMBER,
    PAIR,
    SHARE,
    TEXT,
    TRUTH,
    VERDICT,
    WHOLE,
    WORD,
    Node,
    by_key,
    ref,
    thing,
    told,
)


def results_schema() -> Node:
    """One schema of the whole document (JSON Schema 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of a file of ratings",
        "description": "What `consult analyse FILE --json` prints.",
        **_document(),
        "$defs": {
            "stage": _stage(),
            "criterion": _criterion(),
            "verdict": _verdict(),
            "stability": _stability(),
            "sensitivity": _sensitivity(),
            "robustness": _robustness(),
            "case": thing(n=COUNT, verdict=VERDICT, flips=TRUTH, shares=by_key(ref("share"), True)),
            "share": _share(),
            "test": _test(),
            "panel": panel_schema(),
            "coefficient": _coefficient(),
            "chances": _chances(),
            "hidden": hidden_schema(),
            "ranking": ranking_schema(),
            "opinion_groups": opinion_groups_schema(),
        },
    }


def _document() -> Node:
    flow = thing(reserved={"from": WORD, "to": WORD, "both": COUNT, "left": COUNT, "joined": COUNT})
    hollow = thing(side={"enum": ["in", "out"]}, round=WHOLE, at=WHOLE, kind=TEXT, panels=COUNT)
    doubts = thing(code={"const": "scale_not_used"}, criterion=WORD, highest=WHOLE)
    doubt = thing(nullable=True, chance=ref("chances"), posterior=_posterior())
    return thing(
        optional="doubt ranking opinion_groups flow",
        format={"const": 1},
        analysis_version=WORD,
        protocol=told({"type": "object"}, "All rules, thresholds as [numerator, denominator]."),
        protocol_digest=told(WORD, "SHA-256 of the protocol's canonical JSON."),
        experts=COUNT,
        rounds={"type": "array", "items": WORD},
        round_order=told({"enum": list(OrderBy)}, "What the order of rounds was taken from."),
        assumed=told({"type": "array", "items": {"enum": list(Assumed)}}, "Nobody declared it."),
        assumed_doubts={"type": "array", "items": doubts},
        groups={"type": "array", "items": WORD},
        flow=told({"type": "array", "items": flow}, "Experts in both of two rounds, or in one."),
        hollow=told({"type": "array", "items": hollow}, "Clauses that never failed beside others."),
        stages={"type": "array", "items": ref("stage")},
        doubt=told(by_key(by_key(doubt)), "By round and measure.criterion; drawn, seeded."),
        ranking={"anyOf": [ref("ranking"), {"type": "null"}]},
        opinion_groups={"anyOf": [ref("opinion_groups"), {"type": "null"}]},
        digest=told(WORD, "SHA-256 of the canonical JSON of everything else."),
    )


def _stage() -> Node:
    measure = thing(
        rounds_rated=COUNT,
        criteria=by_key(ref("criterion")),
        settled={"type": "boolean"},
        reserved={"class": TEXT},
    )
    stopping = thing(nullable=True, all_stable=TRUTH, rounds=COUNT, skip_last=TRUTH)
    return thing(
        optional="hidden groups",
        format={"const": 1},
        stage=WORD,
        kind=WORD,
        round=WHOLE,
        analysis_version=WORD,
        protocol_digest=WORD,
        participation=by_key(COUNT),
        deciding=TEXT,
        variables=told({"type": "object"}, "Empty for a file of ratings."),
        measures=by_key(measure),
        panel=by_key(ref("panel")),
        pairs=told({"type": "object"}, "Empty for a file of ratings."),
        priorities={"type": ["array", "null"]},
        first=told(_first(), "How sure the first places are, were the panel drawn again."),
        stopping=stopping,
        hidden=told(ref("hidden"), "Frozen, never released."),
        groups=told({"type": "object"}, "Released figures by group."),
    )


def _first() -> Node:
    chances = {"type": ["object", "null"], "additionalProperties": {"type": "number"}}
    return thing(
        nullable=True, optional="suppressed", pick=COUNT, draws=COUNT, suppressed=TEXT,
        by_share=told(chances, "By share in the highest band."),
        by_picks=told(chances, "By number of picks."),
    )  # fmt: skip


def _criterion() -> Node:
    ipras = thing(
        nullable=True, optional="reason", p30=NUMBER, p70=NUMBER, ipr=NUMBER, ipras=NUMBER,
        index=NUMBER, disagreement=TRUTH, quantile_type=COUNT, below_minimum=TRUTH, reason=TEXT,
    )  # fmt: skip
    states = {
        "type": ["object", "null"],
        "properties": dict.fromkeys(NO_ANSWER, COUNT),
        "additionalProperties": False,
    }
    return thing(
        n=told(COUNT, "How many rated."),
        answered=told(COUNT, "How many rated or withheld an opinion."),
        respondents=told(COUNT, "How many took part in the round."),
        counts=told(COUNTS, "Ratings by point of the scale, lowest first."),
        no_answer=states,
        scale=thing(key=WORD, lo={"type": "integer"}, hi={"type": "integer"}),
        quartile_type=told(COUNT, "Hyndman and Fan's type."),
        median=NUMBER,
        q1=NUMBER,
        q3=NUMBER,
        iqr=NUMBER,
        shares=by_key(ref("share"), True),
        share_interval=WORD,
        a=told(NUMBER, "van der Eijk's agreement, -1 to 1."),
        cns=told(NUMBER, "Tastle and Wierman's consensus, 0 to 1."),
        ipras=ipras,
        verdict=ref("verdict"),
        robustness=ref("robustness"),
        stability=ref("stability"),
        dissent=TRUTH,
        outcome=WORD,
        outcome_reason=WORD,
        verdict_change=TEXT,
        sensitivity=ref("sensitivity"),
    )


def _verdict() -> Node:
    clause = thing(
        optional="band op limit count of present method", kind=WORD, holds=TRUTH, band=WORD,
        op=WORD, limit=PAIR, count=COUNT, of=COUNT, present=TRUTH, method=WORD,
    )  # fmt: skip
    clauses = {"type": "array", "items": clause}
    numbers = thing(
        optional="withheld clauses towards to_in to_out", n=COUNT, respondents=COUNT, needed=COUNT,
        withheld=COUNT, denominator=WORD, clauses=thing(reserved={"in": clauses, "out": clauses}),
        towards=TEXT, to_in=WHOLE, to_out=WHOLE,
    )  # fmt: skip
    return thing(
        verdict=VERDICT,
        margin=told(WHOLE, "Ratings that would have to change for another verdict."),
        code=WORD,
        numbers=numbers,
        with_no_opinions=thing(verdict=VERDICT, flips=TRUTH),
    )


def _stability() -> Node:
    numbers = thing(
        nullable=True, optional="unchanged within_one median_shift net_change",
        pairs=COUNT, unchanged=COUNT, within_one=COUNT, median_shift=NUMBER, net_change=NUMBER,
    )  # fmt: skip
    wilcoxon = thing(
        nullable=True, optional="p_holm", statistic=NUMBER, p=NUMBER, method=WORD, p_holm=NUMBER
    )
    return thing(
        state={"enum": ["stable", "moving", "not_assessed"]},
        code=WORD,
        codes={"type": "array", "items": WORD},
        numbers=numbers,
        wilcoxon=wilcoxon,
        kappa_quadratic=NUMBER,
    )


def _sensitivity() -> Node:
    case = {"anyOf": [ref("case"), {"type": "null"}]}
    return thing(
        optional="stayers newcomers cliff_delta",
        leavers=WHOLE,
        stayers=COUNT,
        newcomers=COUNT,
        cliff_delta=NUMBER,
        worst=told(case, "Those who left put on the lowest point."),
        best=told(case, "Those who left put on the highest point."),
        last_value_carried=case,
    )


def _robustness() -> Node:
    run = thing(reserved={"from": COUNT, "to": COUNT, "verdict": VERDICT})
    types = thing(
        verdicts={"type": "array", "items": VERDICT},
        flips=TRUTH,
        matters=TRUTH,
        iqr={"type": "array", "items": NUMBER},
        disagreement={"type": "array", "items": TRUTH},
    )
    return thing(
        nullable=True,
        leave_one_out=told(
            thing(verdicts=by_key(COUNT), flips=COUNT), "Experts by the verdict without them."
        ),
        quantile_types=told(types, "Under Hyndman and Fan's types 1 to 9."),
        thresholds=told(
            {"type": ["array", "null"], "items": run}, "Runs of equal verdicts, 60 to 90 %."
        ),
        chance=told(ref("chances"), "Exact; null where it would have to be drawn."),
    )


def _chances() -> Node:
    return thing(
        nullable=True, out=SHARE, none=SHARE, n=COUNT,
        draws=told(WHOLE, "Null: exact."), reserved={"in": SHARE},
    )  # fmt: skip


def _posterior() -> Node:
    verdicts = thing(reserved={"in": SHARE, "out": SHARE, "none": SHARE})
    return thing(
        prior=NUMBER, draws=COUNT, population=verdicts, another_panel=verdicts, flips=SHARE
    )


def _share() -> Node:
    return thing(count=COUNT, n=COUNT, share=SHARE, low=SHARE, high=SHARE, wilson=PAIR)


def _test() -> Node:
    return thing(
        optional="reason p_holm p_bh", statistic=NUMBER, df=NUMBER, p=SHARE, method=WORD,
        reason=TEXT, p_holm=SHARE, p_bh=SHARE,
    )  # fmt: skip


def _coefficient() -> Node:
    return thing(value=NUMBER, error=NUMBER, low=NUMBER, high=NUMBER)
