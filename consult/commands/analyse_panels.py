"""Tables that `consult analyse` prints of panels, groups and rankings."""

from collections.abc import Iterator

from analysis.model.figures import Interval
from analysis.model.file import OpinionGroups, Ranking
from analysis.model.panel import Intraclass, KendallW
from analysis.model.stage import Stage, hidden_of
from consult.commands import context
from consult.commands.analyse_cells import NOTHING, figure, p_value, probability


def panel_table(stage: Stage) -> str:
    """Agreement of the whole panel, criterion by criterion."""
    rows = []
    for name, panel in stage.panel.items():
        w, icc = panel.kendall_w or KendallW(), panel.intraclass or Intraclass()
        rows.append(
            (
                name,
                panel.measures,
                _interval(panel.alpha_ordinal),
                _interval(panel.ac2),
                f"{figure(w.value)} ({NOTHING if w.experts is None else w.experts})",
                p_value(w.f.p if w.f else None),
                _interval(icc.icc2k),
                figure(panel.apmo, 0),
            )
        )
    head = (
        "agreement",
        "items",
        "alpha (ordinal)",
        "AC2 (ordinal)",
        "W (experts)",
        "p of W",
        "ICC2k",
        "APMO (neutral counted)",
    )
    return context.table(head, rows)


def panel_notes(stage: Stage) -> Iterator[str]:
    """Where intervals come from, and what a figure outside its usual range means."""
    if stage.panel:
        yield "Intervals: of AC2 by its error over measures; --statistics alpha gives those of alpha."
    for name, panel in stage.panel.items():
        form = panel.intraclass.icc2k if panel.intraclass else None
        if form is not None and form.value is not None and form.value < 0:
            yield (
                f"{context.visible(name)}: ICC2k below 0 means that experts differ from each other "
                "more than the items do; read it as no reliability at all."
            )


def _interval(found: Interval | None) -> str:
    if found is None or found.value is None:
        return NOTHING
    if found.low is None:
        return figure(found.value)
    return f"{figure(found.value)} [{figure(found.low)}, {figure(found.high)}]"


def subgroup_tables(stage: Stage) -> Iterator[str]:
    """Groups against each other, and leavers against stayers, where there are any."""
    hidden = hidden_of(stage)
    if hidden is None:
        return
    rows = [
        (
            key,
            ", ".join(f"{group}: {n}" for group, n in found.groups.items()),
            figure(found.epsilon_squared if found.cliff_delta is None else found.cliff_delta),
            p_value(found.test.p),
            p_value(found.test.p_holm),
            p_value(found.test.p_bh),
            (found.all_groups or NOTHING).replace("_", " "),
        )
        for key, found in hidden.subgroups.items()
    ]
    if rows:
        yield context.table(("groups", "n", "effect", "p", "Holm", "BH", "all groups"), rows)
    gone = [
        (key, lost.leavers, lost.stayers, figure(lost.cliff_delta), p_value(lost.test.p), p_value(lost.test.p_bh))
        for key, lost in hidden.attrition.items()
        if lost.leavers
    ]
    if gone:
        yield context.table(("who stopped", "stopped", "stayed", "delta", "p", "BH"), gone)


def ranking_parts(ranking: Ranking) -> Iterator[str]:
    """The order of the items in the last round, and how sure it is."""
    rows = [
        (
            key,
            figure(row.borda, 1),
            figure(row.copeland, 0),
            probability(row.p_first),
            NOTHING if row.place_low is None else f"{row.place_low:g} to {row.place_high:g}",
        )
        for key, row in sorted(ranking.measures.items(), key=lambda item: (-(item[1].borda or 0), item[0]))
    ]
    first = f"among the first {ranking.picks}"
    yield context.table(("ranking", "Borda", "Copeland", first, "place"), rows)
    kemeny = ranking.kemeny
    orders = kemeny.orders
    known = "Kemeny's order" if kemeny.all_optima else "The best order found (not proven)"
    if len(orders) > 1:
        known += f", one of {len(orders)} equally good"
    yield f"{known}: {', '.join(map(context.visible, orders[0]))}."


def groups_sentence(found: OpinionGroups) -> str:
    """Whether the panel falls into groups of opinion."""
    if not found.number:
        return f"Groups of opinion: none can be told ({(found.reason or NOTHING).replace('_', ' ')})."
    apart = max(filter(None, (found.silhouette or {}).values()), default=None)
    sizes = ", ".join(map(str, found.sizes or ()))
    return (
        f"Groups of opinion: {found.number} ({sizes} experts), silhouette {figure(apart)}, "
        f"stability {figure(found.stability)}; below about 0.5 and 0.8 do not rely on them."
    )
