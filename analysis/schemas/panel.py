"""The JSON Schema of a StageResult's parts that look at the whole panel."""

from analysis.schemas.words import (
    COUNT,
    NUMBER,
    PAIR,
    SHARE,
    TABLE,
    TEXT,
    TRUTH,
    VERDICT,
    WORD,
    Node,
    by_key,
    ref,
    thing,
    told,
)


def panel_schema() -> Node:
    """Agreement over all measures of a round."""
    names = ("alpha_nominal", "alpha_ordinal", "alpha_interval", "ac1", "ac2", "fleiss")
    one = thing(value=NUMBER, low=NUMBER, high=NUMBER)
    f = thing(statistic=NUMBER, df1=NUMBER, df2=NUMBER, p=SHARE)
    ranks = {"type": "array", "items": NUMBER}
    w = thing(
        optional="experts policy value friedman f mean_ranks", experts=COUNT, policy=WORD,
        value=NUMBER, friedman=ref("test"), f=f, mean_ranks=ranks,
    )  # fmt: skip
    icc = thing(
        optional="experts policy ICC2 ICC2k ICC3k", experts=COUNT, policy=WORD, ICC2=one,
        ICC2k=one, ICC3k=one,
    )  # fmt: skip
    figures = "ratings percent_agreement apmo apmo_opinions_only kendall_w intraclass"
    return thing(
        optional=f"{figures} {' '.join(names)}",
        reserved={name: ref("coefficient") for name in names},
        measures=COUNT,
        ratings=COUNT,
        percent_agreement=NUMBER,
        apmo=NUMBER,
        apmo_opinions_only=NUMBER,
        kendall_w=w,
        intraclass=icc,
    )


def hidden_schema() -> Node:
    """What is computed from rows and never released."""
    difference = thing(nullable=True, band=WORD, value=NUMBER, low=NUMBER, high=NUMBER)
    compared = thing(
        optional="cliff_delta share_difference epsilon_squared verdicts all_groups",
        groups=by_key(COUNT), cliff_delta=NUMBER, share_difference=difference,
        epsilon_squared=NUMBER, test=ref("test"), verdicts=by_key(VERDICT), all_groups=VERDICT,
    )  # fmt: skip
    attrition = thing(
        leavers=COUNT, stayers=COUNT, cliff_delta=NUMBER, median_leavers=NUMBER,
        median_stayers=NUMBER, test=ref("test"), bounds=by_key(PAIR),
    )  # fmt: skip
    return thing(
        pairs=by_key(TABLE),
        transitions=told(by_key(by_key(TABLE)), "Earlier by later codes, states last."),
        by_group=by_key(by_key({"type": "object"})),
        subgroups=by_key(compared),
        attrition=by_key(attrition),
        last_value_carried=by_key({"type": "object"}),
    )


def ranking_schema() -> Node:
    """One order of the measures, from pairwise majorities."""
    row = thing(
        borda=NUMBER, copeland=NUMBER, mean_rank_of_rating=NUMBER, p_first=SHARE,
        place_low=NUMBER, place_high=NUMBER,
    )  # fmt: skip
    orders = {"type": "array", "items": {"type": "array", "items": WORD}}
    kemeny = thing(orders=orders, all_optima=TRUTH, distance=NUMBER, bound=NUMBER)
    return thing(
        round=WORD, criterion=WORD, picks=COUNT, p_first_method=TEXT, experts=COUNT,
        kemeny=kemeny, measures=by_key(row),
    )  # fmt: skip


def opinion_groups_schema() -> Node:
    """Groups of experts who rate alike."""
    telling = thing(key=WORD, side={"enum": ["for", "against"]}, times=NUMBER)
    return thing(
        optional="reason sizes silhouette representative shared stability",
        round=WORD, criterion=WORD, number=COUNT, reason=TEXT,
        sizes={"type": "array", "items": COUNT}, silhouette=by_key(NUMBER),
        representative={"type": "array", "items": {"type": "array", "items": telling}},
        shared=by_key(NUMBER), stability=NUMBER,
    )  # fmt: skip
