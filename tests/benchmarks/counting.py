"""The promises A1 to A5 and G: counting, agreement, ranks and the bootstrap."""

import math
from collections.abc import Iterator

from tests.benchmarks.measuring import Row, in_turns, peak_mib
from tests.benchmarks.works import made

Times = dict[str, float]
PANELS = ((25, 30), (10_000, 50), (1_000_000, 50))
OURS = ("items_and_alphas", "whole_report")
PEERS = ("krippendorff_rows", "irrcac_ac2", "pingouin_friedman", "statsmodels_fleiss", "scipy_friedman")
# Minutes each on a million: only a full run waits for them.
SLOW = {"irrcac_ac2", "pingouin_friedman"}
EXACT = 1e-9


def rows(small: bool) -> Iterator[Row]:
    """Every promise; ``small`` leaves out what takes minutes."""
    times = {panel: _one_panel(*panel, small) for panel in PANELS}
    for panel in PANELS:
        yield _panel_row(panel, times[panel])
    yield from _counting(times)
    yield _small_alpha()
    yield from _ranks(small)
    yield from _intraclass(small)
    yield from _bootstrap()
    yield from _growth(times)


def _one_panel(experts: int, measures: int, small: bool) -> Times:
    names = ["floor", *OURS, *PEERS]
    large = experts >= 1_000_000
    if large and small:
        names = [name for name in names if name not in SLOW]
    works = {name: made(name, experts, measures) for name in names}
    return in_turns(works, rounds=2 if large else 4)


def _rounded(times: Times) -> dict[str, float]:
    return {name: float(f"{seconds:.4g}") for name, seconds in times.items()}


def _panel_row(panel: tuple[int, int], times: Times) -> Row:
    """All programs beside the floor; a report, no promise."""
    ratio = times["items_and_alphas"] / times["floor"]
    name = f"panel {panel[0]:,} x {panel[1]}, item statistics and alphas over the counting pass"
    return Row(name, ratio, "reported", True, {"seconds": _rounded(times)})


def _counting(times: dict[tuple[int, int], Times]) -> Iterator[Row]:
    panel = PANELS[-1]
    here = times[panel]
    ours, whole = (here[name] for name in OURS)
    peer, floor = here["krippendorff_rows"], here["floor"]
    yield Row("A1 against one alpha of krippendorff", peer / ours, ">= 8", peer >= 8 * ours)
    yield Row("A1 over the counting pass", ours / floor, "<= 1.3", ours <= 1.3 * floor)
    memory = {name: peak_mib(name, *panel) for name in ("floor", *OURS, "krippendorff_rows")}
    extra = memory["items_and_alphas"]
    yield Row("A1 extra memory, MiB", extra, "<= 64", extra <= 64, {"mib": memory})
    yield Row("A2 against one alpha of krippendorff", peer / whole, "> 1", peer > whole)
    extra = memory["whole_report"]
    yield Row("A2 extra memory, MiB", extra, "<= 200", extra <= 200, {"mib": memory})


def _small_alpha() -> Row:
    names = ("one_alpha", "krippendorff_counts")
    works = {name: made(name, 25, 30) for name in names}
    same = abs(works["one_alpha"]().value - works["krippendorff_counts"]()) < EXACT
    times = in_turns(works, rounds=8)
    ratio = times["one_alpha"] / times["krippendorff_counts"]
    detail = {"seconds": _rounded(times), "same_value": same}
    return Row("A3 one alpha at 25 x 30 over krippendorff", ratio, "<= 1.5", ratio <= 1.5 and same, detail)


def _ranks(small: bool) -> Iterator[Row]:
    for experts in (1_000, 100_000, 1_000_000):
        names = ["our_w", "scipy_friedman"]
        if experts < 1_000_000 or not small:
            names.append("pingouin_friedman")
        times = in_turns({name: made(name, experts, 50) for name in names}, rounds=3)
        ratio = times["scipy_friedman"] / times["our_w"]
        yield Row(
            f"A4 W of {experts:,} x 50, one in a thousand incomplete, against scipy (complete)",
            ratio,
            ">= 4",
            ratio >= 4,
            {"seconds": _rounded(times)},
        )


def _intraclass(small: bool) -> Iterator[Row]:
    for experts in (1_000, 10_000) if small else (1_000, 100_000):
        works = {name: made(name, experts, 50) for name in ("our_icc", "pingouin_icc")}
        single, peer = works["our_icc"]()[1].value, works["pingouin_icc"]()
        theirs = float(peer.set_index("Type").loc["ICC(A,1)", "ICC"])
        same = math.isclose(single, theirs, abs_tol=1e-6)
        times = in_turns(works, rounds=2)
        ratio = times["pingouin_icc"] / times["our_icc"]
        yield Row(
            f"A4 ICC of {experts:,} x 50 against pingouin",
            ratio,
            ">= 100",
            ratio >= 100 and same,
            {"seconds": _rounded(times), "same_value": same},
        )


def _bootstrap() -> Iterator[Row]:
    ours = {}
    for experts, target in ((1_000, 8), (10_000, 50)):
        works = {name: made(name, experts, 50) for name in ("our_bootstrap", "scipy_bootstrap")}
        times = in_turns(works, rounds=2)
        ours[experts] = times["our_bootstrap"]
        ratio = times["scipy_bootstrap"] / times["our_bootstrap"]
        yield Row(
            f"A5 bootstrap of 50 medians, {experts:,} experts, against scipy",
            ratio,
            f">= {target}",
            ratio >= target,
            {"seconds": _rounded(times)},
        )
    works = {str(n): made("our_bootstrap", n, 50) for n in (1_000, 1_000_000)}
    times = in_turns(works, rounds=4)
    ratio = times["1000000"] / times["1000"]
    yield Row(
        "A5 bootstrap, a million experts over a thousand", ratio, "<= 1.5", ratio <= 1.5, {"seconds": _rounded(times)}
    )


def _growth(times: dict[tuple[int, int], Times]) -> Iterator[Row]:
    middle, large = PANELS[1], PANELS[2]
    for name, promise in zip(OURS, ("A1", "A2"), strict=True):
        by_rating = [times[panel][name] / (panel[0] * panel[1]) for panel in (middle, large)]
        ratio = by_rating[1] / by_rating[0]
        yield Row(
            f"G {promise}, time per rating at 1,000,000 over 10,000",
            ratio,
            "<= 1.25",
            ratio <= 1.25,
            {"seconds_per_rating": by_rating},
        )
