"""Tables that `consult analyse` prints of panels, groups and rankings."""

from collections.abc import Iterator

from consult.commands import desk
from consult.commands.analyse_cells import NOTHING, Block, figure, p_value, probability


def panel_table(stage: Block) -> str:
    """Agreement of the whole panel, criterion by criterion."""
    rows = []
    for name, panel in stage["panel"].items():
        w, icc = panel.get("kendall_w", {}), panel.get("intraclass", {})
        rows.append(
            (
                name, panel["measures"],
                _interval(panel.get("alpha_ordinal")), _interval(panel.get("ac2")),
                f"{figure(w.get('value'))} ({w.get('experts', NOTHING)})",
                p_value((w.get("f") or {}).get("p")), _interval(icc.get("ICC2k")),
                figure(panel.get("apmo"), 0),
            )
        )  # fmt: skip
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
    return desk.table(head, rows)


def panel_notes(stage: Block) -> Iterator[str]:
    """What a figure outside its usual range means."""
    for name, panel in stage["panel"].items():
        icc = panel.get("intraclass", {}).get("ICC2k", {}).get("value")
        if icc is not None and icc < 0:
            yield (
                f"{desk.visible(name)}: ICC2k below 0 means that experts differ from each other "
                "more than the items do; read it as no reliability at all."
            )


def _interval(found: Block | None) -> str:
    if not found or found.get("value") is None:
        return NOTHING
    if found["low"] is None:
        return figure(found["value"])
    return f"{figure(found['value'])} [{figure(found['low'])}, {figure(found['high'])}]"


def subgroup_tables(stage: Block) -> Iterator[str]:
    """Groups against each other, and leavers against stayers, where there are any."""
    hidden = stage.get("hidden", {})
    rows = [
        (
            key,
            ", ".join(f"{group}: {n}" for group, n in found["groups"].items()),
            figure(found.get("cliff_delta", found.get("epsilon_squared"))),
            p_value(found["test"]["p"]), p_value(found["test"].get("p_holm")),
            p_value(found["test"].get("p_bh")),
            found.get("all_groups", NOTHING).replace("_", " "),
        )
        for key, found in hidden.get("subgroups", {}).items()
    ]  # fmt: skip
    if rows:
        yield desk.table(("groups", "n", "effect", "p", "Holm", "BH", "all groups"), rows)
    gone = [
        (
            key, found["leavers"], found["stayers"], figure(found["cliff_delta"]),
            p_value(found["test"]["p"]), p_value(found["test"].get("p_bh")),
        )
        for key, found in hidden.get("attrition", {}).items()
        if found["leavers"]
    ]  # fmt: skip
    if gone:
        yield desk.table(("who stopped", "stopped", "stayed", "delta", "p", "BH"), gone)


def ranking_parts(ranking: Block) -> Iterator[str]:
    """The order of the items in the last round, and how sure it is."""
    rows = [
        (
            key, figure(row["borda"], 1), figure(row["copeland"], 0), probability(row["p_first"]),
            NOTHING if row["place_low"] is None
            else f"{row['place_low']:g} to {row['place_high']:g}",
        )
        for key, row in sorted(
            ranking["measures"].items(), key=lambda item: (-item[1]["borda"], item[0])
        )
    ]  # fmt: skip
    first = f"among the first {ranking['picks']}"
    yield desk.table(("ranking", "Borda", "Copeland", first, "place"), rows)
    kemeny = ranking["kemeny"]
    orders = kemeny["orders"]
    known = "Kemeny's order" if kemeny["all_optima"] else "The best order found (not proven)"
    if len(orders) > 1:
        known += f", one of {len(orders)} equally good"
    yield f"{known}: {', '.join(map(desk.visible, orders[0]))}."


def groups_sentence(found: Block) -> str:
    """Whether the panel falls into groups of opinion."""
    if not found["number"]:
        return f"Groups of opinion: none can be told ({found['reason'].replace('_', ' ')})."
    apart = max(found["silhouette"].values())
    sizes = ", ".join(map(str, found["sizes"]))
    return (
        f"Groups of opinion: {found['number']} ({sizes} experts), silhouette {figure(apart)}, "
        f"stability {figure(found['stability'])}; below about 0.5 and 0.8 do not rely on them."
    )
